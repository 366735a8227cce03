import { describe, expect, test } from 'vitest';
import { pieceSpans } from '../../src/cli/span-files/piece-spans.js';
import { readPieces } from '../../src/cli/span-files/read-pieces.js';
import { traceRequestJson } from '../server/otlp-payloads.js';

async function* chunksOf(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, size = 7) {
  const pieces = [];
  for await (const piece of readPieces(chunksOf(text, size))) pieces.push({ ...piece, ...pieceSpans(piece) });
  return pieces;
}

const idsOf = (pieces: Awaited<ReturnType<typeof read>>): string[] =>
  pieces.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
const id = (n: number): string => n.toString(16).padStart(16, '0');

describe('the pieces of a file', () => {
  test('are its lines, blank ones passed over, and a torn one costs only itself', async () => {
    const one = traceRequestJson({ spanId: id(1) });
    const text = `\uFEFF${one}\n\n{"resourceSpans":[{"scope\n${traceRequestJson({ spanId: id(2) })}`;
    const pieces = await read(text);
    expect(pieces.map(({ line, problem }) => ({ line, isBad: problem !== undefined }))).toEqual([
      { line: 1, isBad: false },
      { line: 3, isBad: true },
      { line: 4, isBad: false },
    ]);
    expect(idsOf(pieces)).toEqual([id(1), id(2)]);
  });

  test.each([1, 7, 1000])('are the values of a document, in chunks of %i', async (size) => {
    const first = JSON.stringify(
      JSON.parse(traceRequestJson({ spanId: id(1), attributes: { a: '}]{["\\,' } })),
      undefined,
      2,
    );
    const second = JSON.stringify(JSON.parse(traceRequestJson({ spanId: id(2) })), undefined, 2);
    expect(idsOf(await read(`${first}\n${second}`, size))).toEqual([id(1), id(2)]);
    expect(idsOf(await read(`[${first},\n${second}]`, size))).toEqual([id(1), id(2)]);
  });

  test('of a large request are requests, each with its resource and scope, and every span once', async () => {
    const spans = Array.from({ length: 400 }, (_, n) => ({
      spanId: id(n + 1),
      attributes: { a: 'x'.repeat(10_000) },
    }));
    const request = JSON.parse(traceRequestJson(...spans)) as {
      resourceSpans: { scopeSpans: { spans: unknown[] }[] }[];
    };
    const [only] = request.resourceSpans;
    // One scope of very many spans, then one of few, then another resource.
    const [scope, ...others] = only?.scopeSpans ?? [];
    const many = { ...scope, spans: [scope, ...others.slice(0, 380)].flatMap((one) => one?.spans ?? []) };
    const text = JSON.stringify(
      {
        resourceSpans: [
          { ...only, scopeSpans: [many, ...others.slice(380, 390)] },
          { ...only, scopeSpans: others.slice(390) },
        ],
      },
      undefined,
      1,
    );
    const pieces = await read(text, 64 * 1024);
    expect(pieces.length).toBeGreaterThan(3);
    for (const { text: piece } of pieces) expect(piece.length).toBeLessThan(1.2 * 1024 * 1024);
    expect(idsOf(pieces)).toEqual(spans.map(({ spanId }) => spanId));
    const services = pieces.flatMap(({ spans: found }) =>
      found.map(({ resource }) => resource.attributes['service.name']),
    );
    expect(new Set(services)).toEqual(new Set(['shop']));
    expect(new Set(pieces.flatMap(({ spans: found }) => found.map(({ scope: { name } }) => name)))).toEqual(
      new Set(['hand']),
    );
  });

  test('that were cut off are told with the line on which they begin', async () => {
    const whole = JSON.stringify(JSON.parse(traceRequestJson({ spanId: id(1) })), undefined, 2);
    const pieces = await read(`${whole}\n${whole.slice(0, 60)}`);
    expect(pieces.map(({ problem }) => problem === undefined)).toEqual([true, false]);
    expect(pieces[1]?.line).toBe(whole.split('\n').length + 1);
  });
});

test('a span, or one of the resourceSpans, is a request by itself; anything else is a problem', () => {
  const request = JSON.parse(traceRequestJson({ spanId: id(1) })) as {
    resourceSpans: [{ resource: object; scopeSpans: [{ scope: object; spans: [object] }] }];
  };
  const [resourceSpans] = request.resourceSpans;
  const [{ scope, spans }] = resourceSpans.scopeSpans;
  const whole = pieceSpans({ text: JSON.stringify(request) }).spans;
  expect(whole).toHaveLength(1);
  expect(pieceSpans({ text: JSON.stringify(resourceSpans) }).spans).toEqual(whole);
  const { resource } = resourceSpans;
  expect(pieceSpans({ text: JSON.stringify({ ...spans[0], scope, resource }) }).spans).toEqual(whole);
  for (const text of ['{}', '[]', '7', '"x"', 'null', '{"a":1}', 'nonsense']) {
    expect(pieceSpans({ text }), text).toEqual({ spans: [], problem: expect.any(String) });
  }
});

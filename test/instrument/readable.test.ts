import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { endOpenCalls } from '../../src/instrument/open-calls.js';
import type { OpenCall } from '../../src/instrument/open-call.js';
import { settle } from '../../src/instrument/settle.js';
import { startCall } from '../../src/instrument/trace-call.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

const mapper: CallMapper = {
  request: () => ({ operation: 'chat', provider: 'any', model: 'm' }),
  input: () => ({}),
  response: () => ({}),
  output: () => ({}),
  reducer: () => ({ add: () => {}, response: () => ({}), output: () => ({}), finished: false }),
};
let spans: RecordedSpans;

beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => {
  endOpenCalls();
  setProviderStarter(undefined);
});

function observe(stream: ReadableStream<number>): ReadableStream<number> {
  const call = startCall({ sdk: 'any', mapper, clientOf: () => undefined }, undefined, []) as OpenCall;
  settle(stream, call);
  return stream;
}

/** A stream that counts how often it is asked, and knows why it was cancelled. */
function source(chunks: number, error?: Error): { stream: ReadableStream<number>; seen: unknown[] } {
  const seen: unknown[] = [];
  const stream = new ReadableStream<number>(
    {
      pull(controller) {
        seen.push('pull');
        const next = seen.length;
        if (next <= chunks) controller.enqueue(next);
        else if (error === undefined) controller.close();
        else controller.error(error);
      },
      cancel: (reason) => void seen.push(reason),
    },
    { highWaterMark: 0 },
  );
  return { stream: observe(stream), seen };
}

const ended = (): unknown[] =>
  spans.all().map(({ attributes }) => [attributes['spoor.outcome'], attributes['spoor.stream.chunk_count']]);
const double = (): TransformStream<number, number> =>
  new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk * 2) });

async function all(stream: AsyncIterable<number>): Promise<number[]> {
  const list: number[] = [];
  for await (const chunk of stream) list.push(chunk);
  return list;
}

describe('a web stream', () => {
  it.each<[string, (stream: ReadableStream<number>) => Promise<number[]>]>([
    ['for await', (stream) => all(stream)],
    ['values', (stream) => all(stream.values())],
    ['pipeThrough', (stream) => all(stream.pipeThrough(double()))],
    ['tee', async (stream) => all(stream.tee()[0])],
    [
      'pipeTo',
      async (stream) => {
        const list: number[] = [];
        await stream.pipeTo(new WritableStream({ write: (chunk) => void list.push(chunk) }));
        return list;
      },
    ],
    [
      'a reader',
      async (stream) => {
        const reader = stream.getReader();
        const list: number[] = [];
        for (let next = await reader.read(); !next.done; next = await reader.read()) list.push(next.value);
        return list;
      },
    ],
  ])('is seen whole through %s', async (way, read) => {
    const { stream } = source(3);
    expect(await read(stream)).toEqual(way === 'pipeThrough' ? [2, 4, 6] : [1, 2, 3]);
    expect(ended()).toEqual([['completed', 3]]);
  });

  it('is asked for a chunk only when its reader asks', async () => {
    const { stream, seen } = source(9);
    const reader = stream.getReader();
    expect(seen).toEqual([]);
    await reader.read();
    expect(seen).toEqual(['pull']);
  });

  it('is cancelled with the reason of its reader', async () => {
    const { stream, seen } = source(9);
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel('enough');
    expect(seen).toEqual(['pull', 'enough']);
    expect(ended()).toEqual([['cancelled', 1]]);
  });

  it('is cancelled before anybody reads', async () => {
    const { stream, seen } = source(9);
    await stream.cancel('never mind');
    expect(seen).toEqual(['never mind']);
    expect(ended()).toEqual([['cancelled', 0]]);
  });

  it('fails with its own error', async () => {
    const error = new RangeError('Broken.');
    const { stream } = source(1, error);
    await expect(all(stream)).rejects.toBe(error);
    expect(ended()).toEqual([['failed', 1]]);
  });

  it('fails while nobody asks for a chunk', async () => {
    const error = new RangeError('Broken.');
    let controller: ReadableStreamDefaultController<number> | undefined;
    const reader = observe(
      new ReadableStream<number>({ start: (own) => void (controller = own) }),
    ).getReader();
    controller?.error(error);
    await expect(reader.closed).rejects.toBe(error);
    expect(ended()).toEqual([['failed', 0]]);
  });

  it('leaves nothing on the stream once it is read', async () => {
    const { stream } = source(1);
    await all(stream.values());
    expect(Reflect.ownKeys(stream).filter((key) => typeof key === 'string')).toEqual([]);
  });
});

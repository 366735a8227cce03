import { AlwaysOffSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setContentPolicy } from '../../src/config/content-policy.js';
import { endOpenCalls, MAX_SILENCE_MS, sweepCalls } from '../../src/instrument/open-calls.js';
import type { Unpatch } from '../../src/instrument/call-mapper.js';
import { patchModule } from '../../src/instrument/patch-sdk.js';
import { withCallsSuppressed } from '../../src/instrument/suppress.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';
import { type Answer, Client, clientFor, definition, mapper, Stream } from './fake-sdk.js';

const BODY = { model: 'm', prompt: 'Go on.' };
let spans: RecordedSpans;
let undo: Unpatch[];

beforeEach(() => {
  setContentPolicy(true);
  spans = recordSpans();
  undo = patchModule('example', definition, { Client });
});

afterEach(() => {
  for (const unpatch of undo) unpatch();
  endOpenCalls();
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});

function call<T>(answer: Answer): Promise<T> {
  return clientFor(answer).texts.create(BODY) as Promise<T>;
}

/** What the one span says, without what every span of these tests says. */
function ended(): Record<string, unknown>[] {
  return spans.all().map(({ name, status, attributes }) => {
    const {
      'gen_ai.operation.name': _operation,
      'gen_ai.provider.name': _provider,
      'gen_ai.request.model': _model,
      'gen_ai.input.messages': _input,
      'gen_ai.response.time_to_first_chunk': _seconds,
      ...rest
    } = attributes;
    return { name, status, ...rest };
  });
}

async function read(stream: AsyncIterable<unknown>, until?: unknown): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const chunk of stream) {
    seen.push(chunk);
    if (chunk === until) break;
  }
  return seen;
}

const said = (content: string): string =>
  JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content }] }]);
const OK = { name: 'text_completion m', status: { code: 0 } };

describe('a call with a whole answer', () => {
  it('gives the same object and one span with everything', async () => {
    const value = { id: 'a1', text: 'Done.' };
    expect(await call({ value })).toBe(value);
    expect(spans.all().map(({ attributes, kind }) => ({ kind, attributes }))).toEqual([
      {
        kind: 2,
        attributes: {
          'gen_ai.operation.name': 'text_completion',
          'gen_ai.provider.name': 'example',
          'gen_ai.request.model': 'm',
          'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Go on."}]}]',
          'gen_ai.response.id': 'a1',
          'gen_ai.output.messages': said('Done.'),
          'spoor.outcome': 'completed',
        },
      },
    ]);
  });

  it('rejects with the same error', async () => {
    const error = new RangeError('no');
    await expect(call({ error })).rejects.toBe(error);
    expect(ended()).toEqual([
      {
        name: OK.name,
        status: { code: 2, message: 'no' },
        'error.type': 'RangeError',
        'spoor.outcome': 'failed',
      },
    ]);
  });

  it('keeps the text of errors out when input is not kept', async () => {
    setContentPolicy(false);
    await expect(call({ error: new RangeError('you said X') })).rejects.toThrow('you said X');
    expect(ended()).toEqual([
      { name: OK.name, status: { code: 2 }, 'error.type': 'RangeError', 'spoor.outcome': 'failed' },
    ]);
  });

  it('is over with the head when the program takes the raw answer', async () => {
    const promise = call({ value: {} }) as unknown as { asResponse(): Promise<unknown> };
    await promise.asResponse();
    expect(ended()).toEqual([{ ...OK, 'spoor.outcome': 'completed' }]);
  });

  it('ends as it is when the mapper does not understand it', async () => {
    expect(await call({ value: null })).toBeNull();
    expect(ended()).toEqual([{ ...OK, 'spoor.outcome': 'completed' }]);
  });
});

describe('a stream', () => {
  it('passes every chunk on and ends with the last one', async () => {
    const stream = await call<Stream>({ chunks: ['a', 'b', 'END'] });
    expect(stream).toBeInstanceOf(Stream);
    expect(Object.keys(stream)).toEqual(['iterator', 'controller']);
    expect(await read(stream)).toEqual(['a', 'b', 'END']);
    expect(ended()).toEqual([
      {
        ...OK,
        'gen_ai.response.id': 's1',
        'gen_ai.output.messages': said('ab'),
        'spoor.stream.chunk_count': 3,
        'spoor.outcome': 'completed',
      },
    ]);
  });

  it('is cancelled by a break, keeps what came, and lets the source close', async () => {
    const client = clientFor({ chunks: ['a', 'b', 'c'] });
    await read((await (client.texts.create(BODY) as Promise<Stream>)) as never, 'b');
    expect(client.closed).toBe(1);
    expect(ended()).toMatchObject([{ 'gen_ai.output.messages': said('ab'), 'spoor.outcome': 'cancelled' }]);
  });

  it('is completed by a break after the provider said that all is there', async () => {
    await read(await call<Stream>({ chunks: ['a', 'END', 'more'] }), 'END');
    expect(ended()).toMatchObject([{ 'spoor.outcome': 'completed' }]);
  });

  it('fails in the middle with the same error and keeps what came', async () => {
    const error = new RangeError('cut');
    const stream = await call<Stream>({ chunks: ['a'], error });
    await expect(read(stream)).rejects.toBe(error);
    expect(ended()).toMatchObject([
      { status: { code: 2, message: 'cut' }, 'gen_ai.output.messages': said('a'), 'spoor.outcome': 'failed' },
    ]);
  });

  it('goes on when a chunk is not understood', async () => {
    expect(await read(await call<Stream>({ chunks: ['a', 'bad', 'b'] }))).toEqual(['a', 'bad', 'b']);
    expect(ended()).toMatchObject([{ 'gen_ai.output.messages': said('ab'), 'spoor.stream.chunk_count': 3 }]);
  });

  it('is not disturbed by a second iteration', async () => {
    const stream = await call<Stream>({ chunks: ['a', 'b', 'END'] });
    const first = stream[Symbol.asyncIterator]();
    await first.next();
    await read(stream, 'a');
    expect(ended()).toEqual([]);
    await read({ [Symbol.asyncIterator]: () => first });
    expect(ended()).toMatchObject([{ 'gen_ai.output.messages': said('ab'), 'spoor.outcome': 'completed' }]);
  });

  it('is abandoned, with what came, when the process ends', async () => {
    const stream = await call<Stream>({ chunks: ['a', 'b'] });
    await stream[Symbol.asyncIterator]().next();
    expect([endOpenCalls(), endOpenCalls()]).toEqual([1, 0]);
    expect(ended()).toMatchObject([{ 'gen_ai.output.messages': said('a'), 'spoor.outcome': 'abandoned' }]);
  });

  it('is abandoned by the sweep only when nothing came for too long', async () => {
    const iterator = (await call<Stream>({ chunks: ['a', 'b'] }))[Symbol.asyncIterator]();
    sweepCalls(0);
    await iterator.next();
    sweepCalls(MAX_SILENCE_MS);
    expect(ended()).toEqual([]);
    sweepCalls(MAX_SILENCE_MS * 2);
    expect(ended()).toMatchObject([{ 'spoor.outcome': 'abandoned' }]);
  });
});

describe('a call that returns a plain promise', () => {
  it('is traced to its answer, or to its own rejection', async () => {
    const error = new Error('no');
    expect(await new Client(() => Promise.resolve({ id: 'r', text: 'hi' })).texts.create(BODY)).toEqual({
      id: 'r',
      text: 'hi',
    });
    await expect(new Client(() => Promise.reject(error)).texts.create(BODY)).rejects.toBe(error);
    expect(spans.all().map(({ attributes }) => attributes['spoor.outcome'])).toEqual(['completed', 'failed']);
  });

  it.each([
    ['a generator', (chunks: AsyncGenerator) => chunks],
    ['an object with one', (chunks: AsyncGenerator) => ({ [Symbol.asyncIterator]: () => chunks })],
  ])('is traced to the end of %s', async (_kind, wrapped) => {
    const answer = wrapped(chunksOf('a', 'b', 'c'));
    const stream = (await new Client(() => Promise.resolve(answer)).texts.create(
      BODY,
    )) as AsyncIterable<unknown>;
    expect(stream).toBe(answer);
    expect(await read(stream, 'b')).toEqual(['a', 'b']);
    expect(spans.all().map(({ attributes }) => attributes['spoor.outcome'])).toEqual(['cancelled']);
  });
});

async function* chunksOf(...chunks: unknown[]): AsyncGenerator {
  yield* chunks;
}

describe('where no span is wanted', () => {
  it('makes none inside a suppressed context, and one right after it', async () => {
    await withCallsSuppressed(() => call({ value: { id: 'in', text: '' } }));
    await call({ value: { id: 'out', text: '' } });
    expect(spans.all().map(({ attributes }) => attributes['gen_ai.response.id'])).toEqual(['out']);
  });

  it('makes none after the patch was taken back, and leaves the method as it was', async () => {
    const patched = clientFor({ value: {} }).texts.create;
    for (const unpatch of undo) unpatch();
    expect(await call({ value: 'x' })).toBe('x');
    expect([spans.all(), clientFor({ value: {} }).texts.create === patched]).toEqual([[], false]);
  });

  it('passes a promise of an unknown kind through, and traces that method no more', async () => {
    class RichPromise<T> extends Promise<T> {}
    const client = new Client(() => RichPromise.resolve('rich'));
    const [first, second] = [client.texts.create(BODY), client.texts.create(BODY)];
    expect([await first, await second, first instanceof RichPromise]).toEqual(['rich', 'rich', true]);
    expect(ended()).toEqual([{ ...OK, 'spoor.outcome': 'abandoned' }]);
  });

  it('reads no content for a span that was sampled out', async () => {
    for (const unpatch of undo) unpatch();
    const asked: string[] = [];
    const watched = {
      ...mapper,
      input: () => (asked.push('input'), {}),
      output: () => (asked.push('output'), {}),
    };
    undo = patchModule(
      'example',
      { ...definition, methods: [{ resource: 'texts', method: 'create', mapper: watched }] },
      { Client },
    );
    setProviderStarter(() => new NodeTracerProvider({ sampler: new AlwaysOffSampler() }));
    expect([await call({ value: 'x' }), asked]).toEqual(['x', []]);
  });

  it('calls the SDK all the same when the mapper throws', async () => {
    for (const unpatch of undo) unpatch();
    const broken = {
      ...mapper,
      request: () => {
        throw new TypeError('mapper');
      },
    };
    undo = patchModule(
      'example',
      { ...definition, methods: [{ resource: 'texts', method: 'create', mapper: broken }] },
      { Client },
    );
    expect(await call({ value: 'x' })).toBe('x');
    expect(spans.all()).toEqual([]);
  });

  it('gives an error that the method throws at once to the caller', () => {
    const error = new TypeError('at once');
    const client = new Client(() => {
      throw error;
    });
    expect(() => client.texts.create(BODY)).toThrow(error);
    expect(ended()).toMatchObject([{ 'error.type': 'TypeError', 'spoor.outcome': 'failed' }]);
  });
});

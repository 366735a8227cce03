import { EventEmitter, once } from 'node:events';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyOptions, resetSettings } from '../../../src/config/settings.js';
import { withObservation } from '../../../src/tracing/observation.js';
import { endOpenCalls, MAX_SILENCE_MS, sweepCalls } from '../../../src/tracing/open-calls.js';
import { agent, prompt, tool } from '../../../src/tracing/wrappers/observation-wrappers.js';
import { step } from '../../../src/tracing/wrappers/step-wrapper.js';
import { parentOf, recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  applyOptions({ captureContent: true });
  spans = recordSpans();
});
afterEach(() => {
  endOpenCalls();
  resetSettings();
});

/** How the one tool span ended; undefined while it is open. */
function ending(): Record<string, unknown> | undefined {
  const [span, ...rest] = spans.all().filter((one) => one.name.startsWith('execute_tool'));
  expect(rest).toEqual([]);
  if (span === undefined) return undefined;
  const { attributes } = span;
  return {
    outcome: attributes['spoor.outcome'],
    chunks: attributes['spoor.stream.chunk_count'],
    output: attributes['gen_ai.tool.call.result'],
    hasFirst: typeof attributes['gen_ai.response.time_to_first_chunk'] === 'number',
  };
}
const completed = (chunks: number, output: string | undefined): object => ({
  outcome: 'completed',
  chunks,
  output,
  hasFirst: chunks > 0,
});

function* words(): Generator<string, number, string | undefined> {
  yield 'one ';
  yield 'two';
  return 2;
}
async function* asyncWords(): AsyncGenerator<string, number> {
  yield 'one ';
  await Promise.resolve();
  yield 'two';
  return 2;
}

describe('a generator', () => {
  it('keeps the span open until it is consumed', () => {
    const made = tool(words)();
    expect(ending()).toBeUndefined();
    expect([...made]).toEqual(['one ', 'two']);
    expect(ending()).toEqual(completed(2, 'one two'));
  });

  it('gives its return value and takes what is sent', () => {
    const seen: unknown[] = [];
    const made = tool(function* talk(): Generator<number, string, string> {
      seen.push(yield 1);
      return 'end';
    })();
    expect([made.next('ignored'), made.next('sent'), made.next('late')]).toEqual([
      { value: 1, done: false },
      { value: 'end', done: true },
      { value: undefined, done: true },
    ]);
    expect(seen).toEqual(['sent']);
    expect(ending()).toEqual(completed(1, '[1]'));
  });

  it('that is left early is cancelled, after it has cleaned up', () => {
    const order: string[] = [];
    const made = tool(function* careful() {
      try {
        yield 'a';
        yield 'b';
      } finally {
        order.push(ending() === undefined ? 'open' : 'ended');
      }
    })();
    for (const _ of made) break;
    expect(order).toEqual(['open']);
    expect(ending()).toEqual({ ...completed(1, 'a'), outcome: 'cancelled' });
  });

  it('that throws, or is thrown into, fails', () => {
    const error = new Error('no');
    const made = tool(words)();
    made.next();
    expect(() => made.throw(error)).toThrow(error);
    expect(ending()).toEqual({ ...completed(1, 'one '), outcome: 'failed' });
  });

  it('stays the same kind of object', () => {
    const made = tool(words)();
    expect(Object.getPrototypeOf(made)).toBe(words.prototype);
    expect(made).toBeInstanceOf(words);
    expect(Object.prototype.toString.call(made)).toBe('[object Generator]');
    expect(made[Symbol.iterator]()).toBe(made);
    expect(Object.keys(made)).toEqual([]);
    const plain = tool(() => ({
      [Symbol.iterator]: () => [][Symbol.iterator](),
      next: () => ({ done: true, value: 1 }),
    }))();
    expect('return' in plain).toBe(false);
    expect('throw' in plain).toBe(false);
  });

  it('runs each next in the context of the call', () => {
    const made = tool(function* parent() {
      yield withObservation({ name: 'first' }, () => 1);
      yield withObservation({ name: 'second' }, () => 2);
    })();
    agent({ name: 'other' }, () => [...made])();
    const parent = spans.named('execute_tool parent').spanContext().spanId;
    expect([parentOf(spans.named('first')), parentOf(spans.named('second'))]).toEqual([parent, parent]);
  });

  it('that is async does all of this too', async () => {
    const made = tool(asyncWords)();
    expect(Object.getPrototypeOf(made)).toBe(asyncWords.prototype);
    const seen: string[] = [];
    for await (const word of made) seen.push(word);
    expect(seen).toEqual(['one ', 'two']);
    expect(ending()).toEqual(completed(2, 'one two'));
  });

  it('that is async and left early is cancelled, after it has cleaned up', async () => {
    const order: string[] = [];
    const made = tool(async function* careful() {
      try {
        yield { a: 1 };
      } finally {
        await Promise.resolve();
        withObservation({ name: 'cleanup' }, () => undefined);
        order.push(ending() === undefined ? 'open' : 'ended');
      }
    })();
    for await (const _ of made) break;
    expect(order).toEqual(['open']);
    expect(ending()).toEqual({ ...completed(1, '[{"a":1}]'), outcome: 'cancelled' });
    expect(parentOf(spans.named('cleanup'))).toBe(spans.named('execute_tool careful').spanContext().spanId);
  });

  it('that is the answer of an async function keeps the span open', async () => {
    const made = await tool(async () => asyncWords())();
    expect(ending()).toBeUndefined();
    for await (const _ of made);
    expect(ending()).toEqual(completed(2, 'one two'));
  });

  it('keeps a step open too', () => {
    const made = step({ name: 'walk' })(words)();
    expect(spans.all()).toEqual([]);
    expect([...made]).toEqual(['one ', 'two']);
    expect(spans.named('step walk').attributes).toMatchObject({ 'spoor.stream.chunk_count': 2 });
  });

  it('trap: generator argument drained', async () => {
    const seen: unknown[] = [];
    const consume = tool((first: Iterable<string>, second: object) => {
      seen.push(...first, ...(second as { list: Iterable<string> }).list);
    });
    consume(words(), { list: words() });
    expect(seen).toEqual(['one ', 'two', 'one ', 'two']);
    const passed = words();
    expect(tool((given: object) => given)(passed)).toBe(passed);
    expect(Object.getOwnPropertyNames(passed)).toEqual([]);
  });

  it('is not kept beyond the limit', () => {
    applyOptions({ captureContent: true, limits: { attributeLength: 100 } });
    let given = 0;
    const made = tool(function* endless() {
      for (;;) yield `${(given += 1)} `.repeat(10);
    })();
    for (const _ of made) if (given === 1000) break;
    const output = spans.named('execute_tool endless').attributes['gen_ai.tool.call.result'] as string;
    expect(output.length).toBeLessThanOrEqual(100);
    expect(output).toContain('[cut, ');
  });
});

describe('a stream', () => {
  it('of the web keeps the span open until it is read', async () => {
    const made = tool(
      () =>
        new ReadableStream<string>({
          start(controller) {
            controller.enqueue('a');
            controller.enqueue('b');
            controller.close();
          },
        }),
    )();
    expect(made).toBeInstanceOf(ReadableStream);
    expect(ending()).toBeUndefined();
    const seen: string[] = [];
    for await (const chunk of made) seen.push(chunk);
    expect(seen).toEqual(['a', 'b']);
    expect(ending()).toEqual(completed(2, 'ab'));
  });

  it('of the web that is cancelled is cancelled', async () => {
    const made = tool(() => new ReadableStream<string>({ pull: (c) => c.enqueue('x') }))();
    const reader = made.getReader();
    await reader.read();
    await reader.cancel('enough');
    expect(ending()).toEqual({ ...completed(1, 'x'), outcome: 'cancelled' });
  });

  it.each([
    [
      'for await',
      async (stream: Readable) => {
        let text = '';
        for await (const chunk of stream) text += String(chunk);
        return text;
      },
    ],
    [
      'data listeners',
      async (stream: Readable) => {
        let text = '';
        stream.on('data', (chunk) => (text += String(chunk)));
        await once(stream, 'end');
        return text;
      },
    ],
    [
      'pipe',
      async (stream: Readable) => {
        let text = '';
        await pipeline(
          stream,
          new Writable({
            write(chunk, _, done) {
              text += String(chunk);
              done();
            },
          }),
        );
        return text;
      },
    ],
  ])('of Node is seen through %s', async (_, read) => {
    const made = tool(() => Readable.from([Buffer.from('één'), Buffer.from(' twee')]))();
    expect(made.readableFlowing).toBe(null);
    expect(await read(made)).toBe('één twee');
    await expect.poll(ending).toEqual(completed(2, 'één twee'));
  });

  it('of Node that is destroyed is cancelled', async () => {
    const made = tool(() => new PassThrough())();
    made.destroy();
    await expect.poll(ending).toEqual({ ...completed(0, undefined), outcome: 'cancelled' });
  });

  it('of both directions is over when it has been read, not when it has been written', async () => {
    const made = tool(
      () =>
        new Duplex({
          read() {},
          write(_chunk, _encoding, done) {
            done();
          },
        }),
    )();
    made.end();
    await once(made, 'finish');
    expect(ending()).toBeUndefined();
    made.push('x');
    made.push(null);
    made.resume();
    await expect.poll(ending).toEqual(completed(1, 'x'));
  });

  it('whose error nobody listens for still throws', () => {
    const made = tool(() => new EventEmitter())();
    const error = new Error('unheard');
    expect(made.eventNames()).toEqual([]);
    expect(() => made.emit('error', error)).toThrow(error);
    expect(ending()).toEqual({ ...completed(0, undefined), outcome: 'failed' });
  });

  it('that is an emitter ends with `close`', () => {
    const made = tool(() => new EventEmitter())();
    made.emit('data', { n: 1 });
    expect(ending()).toBeUndefined();
    made.emit('close');
    expect(ending()).toEqual(completed(1, '[{"n":1}]'));
  });

  it('that the function was called on, or was given, is none of its own', () => {
    const emitter = new EventEmitter();
    tool(function chained(this: EventEmitter) {
      return this;
    }).call(emitter);
    expect(Object.getOwnPropertyNames(emitter)).not.toContain('emit');
    expect(ending()?.['outcome']).toBe('completed');
  });

  it('that is over already, or cannot be changed, ends the span at once', () => {
    const frozen = Object.freeze({ [Symbol.asyncIterator]: asyncWords });
    expect(tool(() => frozen)()).toBe(frozen);
    expect(ending()).toMatchObject({ outcome: 'completed', chunks: undefined });
  });

  it('that makes an iterator when it is asked for one is seen through the first', async () => {
    const made = tool(() => ({ [Symbol.asyncIterator]: asyncWords, size: 2 }))();
    expect(Object.keys(made)).toEqual(['size']);
    const first: string[] = [];
    for await (const word of made) first.push(word);
    expect(first).toEqual(['one ', 'two']);
    expect(ending()).toEqual(completed(2, 'one two'));
  });

  it.each([
    ['a list', [1]],
    ['a map', new Map([[1, 2]])],
    ['a set', new Set([1])],
    ['text', 'abc'],
  ])('is not %s', (_, value) => {
    expect(tool((): unknown => value)()).toBe(value);
    expect(ending()).toMatchObject({ outcome: 'completed', chunks: undefined });
  });

  it('of a model gives usage and text', async () => {
    const made = prompt({ model: 'model-a' }, async function* () {
      yield { id: 'c1', model: 'model-a-1', choices: [{ delta: { role: 'assistant', content: '' } }] };
      yield { id: 'c1', model: 'model-a-1', choices: [{ delta: { content: 'Hel' } }] };
      yield { id: 'c1', model: 'model-a-1', choices: [{ delta: { content: 'lo' }, finish_reason: 'stop' }] };
      yield { id: 'c1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };
    })();
    for await (const _ of made);
    const { attributes } = spans.named('chat model-a');
    expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThanOrEqual(0);
    expect({ ...attributes, 'gen_ai.response.time_to_first_chunk': 0 }).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'model-a',
      'gen_ai.response.id': 'c1',
      'gen_ai.response.model': 'model-a-1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0,
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.usage.output_tokens': 2,
      'spoor.observation.type': 'GENERATION',
      'spoor.observation.output': 'Hello',
      'spoor.outcome': 'completed',
      'spoor.stream.chunk_count': 4,
    });
  });
});

describe('trap: stream abandoned', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const collected = async (): Promise<ReadableSpan | undefined> => {
    collect();
    await new Promise((resolve) => void setImmediate(resolve));
    return spans.all()[0];
  };

  it.each([
    ['a generator', () => words()],
    ['an async generator', () => asyncWords()],
    ['a web stream', () => new ReadableStream()],
    ['an emitter', () => new EventEmitter()],
    ['a lazy thenable', () => new Lazy(() => 1)],
  ])('%s that nobody holds any more ends its span, marked so', async (_, make) => {
    const wrapped = tool({ name: 'dropped' }, make as () => unknown);
    const drop = (): void => void wrapped();
    drop();
    await expect.poll(collected, { timeout: 5000 }).toMatchObject({
      name: 'execute_tool dropped',
      attributes: { 'spoor.outcome': 'abandoned' },
    });
  });

  it('one that is still held ends with age, with what it gave', () => {
    const held = tool(words)();
    held.next();
    const now = performance.now();
    sweepCalls(now);
    sweepCalls(now + MAX_SILENCE_MS);
    expect(ending()).toEqual({ ...completed(1, 'one '), outcome: 'abandoned' });
    expect([...held]).toEqual(['two']);
  });

  it('one that is open at the end of the process is ended then', () => {
    const held = tool(words)();
    expect(endOpenCalls()).toBe(1);
    expect(ending()).toMatchObject({ outcome: 'abandoned', chunks: 0 });
    expect([...held]).toEqual(['one ', 'two']);
  });
});

/** A thenable that does its work when it is first asked. */
class Lazy<T> implements PromiseLike<T> {
  readonly #work: () => T;

  constructor(work: () => T) {
    this.#work = work;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise
  then<A, B>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.resolve()
      .then(() => this.#work())
      .then(onFulfilled, onRejected);
  }
}

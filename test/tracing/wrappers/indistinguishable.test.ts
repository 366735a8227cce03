import { types } from 'node:util';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyOptions, resetSettings } from '../../../src/config/settings.js';
import { event } from '../../../src/tracing/wrappers/event-wrapper.js';
import { prompt, tool, trace } from '../../../src/tracing/wrappers/observation-wrappers.js';
import { step } from '../../../src/tracing/wrappers/step-wrapper.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

/**
 * A wrapped function against the bare one: random functions are called in random ways, and everything that the function
 * and its caller can see is written down. The two records must be equal.
 */
const RUNS = 300;

let spans: RecordedSpans;
beforeEach(() => {
  applyOptions({ captureContent: true });
  spans = recordSpans();
});
afterEach(resetSettings);

type Kind =
  | 'sync'
  | 'arrow'
  | 'async'
  | 'generator'
  | 'async generator'
  | 'promise'
  | 'thenable'
  | 'lazy promise';
type Ending = 'return' | 'throw';
interface Made {
  readonly kind: Kind;
  readonly name: string;
  readonly parameters: number;
  readonly yields: readonly unknown[];
  readonly ending: Ending;
  readonly value: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}
type Use = 'next' | 'return' | 'throw';
interface Called {
  readonly args: readonly unknown[];
  readonly receiver: 'none' | 'object' | 'text';
  readonly uses: readonly Use[];
  readonly asConstructor: boolean;
  readonly lateProperty: string;
  readonly consumer: 'await' | 'then' | 'catch' | 'finally';
}
type Log = unknown[];
type Callable = ((...args: unknown[]) => unknown) & Record<string, unknown>;

const failure = new RangeError('made to fail');
const receiver = { label: 'receiver' };

const made: fc.Arbitrary<Made> = fc.record({
  kind: fc.constantFrom<Kind>(
    'sync',
    'arrow',
    'async',
    'generator',
    'async generator',
    'promise',
    'thenable',
    'lazy promise',
  ),
  name: fc.constantFrom('', 'work', 'return', 'ünï'),
  parameters: fc.nat(3),
  yields: fc.array(fc.oneof(fc.string(), fc.integer(), fc.object({ maxDepth: 1 })), { maxLength: 4 }),
  ending: fc.constantFrom<Ending>('return', 'return', 'throw'),
  value: fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
  }),
  properties: fc.dictionary(fc.constantFrom('version', 'then2', 'mock'), fc.integer()),
});
const called: fc.Arbitrary<Called> = fc.record({
  args: fc.array(fc.anything({ withBigInt: true, withMap: true }), { maxLength: 3 }),
  receiver: fc.constantFrom<Called['receiver']>('none', 'object', 'text'),
  uses: fc.array(fc.constantFrom<Use>('next', 'next', 'next', 'return', 'throw'), { maxLength: 7 }),
  asConstructor: fc.boolean(),
  lateProperty: fc.constantFrom('late', 'prototypeName'),
  consumer: fc.constantFrom<Called['consumer']>('await', 'then', 'catch', 'finally'),
});

/** A thenable that does nothing until it is asked. */
function thenable(log: Log, settle: () => unknown): object {
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise
    then(onFulfilled?: (value: unknown) => unknown, onRejected?: (error: unknown) => unknown): unknown {
      log.push(['then', typeof onFulfilled, typeof onRejected]);
      try {
        return onFulfilled?.(settle());
      } catch (error) {
        return onRejected?.(error);
      }
    },
  };
}

class LazyPromise extends Promise<unknown> {
  static override readonly [Symbol.species] = Promise;
  #work: (() => unknown) | undefined;

  static of(work: () => unknown): LazyPromise {
    const lazy = new LazyPromise(() => undefined);
    lazy.#work = work;
    return lazy;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a promise that begins when it is asked
  override then<A, B>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.resolve()
      .then(() => this.#work?.())
      .then(onFulfilled, onRejected);
  }
}

/** Builds the function afresh, so that the two runs share nothing. */
function build({ kind, name, parameters, yields, ending, value, properties }: Made, log: Log): Callable {
  const seen = (self: unknown, args: readonly unknown[]): void => {
    log.push(['called', self === receiver ? 'receiver' : typeof self, ...args]);
  };
  const end = (): unknown => {
    if (ending === 'throw') throw failure;
    return value;
  };
  const functions: Readonly<Record<Kind, unknown>> = {
    sync(this: unknown, ...args: unknown[]): unknown {
      seen(this, args);
      return end();
    },
    arrow: (...args: unknown[]): unknown => {
      seen(undefined, args);
      return end();
    },
    async async(this: unknown, ...args: unknown[]): Promise<unknown> {
      seen(this, args);
      await Promise.resolve();
      return end();
    },
    *generator(this: unknown, ...args: unknown[]): Generator<unknown, unknown> {
      seen(this, args);
      try {
        for (const item of yields) log.push(['sent', yield item]);
        return end();
      } finally {
        log.push('cleaned up');
      }
    },
    async *'async generator'(this: unknown, ...args: unknown[]): AsyncGenerator<unknown, unknown> {
      seen(this, args);
      try {
        for (const item of yields) log.push(['sent', yield item]);
        return end();
      } finally {
        log.push('cleaned up');
      }
    },
    promise(this: unknown, ...args: unknown[]): unknown {
      seen(this, args);
      return ending === 'throw' ? Promise.reject(failure) : Promise.resolve(value);
    },
    thenable(this: unknown, ...args: unknown[]): unknown {
      seen(this, args);
      return thenable(log, end);
    },
    'lazy promise'(this: unknown, ...args: unknown[]): unknown {
      seen(this, args);
      return LazyPromise.of(end);
    },
  };
  const fn = functions[kind] as Callable;
  Object.defineProperty(fn, 'name', { value: name, configurable: true });
  Object.defineProperty(fn, 'length', { value: parameters, configurable: true });
  return Object.assign(fn, properties);
}

function attempt(log: Log, what: string, work: () => unknown): unknown {
  try {
    const result = work();
    log.push([what, 'gave', describeResult(result)]);
    return result;
  } catch (error) {
    log.push([what, 'threw', error]);
    return undefined;
  }
}

function describeResult(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  return [
    Object.prototype.toString.call(result),
    Object.keys(result),
    types.isPromise(result),
    'return' in result,
    'throw' in result,
    'then' in result,
  ];
}

/** Everything that a caller sees. `fn` is what it calls, `bare` the function below it. */
async function use(fn: Callable, bare: Callable, how: Called, kind: Kind, log: Log): Promise<void> {
  log.push([typeof fn, fn.name, fn.length, Object.keys(fn), Object.getOwnPropertyNames(fn)]);
  log.push([Object.getPrototypeOf(fn) === Object.getPrototypeOf(bare), Object.prototype.toString.call(fn)]);
  log.push([fn.prototype === bare.prototype, 'prototype' in fn]);
  fn[how.lateProperty] = 1;
  log.push([bare[how.lateProperty], delete fn[how.lateProperty], how.lateProperty in bare]);
  if (how.asConstructor && kind === 'sync') {
    attempt(log, 'new', () => Reflect.construct(fn, [...how.args]) as unknown);
    return;
  }
  const self = how.receiver === 'object' ? receiver : how.receiver === 'text' ? 'text' : undefined;
  const result = attempt(log, 'call', () => Reflect.apply(fn, self, [...how.args]));
  if (typeof result !== 'object' || result === null) return;
  if (kind === 'generator' || kind === 'async generator') {
    log.push(
      result instanceof (fn as unknown as new () => object),
      (result as Iterable<unknown>)[Symbol.iterator]?.() === result,
    );
    for (const [index, name] of how.uses.entries()) {
      const given = name === 'throw' ? failure : index;
      const one = attempt(log, name, () => (result as Record<Use, (value: unknown) => unknown>)[name](given));
      await consume(log, one, 'await');
    }
    return;
  }
  await consume(log, result, how.consumer);
}

async function consume(log: Log, result: unknown, how: Called['consumer']): Promise<void> {
  const promise = result as Promise<unknown>;
  const isPromise = types.isPromise(result);
  try {
    if (how === 'then' || !isPromise) {
      log.push([
        'then',
        await new Promise((resolve, reject) => {
          if (typeof (promise as { then?: unknown } | null)?.then !== 'function') resolve(result);
          else void promise.then(resolve, reject);
        }),
      ]);
    } else if (how === 'catch')
      log.push(['caught', await promise.catch((error: unknown) => ['handled', error])]);
    else if (how === 'finally') log.push(['finally', await promise.finally(() => log.push('after'))]);
    else log.push(['awaited', await promise]);
  } catch (error) {
    log.push(['rejected', error]);
  }
}

async function record(spec: Made, how: Called, wrap: (fn: Callable) => Callable): Promise<Log> {
  const log: Log = [];
  const bare = build(spec, log);
  await use(wrap(bare), bare, how, spec.kind, log);
  return log;
}

describe.each([
  ['tool', (fn: Callable) => tool(fn)],
  ['prompt', (fn: Callable) => prompt({ model: 'm' }, fn)],
  [
    'trace, of nothing that is captured',
    (fn: Callable) => trace({ captureInput: false, captureOutput: false })(fn),
  ],
  ['step', (fn: Callable) => step({ goal: 'g' })(fn)],
  ['event', (fn: Callable) => event(fn)],
  ['two wrappers', (fn: Callable) => tool(step(fn))],
] as const)('a function wrapped by %s', (_, wrap) => {
  it('cannot be told from the bare one', async () => {
    await fc.assert(
      fc.asyncProperty(made, called, async (spec, how) => {
        const bare = await record(spec, how, (fn) => fn);
        const wrapped = await record(spec, how, wrap);
        expect(wrapped).toEqual(bare);
        expect(wrapped.length).toBeGreaterThan(4);
      }),
      { numRuns: RUNS },
    );
    // Something was observed, or the comparison would mean nothing.
    expect(spans.all().length).toBeGreaterThan(RUNS / 2);
  });
});

describe('the comparison', () => {
  it.each<[string, (fn: Callable) => unknown]>([
    ['loses `this`', (fn) => Object.assign((...args: unknown[]) => fn(...args), fn)],
    [
      'turns a result into a promise',
      (fn) =>
        new Proxy(fn, {
          apply: async (_, self, args: unknown[]): Promise<unknown> => Reflect.apply(fn, self, args),
        }),
    ],
    [
      'drains what it is given back',
      (fn) => new Proxy(fn, { apply: (_, self, args: unknown[]) => drained(Reflect.apply(fn, self, args)) }),
    ],
    [
      'swallows an error',
      (fn) =>
        new Proxy(fn, {
          apply: (_, self, args: unknown[]) => {
            try {
              return Reflect.apply(fn, self, args);
            } catch {
              return undefined;
            }
          },
        }),
    ],
    [
      'hides properties',
      (fn) =>
        function work(this: unknown, ...args: unknown[]) {
          return Reflect.apply(fn, this, args);
        },
    ],
  ])('sees a wrapper that %s', async (_, wrap) => {
    const property = fc.asyncProperty(made, called, async (spec, how) => {
      const bare = await record(spec, how, (fn) => fn);
      expect(await record(spec, how, wrap as (fn: Callable) => Callable)).toEqual(bare);
    });
    const { failed } = await fc.check(property, { numRuns: RUNS * 3 });
    expect(failed).toBe(true);
  });
});

function drained(value: unknown): unknown {
  if (types.isGeneratorObject(value) && Symbol.iterator in value) for (const _ of value as Iterable<unknown>);
  return value;
}

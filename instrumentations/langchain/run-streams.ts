import type { Context } from '@opentelemetry/api';
import { guard } from '../../src/instrument/guard.js';
import { anchorCall } from '../../src/instrument/open-calls.js';
import type { Caller } from '../../src/instrument/patch-sdk.js';
import { activeContext, runInContext } from '../../src/instrument/context.js';
import { isMessage } from './messages.js';
import { startRun, type TracedRun } from './traced-runs.js';
import type { Run } from './runs.js';

type Step = (...args: unknown[]) => Promise<IteratorResult<unknown>>;
interface Generator {
  next: Step;
  return: Step;
  throw: Step;
}

/** How the steps of a generator are taken. */
interface Steps {
  /** Runs a step. */
  within: (step: () => Promise<IteratorResult<unknown>>) => Promise<IteratorResult<unknown>>;
  /** Runs the step by which the program stops reading. */
  close: (step: () => Promise<IteratorResult<unknown>>) => Promise<IteratorResult<unknown>>;
}

/**
 * Traces an async generator method. Its body begins with the first step and goes on in the context of whoever takes a step,
 * so each step is taken in the run's context. The generator stays the method's own.
 */
export function callStream(read: (target: unknown, args: readonly unknown[]) => Run | undefined): Caller {
  return (target, args, original) => {
    const generator = Reflect.apply(original, target, args);
    if (isGenerator(generator)) traceGenerator(generator, () => startRun(read(target, args)));
    return generator;
  };
}

/**
 * The same for a step of a pipeline, whose first argument is its input. The steps before this one begin when it reads its
 * first input, but they are not part of it: input is read in the context that this step was started in.
 */
export function callPipe(read: (target: unknown, args: readonly unknown[]) => Run | undefined): Caller {
  return (target, [input, ...rest], original) => {
    const outside: { context?: Context } = {};
    const given = isIterable(input) ? readOutside(input, outside) : input;
    const generator = Reflect.apply(original, target, [given, ...rest]);
    if (isGenerator(generator)) {
      traceGenerator(generator, () => {
        outside.context = activeContext();
        return startRun(read(target, [input, ...rest]));
      });
    }
    return generator;
  };
}

/** Takes every step of a generator in `context`. */
export function bindGenerator(value: unknown, context: Context): void {
  if (!isGenerator(value)) return;
  const within: Steps['within'] = (step) => runInContext(context, step);
  takeSteps(value, { within, close: within });
}

function traceGenerator(generator: Generator, start: () => TracedRun | undefined): void {
  let run: TracedRun | undefined;
  let isStarted = false;
  const output = gather();
  const anchor = {};
  takeSteps(generator, {
    within(step) {
      // The functions on the generator are all that refers to the anchor: when the program drops the generator, the run ends.
      void anchor;
      if (!isStarted) {
        isStarted = true;
        run = guard('run start', start);
        if (run !== undefined) anchorCall(anchor, run.span);
      }
      if (run === undefined) return step();
      const { context } = run;
      const current = run;
      return runInContext(context, step).then(
        (result) => {
          if (result.done === true) current.completed(output.value());
          else {
            current.span.chunkCount += 1;
            output.add(result.value);
          }
          return result;
        },
        (error: unknown) => {
          current.failed(error);
          throw error;
        },
      );
    },
    close(step) {
      isStarted = true;
      const closing = run === undefined ? step() : runInContext(run.context, step);
      run?.cancelled(output.value());
      return closing;
    },
  });
}

function takeSteps(generator: Generator, { within, close }: Steps): void {
  const { next, return: stop, throw: raise } = generator;
  const replace = (name: keyof Generator, value: Step): void => {
    Object.defineProperty(generator, name, { value, writable: true, enumerable: false, configurable: true });
  };
  replace('next', (...args) => within(() => Reflect.apply(next, generator, args)));
  replace('throw', (...args) => within(() => Reflect.apply(raise, generator, args)));
  replace('return', (...args) => close(() => Reflect.apply(stop, generator, args)));
}

/** An iterable of the same items, each of which is read in the context that `outside` names. */
function readOutside(input: AsyncIterable<unknown>, outside: { context?: Context }): AsyncIterable<unknown> {
  const within = <R>(work: () => R): R =>
    outside.context === undefined ? work() : runInContext(outside.context, work);
  return {
    [Symbol.asyncIterator](): AsyncIterator<unknown> {
      const source = within(() => input[Symbol.asyncIterator]());
      const { return: close } = source;
      const iterator: AsyncIterator<unknown> = { next: (...args) => within(() => source.next(...args)) };
      if (close !== undefined)
        iterator.return = (value) => within(() => Reflect.apply(close, source, [value]));
      return iterator;
    },
  };
}

/** What a stream gave: texts and messages' texts are joined; of anything else the last item is kept. */
function gather(): { add(item: unknown): void; value(): unknown } {
  let text = '';
  let hasText = false;
  let last: unknown;
  return {
    add(item) {
      const piece = isMessage(item) ? item.content : item;
      if (typeof piece === 'string') {
        text += piece;
        hasText = true;
      } else last = item;
    },
    value: () => last ?? (hasText ? text : undefined),
  };
}

function isGenerator(value: unknown): value is Generator {
  return (
    typeof (value as Partial<Generator> | null)?.next === 'function' &&
    typeof (value as Partial<Generator>).return === 'function'
  );
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

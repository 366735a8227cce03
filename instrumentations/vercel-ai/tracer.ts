import type { Span, Tracer } from '@opentelemetry/api';
import { guard } from '../../src/instrument/guard.js';
import type { Failure, OpenSpan } from '../../src/instrument/open-span.js';
import { fieldsOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { RunHolder } from './model.js';
import { anchorRun, endRun, endTool, startRun, startTool, type Run, type RunStart } from './run.js';

/**
 * The tracer that majors 5 and 6 get as their telemetry option. They say by it when a run and a tool begin and end, and run
 * them in it; what they put on their spans is only read where there is no other source.
 */
export function createTracer(
  holder: RunHolder,
  start: Omit<RunStart, 'operation'>,
  theirs: Tracer | undefined,
): Tracer {
  function open(name: string, options: Fields): Observed {
    const attributes = fieldsOf(options['attributes']);
    if (name === 'ai.toolCall') return openTool(holder.run, attributes);
    const operation = /^ai\.(generateText|streamText|generateObject|streamObject)$/.exec(name)?.[1];
    if (operation === undefined) return NOTHING;
    const run = startRun({ ...start, operation });
    holder.run = run;
    return run === undefined ? NOTHING : openRun(run);
  }

  function startActiveSpan(name: string, ...rest: unknown[]): unknown {
    const fn = rest.at(-1) as (span: Span) => unknown;
    const options = rest.length > 1 ? fieldsOf(rest[0]) : {};
    const observed = guard('run start', () => open(name, options)) ?? NOTHING;
    const span = spanOf(observed);
    if (theirs === undefined) return observed.run(() => fn(span));
    return theirs.startActiveSpan(name, options, (their: Span) => observed.run(() => fn(both(their, span))));
  }
  const startSpan = (name: string): Span => theirs?.startSpan(name) ?? spanOf(NOTHING);
  return { startActiveSpan, startSpan };
}

/** What is done with a span of the package. */
interface Observed {
  run<R>(fn: () => R): R;
  set(attributes: Fields): void;
  fail(failure: Failure): void;
  end(): void;
  /** Told which object stands for the span, before anybody has it. */
  hold?(span: object): void;
}

/** The calls of the model are traced where they are made. */
const NOTHING: Observed = { run: (fn) => fn(), set() {}, fail() {}, end() {} };

function openRun(run: Run): Observed {
  let failure: Failure | undefined;
  return {
    run: (fn) => run.span.run(fn),
    set() {},
    fail: (reason) => void (failure = reason),
    end: () => endRun(run, failure),
    hold: (span) => anchorRun(run, span),
  };
}

function openTool(run: Run | undefined, attributes: Fields): Observed {
  const input = parsed(attributes['ai.toolCall.args']);
  const name = textOf(attributes['ai.toolCall.name']) ?? '';
  const span = startTool(run, { name, id: textOf(attributes['ai.toolCall.id']), input });
  return span === undefined ? NOTHING : toolObserved(span, run);
}

function toolObserved(span: OpenSpan, run: Run | undefined): Observed {
  let failure: Failure | undefined;
  let result: unknown;
  return {
    run: (fn) => span.run(fn),
    set: (more) => void (result = parsed(more['ai.toolCall.result']) ?? result),
    fail: (reason) => void (failure = reason),
    end: () => endTool(span, run, result, failure),
  };
}

/** The package puts values on its spans as JSON. */
function parsed(json: unknown): unknown {
  return typeof json === 'string' ? guard('value of a tool', () => JSON.parse(json) as unknown) : undefined;
}

const NO_CONTEXT = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
const ERROR = 2;

/** As much of a span as the package uses. */
function spanOf(observed: Observed): Span {
  const chained =
    (work: (...args: unknown[]) => void) =>
    (...args: unknown[]): Span => {
      guard('span', () => work(...args));
      return span;
    };
  const span: Span = {
    spanContext: () => NO_CONTEXT,
    isRecording: () => true,
    setAttribute: chained((key, value) => observed.set({ [String(key)]: value })),
    setAttributes: chained((attributes) => observed.set(fieldsOf(attributes))),
    addEvent: chained(() => {}),
    addLink: chained(() => {}),
    addLinks: chained(() => {}),
    updateName: chained(() => {}),
    setStatus: chained((status) => {
      const { code, message } = fieldsOf(status);
      if (code === ERROR && message === undefined) observed.fail({ type: '_OTHER' });
    }),
    recordException: (exception) => {
      const { name, message } = fieldsOf(exception);
      observed.fail({ type: textOf(name) ?? '_OTHER', message: textOf(message) });
    },
    end() {
      guard('span', () => observed.end());
    },
  };
  observed.hold?.(span);
  return span;
}

/** The program's own span, which hears all that ours does: it is the one that the package sees. */
function both(their: Span, ours: Span): Span {
  return new Proxy(their, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const own = (ours as unknown as Record<PropertyKey, unknown>)[key];
        if (typeof own === 'function') Reflect.apply(own, ours, args);
        const result: unknown = Reflect.apply(value, target, args);
        return result;
      };
    },
  });
}

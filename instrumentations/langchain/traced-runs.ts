import type { Attributes, Context, SpanKind } from '@opentelemetry/api';
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../semconv/attributes.js';
import { ATTR_SPOOR_OBSERVATION_TYPE } from '../../semconv/spoor-attributes.js';
import { errorMessage, errorType, isAbort } from '../../src/instrument/call-error.js';
import { guard } from '../../src/instrument/guard.js';
import { startOpenSpan, type OpenSpan } from '../../src/instrument/open-span.js';
import type { Caller } from '../../src/instrument/patch-sdk.js';
import { observationIdentity, observationKind, runInContext } from '../../src/instrument/context.js';
import {
  conversationOf,
  enterRun,
  leaveRun,
  parentContext,
  runNameOf,
  withConversation,
} from './run-context.js';
import type { Run } from './runs.js';

const SDK = 'langchain';
/** Names of span kinds by their number in the API's enumeration. */
const KINDS: readonly (keyof typeof SpanKind)[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/** A run under way: its span, and the context that is active inside. */
export interface TracedRun {
  readonly context: Context;
  readonly span: OpenSpan;
  completed(value: unknown): void;
  failed(error: unknown): void;
  /** The program stopped reading. */
  cancelled(value: unknown): void;
}

/** Starts the span of a run, under the run that it belongs to. Undefined when it is not to be traced. */
export function startRun(run: Run | undefined): TracedRun | undefined {
  if (run === undefined) return undefined;
  const parent = parentContext(run.manager);
  const conversation = run.conversationId ?? conversationOf(parent);
  const kind = observationKind(run.type);
  const identity = observationIdentity(kind, nameOf(run, parent), undefined);
  const span = startOpenSpan({
    sdk: SDK,
    name: identity.spanName,
    kind: KINDS[kind.spanKind] ?? 'INTERNAL',
    attributes: {
      [ATTR_SPOOR_OBSERVATION_TYPE]: run.type,
      ...identity.attributes,
      ...run.attributes,
      ...(conversation === undefined ? {} : { [ATTR_GEN_AI_CONVERSATION_ID]: conversation }),
    },
    parent,
  });
  if (span === undefined) return undefined;
  guard('run input', () => {
    const attributes: Attributes = {};
    run.input(attributes, span.policy);
    span.set(attributes);
  });
  return tracedRun(run, span, enterRun(withConversation(span.context, conversation), run.runName));
}

/** A name that the run outside has too was passed on and not meant for this one. */
function nameOf({ name, runName, manager }: Run, parent: Context): string {
  const isPassedOn = manager === undefined && runName === runNameOf(parent);
  return runName === undefined || isPassedOn ? name : runName;
}

function tracedRun(run: Run, span: OpenSpan, context: Context): TracedRun {
  const outputOf = (value: unknown): Attributes => {
    const attributes: Attributes = {};
    guard('run output', () => run.output(attributes, span.policy, value));
    return attributes;
  };
  return {
    context,
    span,
    completed(value) {
      leaveRun(context);
      if (!span.isEnded) span.end(outputOf(value));
    },
    cancelled(value) {
      leaveRun(context);
      if (!span.isEnded) span.end(value === undefined ? {} : outputOf(value), 'cancelled');
    },
    failed(error) {
      leaveRun(context);
      if (isAbort(error) || isCalledOff(run)) span.end({}, 'cancelled');
      else if (isPause(error)) span.end();
      else span.endFailed({ type: errorType(error), message: errorMessage(error) });
    },
  };
}

/** LangChain's own errors do not tell an abort from a failure. */
function isCalledOff({ signal }: Run): boolean {
  return signal instanceof AbortSignal && signal.aborted;
}

/** A graph leaves a node by throwing when it waits for a human, or goes on elsewhere: that is no failure. */
function isPause(error: unknown): boolean {
  return (error as { is_bubble_up?: unknown } | null | undefined)?.is_bubble_up === true;
}

/** Traces a method that returns the promise of a run's result: it runs with the run's span active. */
export function callRun(read: (target: unknown, args: readonly unknown[]) => Run | undefined): Caller {
  return (target, args, original) => {
    const run = guard('run start', () => startRun(read(target, args)));
    if (run === undefined) return Reflect.apply(original, target, args);
    let result: unknown;
    try {
      result = runInContext(run.context, original, target, ...args);
    } catch (error) {
      run.failed(error);
      throw error;
    }
    return observed(result, run);
  };
}

/** A rejection that nobody handles stays one, because the program holds the promise that we return. */
function observed(result: unknown, run: TracedRun): unknown {
  if (!(result instanceof Promise)) {
    run.completed(result);
    return result;
  }
  return result.then(
    (value: unknown) => {
      run.completed(value);
      return value;
    },
    (error: unknown) => {
      run.failed(error);
      throw error;
    },
  );
}

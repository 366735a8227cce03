import { SpanKind, trace, type Attributes, type Context, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
} from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_COST_TOTAL,
  ATTR_SPOOR_OBSERVATION_LEVEL,
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_OUTCOME,
  ATTR_SPOOR_TAGS,
} from '../../semconv/spoor-attributes.js';
import type { ObservationType } from '../../semconv/model/observation.js';
import { refusesContent } from '../config/content-policy.js';
import { toCamelCaseKeys } from '../shared/camel-case.js';
import { activeContext, runInContext } from './active-context.js';
import { amend } from './amend.js';
import { fieldAttributes, metadataValues, textValue, type FieldRule } from './attribute-values.js';
import { guarded } from './guarded.js';
import { countingContext, recordWork } from './late-metrics.js';
import { isMetered } from './meter.js';
import { observationIdentity, observationKind, parseObservationType } from './observation-kinds.js';
import { isSilent } from './sampling.js';
import { contextAttributes } from './scope.js';
import { errorType, failSpan } from './span-error.js';
import { startSpan, validSpanContext } from './start-span.js';
import { runSettled } from './when-settled.js';

/** Token counts, totals included as providers report them. */
export interface UsageFields {
  /** All input, cached input included. */
  inputTokens?: number;
  /** All output, reasoning included. */
  outputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  reasoningTokens?: number;
}

/** Facts of an observation. Snake-case names are accepted too. */
export interface ObservationFields {
  input?: unknown;
  output?: unknown;
  model?: string;
  provider?: string;
  usage?: UsageFields;
  /** US dollars. */
  cost?: number;
  level?: string;
  tags?: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
}

export interface ObservationOptions extends ObservationFields {
  /** Default: the type in lower case. */
  name?: string;
  /** One of the nine types, in any case. Default: SPAN. */
  type?: ObservationType | Lowercase<ObservationType> | (string & {});
}

/** A piece of work that is being observed. No method throws. */
export interface ObservationHandle {
  /** The span's id; empty when nothing records. */
  readonly id: string;
  readonly traceId: string;
  readonly type: ObservationType;
  /** Changes facts; after the end this is an amendment. */
  update(fields: ObservationFields): void;
  /** Ends it. A second end only says what is new. */
  end(fields?: ObservationFields): void;
  /** Ends it as failed. */
  fail(error: unknown, fields?: ObservationFields): void;
  /** Runs `fn` with spans inside it as children of this one. It does not end it. */
  run<R>(fn: () => R): R;
}

const RULES: Readonly<Record<string, FieldRule>> = {
  provider: { key: ATTR_GEN_AI_PROVIDER_NAME, kind: 'text' },
  model: { key: ATTR_GEN_AI_REQUEST_MODEL, kind: 'text' },
  cost: { key: ATTR_SPOOR_COST_TOTAL, kind: 'number' },
  level: { key: ATTR_SPOOR_OBSERVATION_LEVEL, kind: 'text' },
  tags: { key: ATTR_SPOOR_TAGS, kind: 'list' },
};
/** Where the counts of a usage go. */
const USAGE_RULES: Readonly<Record<keyof UsageFields, FieldRule>> = {
  inputTokens: { key: ATTR_GEN_AI_USAGE_INPUT_TOKENS, kind: 'number' },
  outputTokens: { key: ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, kind: 'number' },
  cacheReadTokens: { key: ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, kind: 'number' },
  cacheWriteTokens: { key: ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, kind: 'number' },
  reasoningTokens: { key: ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, kind: 'number' },
};

interface Observed {
  readonly type: ObservationType;
  readonly span: Span;
  readonly context: Context;
  /** Session and step at the start: an amendment belongs there. */
  readonly stamp: Attributes;
  readonly startedAt: number;
  /** What the metrics want to know, where the span was sampled out. */
  readonly facts: Attributes;
  ended: boolean;
}

/**
 * Starts an observation under the active span. End it with the handle.
 * @example
 * const search = startObservation({ type: 'retrieval', name: 'handbook', input: { query: 'refund' } });
 * search.end({ output: ['page 12'] });
 * @throws SpoorError SPOOR_OBSERVATION_TYPE_UNKNOWN for a type that does not exist.
 */
export function startObservation(options: ObservationOptions = {}): ObservationHandle {
  const type = options.type === undefined ? 'SPAN' : parseObservationType(options.type);
  if (guarded('observation', false, isSilent)) return emptyObservation(type);
  const observed = observe(type, options);
  return {
    id: validSpanContext(observed.span)?.spanId ?? '',
    traceId: validSpanContext(observed.span)?.traceId ?? '',
    type,
    update: (fields) => guarded('observation.update', undefined, () => change(observed, fields)),
    end: (fields = {}) => guarded('observation.end', undefined, () => finish(observed, fields)),
    fail: (error, fields = {}) =>
      guarded('observation.fail', undefined, () => {
        if (!observed.ended) {
          failSpan(observed.span, error);
          observed.span.setAttribute(ATTR_SPOOR_OUTCOME, 'failed');
          observed.facts[ATTR_ERROR_TYPE] = errorType(error);
        }
        finish(observed, fields);
      }),
    run: (fn) => runInContext(observed.context, fn),
  };
}

/**
 * Runs `fn` as an observation: spans inside it are its children, and it ends when `fn` does. The result and the error of
 * `fn` are passed on as they are.
 * @example
 * const order = await withObservation({ type: 'tool', name: 'lookup_order', input: { id: 17 } }, async (tool) => {
 *   const found = await lookUp(17);
 *   tool.update({ output: found });
 *   return found;
 * });
 */
export function withObservation<R>(
  options: ObservationOptions,
  fn: (observation: ObservationHandle) => R,
): R {
  const observation = startObservation(options);
  if (isEmptyObservation(observation)) return fn(observation);
  return runSettled(() => observation.run(() => fn(observation)), {
    done: () => observation.end(),
    failed: (error) => observation.fail(error),
  });
}

const nothing = (): void => undefined;

/** Handles for work that nothing records: one for each type is enough. */
const empty = new Map<ObservationType, ObservationHandle>();

function emptyObservation(type: ObservationType): ObservationHandle {
  let handle = empty.get(type);
  if (handle === undefined) {
    handle = { id: '', traceId: '', type, update: nothing, end: nothing, fail: nothing, run: (fn) => fn() };
    empty.set(type, handle);
  }
  return handle;
}

function isEmptyObservation(handle: ObservationHandle): boolean {
  return empty.get(handle.type) === handle;
}

function observe(type: ObservationType, options: ObservationOptions): Observed {
  const kind = observationKind(type);
  const parent = activeContext();
  const name = options.name ?? type.toLowerCase();
  const identity = observationIdentity(kind, name, options.model);
  const attributes = guarded('observation', {}, () => observationAttributes(type, options));
  const span = startSpan(
    identity.spanName,
    {
      kind: kind.spanKind,
      attributes: { ...identity.attributes, [ATTR_SPOOR_OBSERVATION_TYPE]: type, ...attributes },
    },
    parent,
  );
  const { [ATTR_SPOOR_TAGS]: _tags, ...stamp } = contextAttributes(parent);
  const context = countingContext(trace.setSpan(parent, span), identity.attributes);
  const startedAt = performance.now();
  return { type, span, context, stamp, startedAt, facts: identity.attributes, ended: false };
}

function change(observed: Observed, fields: ObservationFields): void {
  const changes = observationAttributes(observed.type, fields);
  if (!observed.ended) {
    observed.span.setAttributes(changes);
    return;
  }
  const spanContext = validSpanContext(observed.span);
  const sessionId = observed.stamp[ATTR_SESSION_ID];
  amend(
    {
      concept: 'observation',
      id: spanContext?.spanId ?? '',
      spanContext,
      sessionId: typeof sessionId === 'string' ? sessionId : undefined,
      identity: observed.stamp,
    },
    changes,
  );
}

function finish(observed: Observed, fields: ObservationFields): void {
  change(observed, fields);
  if (observed.ended) return;
  observed.ended = true;
  observed.span.end();
  if (isMetered()) measure(observed);
}

/** Tools and agents. What is asked of a model or a store counts where it is asked: that may well be inside this. */
function measure({ type, span, context, startedAt, facts }: Observed): void {
  const kind = observationKind(type).spanKind;
  if (kind !== SpanKind.INTERNAL || validSpanContext(span) === undefined) return;
  recordWork({ span, kind, context, startedAt, facts: [facts] });
}

/** The attributes of the facts that are given, content only as far as it was not refused. */
export function observationAttributes(type: ObservationType, options: ObservationFields): Attributes {
  const kind = observationKind(type);
  const fields = toCamelCaseKeys(options);
  const attributes = fieldAttributes(RULES, fields);
  Object.assign(attributes, metadataValues(ATTR_SPOOR_OBSERVATION_METADATA, fields['metadata']));
  const { usage } = fields;
  if (typeof usage === 'object' && usage !== null) {
    Object.assign(attributes, fieldAttributes(USAGE_RULES, toCamelCaseKeys(usage)));
  }
  const input = refusesContent(kind.content.input) ? undefined : textValue(fields['input']);
  if (input !== undefined) attributes[kind.inputKey] = input;
  const output = refusesContent(kind.content.output) ? undefined : textValue(fields['output']);
  if (output !== undefined) attributes[kind.outputKey] = output;
  return attributes;
}

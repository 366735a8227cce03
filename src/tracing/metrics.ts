import {
  createContextKey,
  SpanKind,
  type Attributes,
  type Context,
  type HrTime,
  type Span,
  type TimeInput,
} from '@opentelemetry/api';
import { EMIT_PROFILE, type EmitProfile } from '../../semconv/aliases.js';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_TOKEN_TYPE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_MCP_METHOD_NAME,
} from '../../semconv/attributes.js';
import { ATTR_SPOOR_OUTCOME } from '../../semconv/spoor-attributes.js';
import * as values from '../../semconv/values.js';
import { activeContext } from './active-context.js';
import { guarded } from './guarded.js';
import { factOf, isMetered, type Facts } from './meter.js';
import { recordValue } from './record-value.js';

const NAMES = EMIT_PROFILE.metrics;

/** The parts of an SDK's span that the API does not promise. A span that was sampled out has none of them. */
export interface MeasuredSpan extends Span {
  readonly attributes?: Attributes;
  readonly duration?: HrTime;
}

/** A piece of work that has ended: what its span says, or would say. */
export interface EndedWork {
  /** Read for what it says, and for how long it took. It has ended, so the metric says the same. */
  readonly span?: MeasuredSpan | undefined;
  readonly kind: SpanKind;
  /** The context inside the work. */
  readonly context: Context;
  /** Numbers are on the clock of `performance.now()`, or milliseconds since 1970. */
  readonly startedAt: TimeInput;
  /** Default: now. */
  readonly endedAt?: TimeInput | undefined;
  /** What is known apart from the span. */
  readonly facts: Facts;
  /** When the chunks of a stream came, on the clock of `performance.now()`. */
  readonly chunkTimes?: readonly number[] | undefined;
}

/**
 * Records what the conventions want to know of a piece of work that has ended, sampled or not, while the app has a meter
 * provider. Never throws.
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export function recordWork(work: EndedWork): void {
  if (!isMetered()) return;
  guarded('metrics', undefined, () => {
    const facts = [work.span?.attributes, ...work.facts];
    const name = durationMetric(work.kind, facts);
    if (name === undefined) return;
    // Where the end was not seen, there is no duration.
    if (factOf(facts, ATTR_SPOOR_OUTCOME) !== 'abandoned') {
      recordValue(name, secondsOfWork(work), facts, work.context);
    }
    if (name === NAMES.operationDuration) recordCall(work, facts);
    countForAgent(name, work.context, facts);
  });
}

/** Records how long something took that has no span. Never throws. */
export function recordDuration(
  metric: keyof EmitProfile['metrics'],
  startedAt: TimeInput,
  attributes: Attributes,
): void {
  if (!isMetered()) return;
  guarded('metrics', undefined, () =>
    recordValue(NAMES[metric], secondsOf(startedAt), [attributes], activeContext()),
  );
}

const OF_OPERATION: Readonly<Record<string, string>> = {
  [values.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: NAMES.toolDuration,
  [values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: NAMES.agentDuration,
  [values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW]: NAMES.workflowDuration,
};

/** What happens inside the process has metrics of its own; what is asked of somebody else is an operation of a client. */
function durationMetric(kind: SpanKind, facts: Facts): string | undefined {
  const operation = factOf(facts, ATTR_GEN_AI_OPERATION_NAME);
  if (kind === SpanKind.INTERNAL) return OF_OPERATION[String(operation)];
  const isMcp = factOf(facts, ATTR_MCP_METHOD_NAME) !== undefined;
  if (kind === SpanKind.SERVER) return isMcp ? NAMES.mcpServerDuration : undefined;
  if (kind !== SpanKind.CLIENT) return undefined;
  if (isMcp) return NAMES.mcpClientDuration;
  return operation === undefined ? undefined : NAMES.operationDuration;
}

/** Tokens as the provider reported them, and the pace of a stream. */
function recordCall({ context, chunkTimes = [], endedAt }: EndedWork, facts: Facts): void {
  for (const [key, type] of TOKENS) {
    const count = factOf(facts, key);
    if (typeof count !== 'number') continue;
    recordValue(NAMES.tokenUsage, count, [{ [ATTR_GEN_AI_TOKEN_TYPE]: type }, ...facts], context);
  }
  const toFirst = factOf(facts, ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK);
  if (typeof toFirst === 'number') recordValue(NAMES.timeToFirstChunk, toFirst, facts, context);
  const end = typeof endedAt === 'number' ? endedAt : Number.POSITIVE_INFINITY;
  for (let index = 1; index < chunkTimes.length; index += 1) {
    // What came after the end, such as the counts of a turn, adds no time to it.
    const gapMs = Math.min(chunkTimes[index] ?? 0, end) - Math.min(chunkTimes[index - 1] ?? 0, end);
    recordValue(NAMES.timePerOutputChunk, gapMs / 1000, facts, context);
  }
}

const TOKENS = [
  [ATTR_GEN_AI_USAGE_INPUT_TOKENS, values.GEN_AI_TOKEN_TYPE_VALUE_INPUT],
  [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, values.GEN_AI_TOKEN_TYPE_VALUE_OUTPUT],
] as const;

/** What one run of an agent has done itself: not what the agents did that it called. */
interface Tally {
  inferenceCalls: number;
  toolCalls: number;
}

const TALLY: symbol = createContextKey('spoor agent tally');
const INFERENCE: ReadonlySet<unknown> = new Set([
  values.GEN_AI_OPERATION_NAME_VALUE_CHAT,
  values.GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  values.GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
]);

/** The context inside a piece of work: an agent's own is one where its calls are counted. */
export function countingContext(context: Context, attributes: Attributes): Context {
  if (attributes[ATTR_GEN_AI_OPERATION_NAME] !== values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT)
    return context;
  if (!isMetered()) return context;
  return context.setValue(TALLY, { inferenceCalls: 0, toolCalls: 0 } satisfies Tally);
}

function countForAgent(name: string, context: Context, facts: Facts): void {
  const tally = context.getValue(TALLY) as Tally | undefined;
  if (tally === undefined) return;
  if (name === NAMES.toolDuration) {
    tally.toolCalls += 1;
  } else if (name === NAMES.operationDuration) {
    if (INFERENCE.has(factOf(facts, ATTR_GEN_AI_OPERATION_NAME))) tally.inferenceCalls += 1;
  } else if (name === NAMES.agentDuration) {
    recordValue(NAMES.agentInferenceCalls, tally.inferenceCalls, facts, context);
    recordValue(NAMES.agentToolCalls, tally.toolCalls, facts, context);
  }
}

function secondsOfWork({ span, startedAt, endedAt }: EndedWork): number {
  const duration = span?.duration;
  return duration === undefined ? secondsOf(startedAt, endedAt) : duration[0] + duration[1] / 1e9;
}

/** Seconds between two times, of which the second is now by default. */
function secondsOf(startedAt: TimeInput, endedAt: TimeInput = performance.now()): number {
  return Math.max(0, (sinceOrigin(endedAt) - sinceOrigin(startedAt)) / 1000);
}

/** Milliseconds on the clock of `performance.now()`. */
function sinceOrigin(time: TimeInput): number {
  if (time instanceof Date) return time.getTime() - performance.timeOrigin;
  if (typeof time !== 'number') return time[0] * 1000 + time[1] / 1e6 - performance.timeOrigin;
  // As OpenTelemetry tells the two kinds of number apart.
  return time < performance.timeOrigin ? time : time - performance.timeOrigin;
}

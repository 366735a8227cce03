import type { Attributes, HrTime } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME, ATTR_SESSION_ID, ATTR_USER_ID } from '../../../semconv/attributes.js';
import {
  ATTR_SPOOR_AMENDMENT_TARGET,
  ATTR_SPOOR_AMENDMENT_TARGET_ID,
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_SCORE_TARGET,
  ATTR_SPOOR_SESSION_EXPERIMENT_ID,
  ATTR_SPOOR_SESSION_ITERATION,
  ATTR_SPOOR_SESSION_METADATA,
  ATTR_SPOOR_SESSION_NAME,
  ATTR_SPOOR_SESSION_TAGS,
  ATTR_SPOOR_SESSION_TASK,
  ATTR_SPOOR_TAGS,
} from '../../../semconv/spoor-attributes.js';
import { isSessionSpan, observationType, readFacts, type Facts } from './span-facts.js';

/** One line of a file: `docs/file-storage.md` has the fields. */
export interface FileRecord {
  readonly file: 'traces' | 'observations';
  /** When the record came to be, in milliseconds since the Unix epoch: it says which day's file it goes to. */
  readonly timeMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The records of one ended span, which must have been masked: of a trace's first span there are two. */
export function fileRecords(span: ReadableSpan): FileRecord[] {
  if (span.attributes[ATTR_SPOOR_AMENDMENT_TARGET] !== undefined) return [amendmentRecord(span)];
  const observation = observationRecord(span);
  return isLocalRoot(span) && span.attributes[ATTR_SPOOR_SCORE_TARGET] === undefined
    ? [observation, traceRecord(span)]
    : [observation];
}

/** True for the first span of a trace in this process. */
export function isLocalRoot(span: Pick<ReadableSpan, 'parentSpanContext'>): boolean {
  return span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true;
}

/** What is known of a trace by its first span, which may still be open. */
export function traceRecord(span: ReadableSpan): FileRecord {
  const isSession = isSessionSpan(span);
  const facts = readFacts(span.attributes);
  return {
    file: 'traces',
    timeMs: milliseconds(span.ended ? span.endTime : span.startTime),
    fields: {
      trace_id: span.spanContext().traceId,
      ...timeFields(span),
      ...(span.ended ? { status: isFailed(span) ? 'error' : 'success' } : {}),
      ...sessionFields(span.attributes),
      name: span.attributes[ATTR_SPOOR_SESSION_NAME] ?? facts.name ?? span.name,
      input: span.attributes[ATTR_SPOOR_SESSION_TASK] ?? facts.input,
      output: facts.output,
      metadata: filled({
        // Of an observation, the other facts are in its own record.
        ...metadataUnder(ATTR_SPOOR_OBSERVATION_METADATA, span.attributes),
        ...(isSession ? withoutSessionFields(facts.rest) : {}),
        ...metadataUnder(ATTR_SPOOR_SESSION_METADATA, span.attributes),
        [ATTR_SERVICE_NAME]: span.resource.attributes[ATTR_SERVICE_NAME],
      }),
    },
  };
}

function observationRecord(span: ReadableSpan): FileRecord {
  const { traceId, spanId } = span.spanContext();
  const facts = readFacts(span.attributes);
  return {
    file: 'observations',
    timeMs: milliseconds(span.endTime),
    fields: {
      id: spanId,
      trace_id: traceId,
      parent_id: span.parentSpanContext?.spanId,
      type: observationType(span.attributes),
      name: facts.name ?? span.name,
      ...(isSessionSpan(span) ? {} : factFields(facts)),
      ...errorFields(span, facts),
      ...timeFields(span),
      metadata: filled(isSessionSpan(span) ? {} : { ...metadataOf(span.attributes, facts), ...extras(span) }),
    },
  };
}

/** A late fact: it changes the record of its target, field by field. */
function amendmentRecord(span: ReadableSpan): FileRecord {
  const {
    [ATTR_SPOOR_AMENDMENT_TARGET]: amends,
    [ATTR_SPOOR_AMENDMENT_TARGET_ID]: target,
    ...changes
  } = span.attributes;
  const link = span.links[0]?.context;
  const facts = readFacts(changes);
  const common = {
    trace_id: link?.traceId,
    amends,
    target_id: target,
    amended_at: isoTime(span.endTime),
  };
  const timeMs = milliseconds(span.endTime);
  if (amends === 'session') {
    return {
      file: 'traces',
      timeMs,
      fields: {
        ...common,
        ...sessionFields(changes),
        name: changes[ATTR_SPOOR_SESSION_NAME],
        input: changes[ATTR_SPOOR_SESSION_TASK],
        metadata: filled({
          ...withoutSessionFields(facts.rest),
          ...metadataUnder(ATTR_SPOOR_SESSION_METADATA, changes),
        }),
      },
    };
  }
  return {
    file: 'observations',
    timeMs,
    fields: {
      id: link?.spanId,
      ...common,
      ...factFields(facts),
      metadata: filled(metadataOf(changes, facts)),
    },
  };
}

function factFields({ input, output, model, usage, level }: Facts): Record<string, unknown> {
  return { input, output, level, model, usage };
}

function sessionFields(attributes: Attributes): Record<string, unknown> {
  return {
    session_id: attributes[ATTR_SESSION_ID],
    user_id: attributes[ATTR_USER_ID],
    tags: attributes[ATTR_SPOOR_SESSION_TAGS] ?? attributes[ATTR_SPOOR_TAGS],
    experiment_id: attributes[ATTR_SPOOR_SESSION_EXPERIMENT_ID],
    iteration: attributes[ATTR_SPOOR_SESSION_ITERATION],
    persona: attributes[`${ATTR_SPOOR_SESSION_METADATA}.persona`],
  };
}

const SESSION_FIELDS: readonly string[] = [
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  ATTR_SPOOR_SESSION_NAME,
  ATTR_SPOOR_SESSION_TASK,
  ATTR_SPOOR_SESSION_TAGS,
  ATTR_SPOOR_TAGS,
  ATTR_SPOOR_SESSION_EXPERIMENT_ID,
  ATTR_SPOOR_SESSION_ITERATION,
];

function withoutSessionFields(rest: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(rest).filter(
      ([key]) => !SESSION_FIELDS.includes(key) && !key.startsWith(`${ATTR_SPOOR_SESSION_METADATA}.`),
    ),
  );
}

/** What no field of the record holds, under the names of the attributes; metadata of the user under their own. */
function metadataOf(attributes: Attributes, facts: Facts): Record<string, unknown> {
  const rest = Object.entries(facts.rest).filter(
    ([key]) => !key.startsWith(`${ATTR_SPOOR_OBSERVATION_METADATA}.`),
  );
  return {
    ...Object.fromEntries(rest),
    ...metadataUnder(ATTR_SPOOR_OBSERVATION_METADATA, attributes),
  };
}

function metadataUnder(prefix: string, attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([key]) => key.startsWith(`${prefix}.`))
      .map(([key, value]) => [key.slice(prefix.length + 1), value]),
  );
}

/** Events and links of the span, when it has any. */
function extras(span: ReadableSpan): Record<string, unknown> {
  return {
    ...(span.events.length === 0
      ? {}
      : {
          'span.events': span.events.map(({ name, time, attributes }) => ({
            name,
            time: isoTime(time),
            attributes,
          })),
        }),
    ...(span.links.length === 0
      ? {}
      : {
          'span.links': span.links.map(({ context }) => ({
            trace_id: context.traceId,
            span_id: context.spanId,
          })),
        }),
  };
}

function errorFields(span: ReadableSpan, facts: Facts): Record<string, unknown> {
  if (!isFailed(span)) return {};
  const thrown = span.events.find(({ name }) => name === 'exception')?.attributes?.['exception.message'];
  return { error: span.status.message ?? thrown ?? 'error', level: facts.level ?? 'error' };
}

function isFailed(span: ReadableSpan): boolean {
  return span.status.code === SpanStatusCode.ERROR;
}

function timeFields(span: ReadableSpan): Record<string, unknown> {
  const start = { start_time: isoTime(span.startTime) };
  return span.ended
    ? {
        ...start,
        end_time: isoTime(span.endTime),
        duration_ms: Number(milliseconds(span.duration).toFixed(3)),
      }
    : start;
}

function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

function isoTime(time: HrTime): string {
  return new Date(milliseconds(time)).toISOString();
}

/** The object, or undefined when it holds nothing. */
function filled(value: Record<string, unknown>): Record<string, unknown> | undefined {
  return Object.values(value).some((item) => item !== undefined) ? value : undefined;
}

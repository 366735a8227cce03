import {
  CLAUDE_CODE_CALL_EVENT,
  claudeCodeSpanFacts,
  readClaudeCodeEvent,
} from '../../semconv/dialects/claude-code-events.js';
import {
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '../../semconv/events.js';
import {
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_SCORE_TARGET,
  ATTR_SPOOR_SCORE_TARGET_ID,
  SCOPE_SPOOR,
  SPAN_NAME_EVALUATION,
} from '../../semconv/spoor-attributes.js';
import type { Attributes, LogRecord, SpanRecord } from '../otlp/records.js';
import { digits, eventNameOf, GEN_AI, logTime, statedSession } from './log-record.js';

const MS = 1_000_000n;

/**
 * A span with the events that were logged within it, as if they were its own: each dialect reads those. What an event says
 * of the call as a whole is taken where the span does not say it. `logs` are in order of time.
 */
export function withLogs(span: SpanRecord, logs: readonly LogRecord[]): SpanRecord {
  if (logs.length === 0) return span;
  const attributes = Object.assign(Object.create(null) as Attributes, span.attributes);
  const own = new Set(span.events.map((event) => event.name));
  const events = [...span.events];
  for (const log of logs) {
    const name = eventNameOf(log);
    // An emitter that writes both says the same twice.
    if (name === undefined || own.has(name)) continue;
    const said = eventAttributes(log);
    const filling =
      name === CLAUDE_CODE_CALL_EVENT ? claudeCodeSpanFacts(span.name, said) : callFacts(name, said);
    for (const key of Object.keys(filling)) attributes[key] ??= filling[key] as Attributes[string];
    if (name.startsWith(GEN_AI)) events.push({ timeUnixNano: logTime(log), name, attributes: said });
  }
  return { ...span, attributes, events };
}

function callFacts(name: string, said: Attributes): Attributes {
  if (name !== EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS) return {};
  return Object.fromEntries(Object.entries(said).filter(([key]) => key.startsWith(GEN_AI)));
}

/** The attributes of an event; a structured body, as the conventions had it until 1.36, counts as more of them. */
function eventAttributes({ attributes, body }: LogRecord): Attributes {
  const said = Object.create(null) as Attributes;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) Object.assign(said, body);
  return Object.assign(said, attributes);
}

/** An observation that only an event tells of, as a span of ours; undefined when the event is part of a span. */
export function spanOfLog(log: LogRecord, key: string): SpanRecord | undefined {
  const name = eventNameOf(log);
  if (name === undefined || log.spanId !== undefined) return undefined;
  if (name === EVENT_GEN_AI_EVALUATION_RESULT) return scoreSpan(log, key);
  const work = readClaudeCodeEvent(name, eventAttributes(log));
  if (work === undefined) return undefined;
  const prompt = log.attributes['prompt.id'];
  const group = typeof prompt === 'string' ? prompt : '';
  return {
    ...bareSpan(log, key, log.traceId ?? digits(`${statedSession(log) ?? key} ${group}`, 32)),
    name: work.name,
    kind: 1,
    startTimeUnixNano: earlier(logTime(log), work.durationMs),
    attributes: Object.assign(Object.create(null) as Attributes, work.attributes),
    ...(work.failure === undefined ? {} : { statusCode: 2, statusMessage: work.failure }),
  };
}

function scoreSpan(log: LogRecord, key: string): SpanRecord {
  const session = statedSession(log);
  const attributes = eventAttributes(log);
  attributes[ATTR_SPOOR_OBSERVATION_TYPE] = 'EVALUATION';
  const target = log.traceId === undefined ? session : log.traceId;
  if (target !== undefined && attributes[ATTR_SPOOR_SCORE_TARGET] === undefined) {
    attributes[ATTR_SPOOR_SCORE_TARGET] = log.traceId === undefined ? 'session' : 'trace';
    attributes[ATTR_SPOOR_SCORE_TARGET_ID] = target;
  }
  const score = attributes['gen_ai.evaluation.name'];
  const name = typeof score === 'string' ? `${SPAN_NAME_EVALUATION} ${score}` : SPAN_NAME_EVALUATION;
  return { ...bareSpan(log, key, log.traceId ?? digits(key, 32)), name, attributes };
}

function bareSpan(log: LogRecord, key: string, traceId: string): SpanRecord {
  const time = logTime(log);
  return {
    traceId,
    spanId: digits(key, 16),
    name: '',
    kind: 1,
    startTimeUnixNano: time,
    // 0 would mean that it is open.
    endTimeUnixNano: time > 0n ? time : 1n,
    attributes: Object.create(null) as Attributes,
    events: [],
    links: [],
    statusCode: 0,
    resource: log.resource,
    scope: { name: SCOPE_SPOOR },
  };
}

function earlier(time: bigint, ms: number): bigint {
  const nanos = BigInt(Math.round(Math.min(ms, Number.MAX_SAFE_INTEGER))) * MS;
  return nanos < time ? time - nanos : 0n;
}

import { createHash } from 'node:crypto';
import { isObject } from '../../../semconv/dialects/attribute-reader.js';
import type { JsonObject, JsonValue } from '../../../semconv/model/json.js';
import type { Attributes, EventRecord, LinkRecord, SpanRecord } from '../../otlp/records.js';
import { toHex, type FileLine } from './file-lines.js';
import { observationAttributes, sessionAttributes, wordOf } from './line-attributes.js';

/** Turns lines of trace files into spans, in which our own dialect reads what the lines say. */
export interface FileSpans {
  /** The spans of one line. The session of a trace is given with its first span, or at the end. */
  add(line: FileLine): SpanRecord[];
  /** The traces whose first span was in none of the files. */
  rest(): SpanRecord[];
}

const SCOPE = { name: 'spoor' } as const;
const STATUS_ERROR = 2;

/** Lines of traces should come first: what is known of a trace is put into its first span. */
export function createFileSpans(): FileSpans {
  const traces = new Map<string, FileLine>();
  return {
    add(line) {
      if (line.amends !== undefined) return [amendmentSpan(line, line.amends)];
      if (line.kind === 'observation') return [observationSpan(line, takeTrace(line, traces))];
      const known = traces.get(line.traceId);
      // Of several lines of one trace the later one wins, field by field.
      traces.set(line.traceId, known === undefined ? line : merged(known, line));
      return [];
    },
    rest() {
      const left = [...traces.values()].map((line) => traceSpan(line));
      traces.clear();
      return left;
    },
  };
}

/** What the trace file says of the trace whose first span this is. */
function takeTrace(line: FileLine, traces: Map<string, FileLine>): FileLine | undefined {
  if (line.parentId !== undefined) return undefined;
  const trace = traces.get(line.traceId);
  // A trace that is called otherwise than its first span is a session around it.
  const isAround = trace?.fields.session_id !== undefined && trace.fields.name !== line.fields.name;
  if (!isAround || isSessionLine(line)) traces.delete(line.traceId);
  return trace;
}

function merged(known: FileLine, later: FileLine): FileLine {
  const metadata = { ...asObject(known.fields.metadata), ...asObject(later.fields.metadata) };
  return { ...known, ...later, fields: { ...known.fields, ...later.fields, metadata } };
}

/** A session's line in the observations is bare: everything about it is in the line of its trace. */
function observationSpan(line: FileLine, trace: FileLine | undefined): SpanRecord {
  if (trace?.fields.session_id !== undefined && isSessionLine(line)) {
    return { ...traceSpan({ ...trace, ...timesOf(line) }), spanId: spanIdOf(line) };
  }
  const attributes = observationAttributes(line, trace);
  const { metadata } = line.fields;
  return {
    ...base(line, nameOf(line)),
    ...(line.parentId === undefined ? {} : { parentSpanId: line.parentId }),
    attributes,
    events: eventsOf(asObject(metadata)['span.events']),
    links: linksOf(asObject(metadata)['span.links']),
    ...statusOf(line),
  };
}

function traceSpan(line: FileLine): SpanRecord {
  const isSession = line.fields.session_id !== undefined;
  const name = typeof line.fields.name === 'string' ? line.fields.name : '';
  return {
    ...base(
      { ...line, spanId: line.spanId ?? toHex(`trace:${line.traceId}`, 16) },
      sessionName(name, isSession),
    ),
    attributes: isSession ? sessionAttributes(line) : observationAttributes(line, line),
    ...statusOf(line),
  };
}

function sessionName(name: string, isSession: boolean): string {
  if (!isSession) return name === '' ? 'trace' : name;
  return name === '' || /^session(?: |$)/.test(name) ? name || 'session' : `session ${name}`;
}

/** The same late fact gets the same id, however often it is imported. */
function amendmentSpan(line: FileLine, amends: string): SpanRecord {
  const hash = createHash('sha256').update(JSON.stringify(line.fields)).digest('hex');
  const at = line.amendedNano ?? 0n;
  const attributes = amends === 'session' ? sessionAttributes(line) : observationAttributes(line, undefined);
  const target = line.targetId ?? line.spanId;
  attributes['spoor.amendment.target'] = amends;
  if (target !== undefined) attributes['spoor.amendment.target_id'] = target;
  return {
    ...base({ ...line, spanId: hash.slice(0, 16), startNano: at, endNano: at }, `amend ${amends}`),
    attributes,
    links:
      line.spanId === undefined ? [] : [{ traceId: line.traceId, spanId: line.spanId, attributes: bare() }],
  };
}

function base(line: FileLine, name: string): SpanRecord {
  const resource = bare();
  const service = asObject(line.fields.metadata)['service.name'];
  if (typeof service === 'string') resource['service.name'] = service;
  return {
    traceId: line.traceId,
    spanId: spanIdOf(line),
    name,
    kind: 1,
    startTimeUnixNano: line.startNano ?? 0n,
    endTimeUnixNano: line.endNano ?? 0n,
    attributes: bare(),
    events: [],
    links: [],
    statusCode: 0,
    resource: { attributes: resource },
    scope: SCOPE,
  };
}

function spanIdOf(line: FileLine): string {
  return line.spanId ?? toHex(`${line.traceId}:${line.targetId ?? ''}`, 16);
}

function timesOf({ startNano, endNano }: FileLine): Partial<FileLine> {
  return {
    ...(startNano === undefined ? {} : { startNano }),
    ...(endNano === undefined ? {} : { endNano }),
  };
}

function nameOf({ fields }: FileLine): string {
  return typeof fields.name === 'string' && fields.name !== '' ? fields.name : wordOf(fields.type) || 'span';
}

function isSessionLine({ fields }: FileLine): boolean {
  const isPlain = fields.type === undefined || wordOf(fields.type).toUpperCase() === 'SPAN';
  return isPlain && fields.metadata === undefined && /^session(?: |$)/.test(wordOf(fields.name));
}

function statusOf({ fields }: FileLine): Pick<SpanRecord, 'statusCode' | 'statusMessage'> {
  const hasFailed = fields.error !== undefined || fields.status === 'error' || fields.status === 'failed';
  if (!hasFailed) return { statusCode: 0 };
  const message = typeof fields.error === 'string' ? fields.error : undefined;
  return { statusCode: STATUS_ERROR, ...(message === undefined ? {} : { statusMessage: message }) };
}

function eventsOf(value: JsonValue | undefined): EventRecord[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    if (!isObject(item) || typeof item.name !== 'string') return [];
    const ms = typeof item.time === 'string' ? Date.parse(item.time) : Number.NaN;
    const timeUnixNano = Number.isNaN(ms) ? 0n : BigInt(ms) * 1_000_000n;
    return [{ name: item.name, timeUnixNano, attributes: Object.assign(bare(), asObject(item.attributes)) }];
  });
}

function linksOf(value: JsonValue | undefined): LinkRecord[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) =>
    isObject(item) && typeof item.trace_id === 'string' && typeof item.span_id === 'string'
      ? [{ traceId: toHex(item.trace_id, 32), spanId: toHex(item.span_id, 16), attributes: bare() }]
      : [],
  );
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function bare(): Attributes {
  return Object.create(null) as Attributes;
}

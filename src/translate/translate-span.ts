import type { SpanFacts } from '../../semconv/dialects/dialect.js';
import { pickDialect } from '../../semconv/dialects/index.js';
import type { Status } from '../../semconv/model/observation.js';
import type { SpanRecord } from '../otlp/records.js';

/** One span in canonical words, before it is put into its session. Times are milliseconds since the epoch. */
export interface TranslatedSpan {
  traceId: string;
  spanId: string;
  parentId?: string;
  /** False when the parent is known to be in another process; true when it is known not to be. */
  localParent?: boolean;
  name: string;
  startMs: number;
  /** Absent while the span is open. */
  endMs?: number;
  status: Status;
  statusMessage?: string;
  dialect: string;
  scope?: string;
  serviceName?: string;
  environment?: string;
  /** What the first link points to: the target of an amendment. */
  link?: { traceId: string; spanId: string };
  facts: SpanFacts;
}

const STATUSES: readonly Status[] = ['unset', 'ok', 'error'];
const PARENT_REMOTENESS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;

/** Reads a span by the dialect that claims it. Pure; never throws: a span that its dialect cannot read is a plain one. */
export function translateSpan(span: SpanRecord): TranslatedSpan {
  const { dialect, facts } = readFacts(span);
  const translated: TranslatedSpan = {
    traceId: span.traceId,
    spanId: span.spanId,
    name: span.name,
    startMs: toMs(span.startTimeUnixNano),
    status: STATUSES[span.statusCode] ?? 'unset',
    dialect,
    facts,
  };
  if (span.endTimeUnixNano > 0n) translated.endMs = toMs(span.endTimeUnixNano);
  if (span.parentSpanId !== undefined && span.parentSpanId !== span.spanId)
    translated.parentId = span.parentSpanId;
  const flags = span.flags ?? 0;
  if ((flags & PARENT_REMOTENESS_KNOWN) !== 0) translated.localParent = (flags & PARENT_IS_REMOTE) === 0;
  if (span.statusMessage !== undefined) translated.statusMessage = span.statusMessage;
  if (span.scope.name !== '') translated.scope = span.scope.name;
  const { attributes } = span.resource;
  const serviceName = attributes['service.name'];
  if (typeof serviceName === 'string' && serviceName !== '') translated.serviceName = serviceName;
  const environment = attributes['deployment.environment.name'] ?? attributes['deployment.environment'];
  if (typeof environment === 'string' && environment !== '') translated.environment = environment;
  const link = span.links[0];
  if (link !== undefined) translated.link = { traceId: link.traceId, spanId: link.spanId };
  setSaidStatus(translated, facts);
  return translated;
}

/** Some dialects say in words of their own how a span ended, whatever its status. */
function setSaidStatus(translated: TranslatedSpan, facts: SpanFacts): void {
  if (facts.concept !== 'observation') return;
  const { status, statusMessage } = facts.observation;
  if (status !== undefined) translated.status = status;
  if (statusMessage !== undefined) translated.statusMessage ??= statusMessage;
}

function readFacts(span: SpanRecord): { dialect: string; facts: SpanFacts } {
  const dialect = pickDialect(span);
  try {
    return { dialect: dialect.name, facts: dialect.read(span) };
  } catch {
    // A value that no sample foresaw must not cost the span: it is kept and shown with its bare attributes.
    const attributes = { ...span.attributes };
    return {
      dialect: dialect.name,
      facts: { concept: 'observation', observation: { type: 'SPAN', name: span.name, attributes } },
    };
  }
}

/** Nanoseconds to milliseconds with three digits of fraction: more would not fit a double. */
export function toMs(nanos: bigint): number {
  return Number(nanos / 1000n) / 1000;
}

import type { JsonObject, JsonValue } from '../model/json.js';
import type { Observation } from '../model/observation.js';
import type { Session } from '../model/session.js';
import type { Step } from '../model/step.js';

/** What a dialect sees of a span. `src/otlp`'s SpanRecord fits it. */
export interface DialectSpan {
  /** 32 and 16 lower-case hex digits, for facts that speak of the span itself. */
  traceId?: string;
  spanId?: string;
  name: string;
  /** OTLP SpanKind. */
  kind: number;
  attributes: { readonly [key: string]: JsonValue };
  events: readonly { name: string; attributes: { readonly [key: string]: JsonValue } }[];
  links: readonly { traceId: string; spanId: string; attributes: { readonly [key: string]: JsonValue } }[];
  /** OTLP StatusCode: 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage?: string;
  scope: { name: string; version?: string };
  resource: { attributes: { readonly [key: string]: JsonValue } };
}

/** Fields that every reader of a span fills from the span itself, not from its attributes. */
type FromSpan =
  | 'id'
  | 'traceId'
  | 'parentId'
  | 'startMs'
  | 'endMs'
  | 'status'
  | 'statusMessage'
  | 'dialect'
  | 'scope';

/**
 * An observation without what its span says by itself. A status is among the facts of dialects that say it in words of
 * their own; it then goes before that of the span.
 */
export type ObservationFacts = Omit<Observation, FromSpan> &
  Partial<Pick<Observation, 'status' | 'statusMessage'>>;

/** What a span says, in canonical words. Fields that it does not say are absent. */
export type SpanFacts =
  | { concept: 'session'; sessionId: string; session: Partial<Session> }
  | { concept: 'step'; sessionId?: string; stepId: string; step: Partial<Step> }
  | {
      concept: 'amendment';
      target: { kind: 'session' | 'step' | 'event' | 'observation'; id: string };
      sessionId?: string;
      /** Only the fields that change. */
      fields: JsonObject;
    }
  | { concept: 'observation'; observation: ObservationFacts };

/**
 * One vocabulary of span attributes. `matches` says yes to its own spans and to no other dialect's, so that the order of
 * the list never matters; the plain reader takes what nobody claims.
 */
export interface Dialect {
  name: string;
  matches(span: DialectSpan): boolean;
  read(span: DialectSpan): SpanFacts;
  /** Canonical observation → the attributes by which this dialect says it. Absent for dialects that are only read. */
  write?(observation: Observation): { name: string; kind: number; attributes: JsonObject };
  /** What this dialect says of a session beyond an observation, on the span that begins one. */
  writeSession?(session: Partial<Session>): JsonObject;
  /** Real payloads: the contract test reads each, and holds every dialect's `matches` against all the others'. */
  samples: readonly { title: string; span: DialectSpan }[];
}

import type { Log } from '../../semconv/model/log.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { LogRecord, SpanRecord } from '../otlp/records.js';
import type { BlobStore } from './blob-store.js';

/** A page of a listing; `nextCursor` is absent on the last one. Cursors are opaque. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface PageQuery {
  /** 1 to 500, default 50. */
  limit?: number;
  cursor?: string;
}

export interface SessionQuery extends PageQuery {
  /** Only sessions with this status. */
  status?: Session['status'];
  agent?: string;
  user?: string;
  tag?: string;
  /** Only sessions updated at or after this time, in milliseconds since the epoch. */
  sinceMs?: number;
  /** Words to find in the sessions' names, tasks and messages. */
  text?: string;
}

/** Which log records; those of a session include those of its traces. */
export interface LogQuery extends PageQuery {
  sessionId?: string;
  traceId?: string;
  spanId?: string;
}

/** A trace in a listing: its root span, or the earliest one while the root is missing. */
export interface TraceSummary {
  traceId: string;
  sessionId: string;
  name: string;
  serviceName?: string;
  startMs: number;
  endMs?: number;
  spanCount: number;
  errorCount: number;
}

/** What one accepted batch changed, for those who watch. */
export interface StoreChange {
  sessionIds: string[];
  traceIds: string[];
  spanCount: number;
}

/**
 * The port behind which records are kept. `append` returns only when the batch is committed: what it accepted survives a
 * crash. A span that arrives again replaces the earlier copy (ended beats pending, later beats earlier).
 */
export interface Store {
  append(spans: readonly SpanRecord[]): Promise<StoreChange>;
  /**
   * Keeps log records, committed like spans; one that arrives again is one record. Events that say something of a span are
   * read as its own, and those that tell of work without a span become observations.
   */
  appendLogs(logs: readonly LogRecord[]): Promise<StoreChange>;
  /** Log records in order of time. */
  logs(query?: LogQuery): Promise<Page<Log>>;
  sessions(query?: SessionQuery): Promise<Page<Session>>;
  session(id: string): Promise<Session | undefined>;
  steps(sessionId: string): Promise<Step[]>;
  /** All observations of a session in order of start, the spans that are sessions, steps or amendments left out. */
  observations(sessionId: string): Promise<Observation[]>;
  observation(traceId: string, spanId: string): Promise<Observation | undefined>;
  traces(query?: PageQuery): Promise<Page<TraceSummary>>;
  /** Every span of a trace as received, in order of start. Empty when the trace is unknown. */
  rawSpans(traceId: string): Promise<SpanRecord[]>;
  /** The images that records refer to. */
  readonly blobs: BlobStore;
  stats(): Promise<StoreStats>;
  /** Rebuilds every projection from the raw spans. Returns how many spans were read. */
  reindex(): Promise<number>;
  close(): Promise<void>;
}

export interface StoreStats {
  spans: number;
  /** Log records. */
  logs: number;
  sessions: number;
  /** Bytes on disk, 0 for a store in memory. */
  bytes: number;
  /** Spans by dialect. */
  dialects: Record<string, number>;
}

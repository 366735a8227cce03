import type { Log } from '../../semconv/model/log.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Score } from '../../semconv/model/score.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { OtlpEncoding } from '../otlp/encoding.js';
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
  /** Words to find in the names, bodies and attributes of the records: each of them, from its beginning. */
  text?: string;
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

/** What to look for among observations: all that is given must hold. */
export interface SearchQuery extends PageQuery {
  /** Words, each of them from its beginning, in the preview of messages, arguments, results and names. */
  text?: string;
  /** Attributes of the span as received, by their dotted names; values are compared as text, structures as JSON. */
  attributes?: Readonly<Record<string, string>>;
  sessionId?: string;
  type?: Observation['type'];
  name?: string;
  /** Either the model that was asked for or the one that answered. */
  model?: string;
  status?: Observation['status'];
  /** Received at or after this time, in milliseconds since the epoch. */
  sinceMs?: number;
}

/** Which observations of one session. */
export interface ObservationQuery extends PageQuery {
  stepId?: string;
}

/** Which scores. */
export interface ScoreQuery extends PageQuery {
  /** Those found in this session, and those that name it as their target. */
  sessionId?: string;
  name?: string;
  /** Who or what judged, as `Score.source`. */
  source?: string;
}

/** A score with the observation that says it. */
export interface ScoreRecord {
  score: Score;
  traceId: string;
  spanId: string;
  sessionId?: string;
  /** The end of that observation; its start while it is open. */
  timeMs: number;
}

/** A part of a large trace: spans that overlap the window. */
export interface TraceWindowQuery extends PageQuery {
  /** Milliseconds since the epoch, both inclusive. */
  fromMs?: number;
  toMs?: number;
}

export type SqlCell = string | number | boolean | null;

/** One statement that only reads. */
export interface SqlQuery {
  sql: string;
  /** Values of its placeholders, in order. */
  params?: readonly SqlCell[];
  /** Most rows of the answer, 1 to 10,000. Default 1,000. */
  limit?: number;
}

export interface SqlResult {
  columns: string[];
  rows: SqlCell[][];
  /** True when there was more than the limits let through. */
  isTruncated?: true;
}

/** What one accepted batch changed, for those who watch. */
export interface StoreChange {
  sessionIds: string[];
  traceIds: string[];
  spanCount: number;
}

/** A request as it arrived, and the spans that were read from it. */
export interface ReceivedSpans {
  body: Uint8Array;
  encoding: OtlpEncoding;
  spans: readonly SpanRecord[];
}

/**
 * The port behind which records are kept. `append` returns only when the batch is committed: what it accepted survives a
 * crash. A span that arrives again replaces the earlier copy (ended beats pending, later beats earlier).
 */
export interface Store {
  append(spans: readonly SpanRecord[]): Promise<StoreChange>;
  /**
   * Commits requests as they arrived and leaves the rest to `project`: the quick way, for stores that have one. Every read
   * works out first what still waits.
   */
  receive?(requests: readonly ReceivedSpans[]): Promise<void>;
  /** Works out a piece of what was received; undefined when nothing waits. */
  project?(): Promise<StoreChange | undefined>;
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
  /** The same observations in the same order, a page at a time. */
  observationPage(sessionId: string, query?: ObservationQuery): Promise<Page<Observation>>;
  observation(traceId: string, spanId: string): Promise<Observation | undefined>;
  /**
   * Newest first, by arrival. A page may hold fewer than asked for, even none, and still have a next one: looking through
   * bodies is bounded.
   */
  search(query: SearchQuery): Promise<Page<Observation>>;
  /** Newest first, by the time of the score. */
  scores(query?: ScoreQuery): Promise<Page<ScoreRecord>>;
  traces(query?: PageQuery): Promise<Page<TraceSummary>>;
  /** Every span of a trace as received, in order of start. Empty when the trace is unknown. */
  rawSpans(traceId: string): Promise<SpanRecord[]>;
  /** Spans of a trace in order of start, a page at a time: a trace may be too large to read whole. */
  traceWindow(traceId: string, query?: TraceWindowQuery): Promise<Page<SpanRecord>>;
  /** Keeps a session from being removed for want of room, or no longer. False when there is no such session. */
  pin(sessionId: string, isPinned: boolean): Promise<boolean>;
  /** Removes a session: its spans, scores and log records. False when there is no such session. */
  remove(sessionId: string): Promise<boolean>;
  /**
   * Removes sessions that nothing was heard of since a time, in milliseconds since the epoch, pinned ones excepted. Returns
   * how many; the work of one call is bounded, so 0 says that none is left. Absent where a store has an expiry of its own.
   */
  expire?(beforeMs: number): Promise<number>;
  /** The images that records refer to. */
  readonly blobs: BlobStore;
  stats(): Promise<StoreStats>;
  /** Rebuilds every projection from the raw spans. Returns how many spans were read; `onProgress` hears of it meanwhile. */
  reindex(onProgress?: (spans: number) => void): Promise<number>;
  /**
   * Runs SQL that only reads over the views that docs/sql.md names, with limits on time, rows and bytes. Absent where a
   * store has no SQL. Rejects with SPOOR_SQL_REFUSED or SPOOR_SQL_LIMIT.
   */
  sql?(query: SqlQuery): Promise<SqlResult>;
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

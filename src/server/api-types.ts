import type { StuckReport } from '../../semconv/model/finding.js';
import type { WorkflowGraph } from '../../semconv/model/graph.js';
import type { Log } from '../../semconv/model/log.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { Page, ScoreRecord, SqlCell, SqlResult, StoreStats, TraceSummary } from '../store/store.js';

/** `GET /api/sessions?limit&cursor&status&agent&user&tag&since&q` */
export type SessionsResponse = Page<Session>;

/** `GET /api/sessions/:id` — everything the session page shows. */
export interface SessionResponse {
  session: Session;
  steps: Step[];
  /** In order of start. All of them, but for sessions of more than 5,000: of these the first 1,000. */
  observations: Observation[];
  /** The cursor with which `GET /api/sessions/:id/observations` goes on; absent when all are here. */
  nextCursor?: string;
}

/** `GET /api/sessions/:id/observations?step&limit&cursor`, in order of start. */
export type ObservationsResponse = Page<Observation>;

/** `DELETE /api/sessions/:id` */
export interface RemovedResponse {
  removed: true;
}

/** `PUT` and `DELETE /api/sessions/:id/pin` */
export interface PinResponse {
  pinned: boolean;
}

/**
 * `GET /api/search?q&attr=key=value&session&type&name&model&status&since&limit&cursor`, newest first. `attr` may be given
 * more than once. A page may hold fewer than asked for, even none, and still have a next one.
 */
export type SearchResponse = Page<Observation>;

/** `GET /api/scores?session&name&source&limit&cursor`, newest first. */
export type ScoresResponse = Page<ScoreRecord>;

/** `POST /api/sql`, off unless asked for; scope `read`. With `accept: text/csv` the answer is CSV. */
export interface SqlRequest {
  sql: string;
  params?: SqlCell[];
  /** 1 to 10,000, default 1,000. */
  limit?: number;
}
export type SqlResponse = SqlResult;

/** `GET /api/observations/:traceId/:spanId` */
export type ObservationResponse = Observation;

/** `GET /api/sessions/:id/logs?q&limit&cursor` and `GET /api/traces/:traceId/logs?span&q&limit&cursor`, in order of time. */
export type LogsResponse = Page<Log>;

/** `GET /api/traces?limit&cursor` */
export type TracesResponse = Page<TraceSummary>;

/**
 * `GET /api/traces/:traceId/spans` — OTLP/JSON: `{ resourceSpans: [...] }`. With `?from&to&limit&cursor` a page of the spans
 * that overlap these times, in order of start.
 */
export interface RawSpansResponse {
  resourceSpans: unknown[];
  nextCursor?: string;
}

/** `GET /api/sessions/:id/graph?top&similarity` and `GET /api/graph?limit&status&agent&user&tag&experiment&since&q&top&similarity` */
export type GraphResponse = WorkflowGraph;

/** `GET /api/sessions/:id/stuck` */
export type StuckResponse = StuckReport;

/** `GET /api/stats` */
export interface StatsResponse extends StoreStats {
  version: string;
  startedMs: number;
  received: {
    requests: number;
    spans: number;
    rejectedRequests: number;
    rejectedSpans: number;
    logRequests: number;
    logs: number;
    rejectedLogs: number;
    /** Metrics are counted, not kept. */
    metricRequests: number;
    metricPoints: number;
  };
  /** One for each target that spans are forwarded to. Counts are since the start. */
  forward?: ForwardStats[];
}

/** How forwarding to one target stands. */
export interface ForwardStats {
  url: string;
  /** Absent: spans are passed on as they came. */
  dialect?: string;
  /** What waits on disk. */
  waitingBytes: number;
  sentSpans: number;
  /** The receiver said that it can never use them. */
  refusedSpans: number;
  /** The queue was full, or could not be written. */
  droppedSpans: number;
  sentLogs: number;
  refusedLogs: number;
  droppedLogs: number;
  /** Why the last attempt failed; absent while all is well. */
  lastError?: string;
}

/**
 * `PUT /api/blobs/sha256/:hash` — the bytes of an image; 201 when it is new. `GET` of the same path gives the bytes. The
 * answer to spans names the largest size in its header `spoor-blobs`.
 */
export interface BlobResponse {
  /** `sha256:` and the hash: what records refer to it by. */
  reference: string;
  mediaType: string;
  bytes: number;
}

/**
 * `GET /api/live?session=ID` — server-sent events. `event: change`, `id: <sequence>`, data as below. A client that
 * reconnects with `Last-Event-ID` gets what it missed, or a `reset` event when that is no longer known.
 */
export interface LiveChange {
  sessions: Session[];
  traceIds: string[];
}

/** Every error body of `/api`. */
export interface ApiError {
  error: { code: string; message: string };
}

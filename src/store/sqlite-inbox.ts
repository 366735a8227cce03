import { decodeTraceRequest } from '../otlp/decode.js';
import type { OtlpEncoding } from '../otlp/encoding.js';
import type { SpanRecord } from '../otlp/records.js';
import type { LedgerChange } from '../translate/ledger.js';
import type { Database, SqlRow } from './sqlite-engine.js';
import type { SqliteWriter } from './sqlite-writer.js';
import type { ReceivedSpans } from './store.js';

/** Spans that are projected in one transaction: others get a turn after it. */
const PIECE = 500;
/** What may wait. A read, or a request that brings more, waits until it is worked out. */
const MAX_SPANS = 4000;
const MAX_BYTES = 16 * 1024 * 1024;

/** Requests that are committed as they arrived and wait until their spans are projected. */
export interface SqliteInbox {
  readonly isEmpty: boolean;
  /** True when so much waits that it has to be worked out before more is taken. */
  readonly isFull: boolean;
  /** Commits requests, in one transaction. */
  receive(requests: readonly ReceivedSpans[], nowMs: number): void;
  /** Projects one piece of what waits; undefined when nothing does. What is projected waits no more, in the same transaction. */
  project(): LedgerChange | undefined;
}

interface Waiting {
  id: number;
  receivedMs: number;
  spans: readonly SpanRecord[];
  /** Of the body, as a measure of what the spans take. */
  bytes: number;
  /** How many of them are projected. */
  done: number;
}

/** Makes the inbox of a database, with what a process that was killed left in it. */
export function createSqliteInbox(database: Database, writer: SqliteWriter): SqliteInbox {
  const add = database.prepare('INSERT INTO inbox (received_ms, encoding, body) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM inbox WHERE id = ?');
  const waiting: Waiting[] = database
    .prepare('SELECT id, received_ms, encoding, body FROM inbox ORDER BY id')
    .all()
    .flatMap((row) => toWaiting(row) ?? []);

  /** The next spans of requests that arrived at the same time. */
  function next(maxRequests: number): { requests: Waiting[]; spans: SpanRecord[]; rest: number } {
    const requests: Waiting[] = [];
    const spans: SpanRecord[] = [];
    for (const request of waiting.slice(0, maxRequests)) {
      if (request.receivedMs !== waiting[0]?.receivedMs || spans.length >= PIECE) break;
      requests.push(request);
      spans.push(...request.spans.slice(request.done, request.done + PIECE - spans.length));
    }
    const known = requests.reduce((sum, request) => sum + request.spans.length - request.done, 0);
    return { requests, spans, rest: known - spans.length };
  }

  function projectNext(maxRequests: number): LedgerChange {
    const { requests, spans, rest } = next(maxRequests);
    const last = requests.at(-1) as Waiting;
    const finished = rest === 0 ? requests : requests.slice(0, -1);
    const change = writer.append(spans, last.receivedMs, () => {
      for (const { id } of finished) remove.run(id);
    });
    waiting.splice(0, finished.length);
    if (rest > 0) last.done = last.spans.length - rest;
    return change;
  }

  return {
    get isEmpty() {
      return waiting.length === 0;
    },
    get isFull() {
      let spans = 0;
      let bytes = 0;
      for (const request of waiting) {
        spans += request.spans.length - request.done;
        bytes += request.bytes;
      }
      return spans > MAX_SPANS || bytes > MAX_BYTES;
    },
    receive(requests, nowMs) {
      const ids = writer.commit(() =>
        requests.map(({ encoding, body }) => Number(add.run(nowMs, encoding, body).lastInsertRowid)),
      );
      for (const [i, { spans, body }] of requests.entries())
        waiting.push({ id: ids[i] as number, receivedMs: nowMs, spans, bytes: body.length, done: 0 });
    },
    project() {
      if (waiting.length === 0) return undefined;
      try {
        return projectNext(waiting.length);
      } catch (error) {
        if (isPassing(error)) throw error;
      }
      try {
        return projectNext(1);
      } catch (error) {
        if (isPassing(error)) throw error;
        // It must not hold up the others. It stays in the file, and is tried again when the file is opened next.
        waiting.shift();
        return { accepted: [], sessionIds: [], traceIds: [] };
      }
    },
  };
}

/** True for what the disk or another process did, which may be over at the next try. */
function isPassing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^E[A-Z]|^SQLITE_/.test(code);
}

/** Undefined for what this version cannot read any more: it stays in the file. */
function toWaiting(row: SqlRow): Waiting | undefined {
  const encoding: OtlpEncoding = row.encoding === 'json' ? 'json' : 'protobuf';
  const body = row.body as Uint8Array;
  try {
    const { spans } = decodeTraceRequest(body, encoding);
    return { id: Number(row.id), receivedMs: Number(row.received_ms), spans, bytes: body.length, done: 0 };
  } catch {
    return undefined;
  }
}

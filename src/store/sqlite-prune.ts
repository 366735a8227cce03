import { performance } from 'node:perf_hooks';
import { SpoorError } from '../shared/errors.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { SqliteCounts } from './sqlite-counts.js';
import type { Database, SqlRow } from './sqlite-engine.js';
import type { SqliteWriter } from './sqlite-writer.js';

/** After pruning, this share of the cap is used: room for many batches before it has to be done again. */
const TARGET_SHARE = 0.9;
/** So few go in one transaction that nobody waits long for it. */
const SESSIONS_AT_ONCE = 4;
const LOGS_AT_ONCE = 2000;
/** How long one batch may be held up to make more room than it needs. */
const PIECE_MS = 20;
const PAGES_AT_ONCE = 256;

/** Keeps a file under its cap. */
export interface Pruner {
  /** Bytes that the file holds, free pages left out. */
  bytes(): number;
  /** Throws SPOOR_STORE_FULL when the cap is reached and nothing more could be removed. */
  assertRoom(): void;
  /**
   * Removes the sessions that were updated longest ago, but for those of the batch just written: as many as the cap needs at
   * once, and more in pieces, a batch at a time.
   */
  prune(keep: readonly string[]): void;
  /** Removes one session, with all that belongs to it. */
  remove(sessionId: string): void;
  /** Removes some of the sessions that nothing was heard of since; returns how many. */
  expire(beforeMs: number): number;
}

/** Makes the pruner of a database. */
export function createPruner(
  database: Database,
  writer: SqliteWriter,
  { contents, counts }: { contents: SqliteContents; counts: SqliteCounts },
  maxBytes: number,
): Pruner {
  const pageCount = database.prepare('PRAGMA page_count');
  const freePages = database.prepare('PRAGMA freelist_count');
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  const oldest = database.prepare(`
    SELECT id FROM sessions WHERE id NOT IN (SELECT value FROM json_each(?))
    AND id NOT IN (SELECT session_id FROM pins)
    ORDER BY updated_ms, id LIMIT ?`);
  const aged = database.prepare(`
    SELECT id FROM sessions WHERE updated_ms < ? AND id NOT IN (SELECT session_id FROM pins)
    ORDER BY updated_ms, id LIMIT ${SESSIONS_AT_ONCE}`);
  const spansOf = database.prepare(
    'SELECT s.id, s.trace_id, s.span_id, s.dialect, b.refs FROM spans s LEFT JOIN bodies b ON b.id = s.id WHERE s.session_id = ?',
  );
  const rowDeletes = [
    'DELETE FROM previews WHERE rowid = ?',
    'DELETE FROM bodies WHERE id = ?',
    'DELETE FROM spans WHERE id = ?',
  ].map((sql) => database.prepare(sql));
  const sessionDeletes = [
    'DELETE FROM steps WHERE session_id = ?',
    'DELETE FROM session_tags WHERE session_id = ?',
    'DELETE FROM pins WHERE session_id = ?',
  ].map((sql) => database.prepare(sql));
  /** By the span that made it: to look for those of a session would be to look at all. */
  const deletePatch = database.prepare('DELETE FROM patches WHERE trace_id = ? AND span_id = ?');
  const deleteSessionRow = database.prepare('DELETE FROM sessions WHERE id = ?');
  const deleteTrace = database.prepare(
    'DELETE FROM traces WHERE trace_id = ?1 AND NOT EXISTS (SELECT 1 FROM spans WHERE trace_id = ?1)',
  );

  function bytes(): number {
    const pages = Number(pageCount.get()?.page_count) - Number(freePages.get()?.freelist_count);
    return pages * pageSize;
  }

  const logsOf = database.prepare('SELECT id, refs FROM logs WHERE session_id = ?');
  const looseLogsOf = database.prepare(
    'SELECT id, refs FROM logs WHERE trace_id = ?1 AND NOT EXISTS (SELECT 1 FROM spans WHERE trace_id = ?1)',
  );
  // Records that belong to no session have no age of their own: the oldest go with the oldest sessions.
  const isLoose = `NOT EXISTS (SELECT 1 FROM spans WHERE trace_id = l.trace_id)
    AND (session_id IS NULL OR NOT EXISTS (SELECT 1 FROM sessions WHERE id = l.session_id))`;
  const oldestLogs = database.prepare(
    `SELECT id, refs FROM logs l WHERE ${isLoose} ORDER BY id LIMIT ${LOGS_AT_ONCE}`,
  );
  // To look through all of them for each piece would take longer the more there are.
  const nextLogs = database.prepare(
    `SELECT id, refs, ${isLoose} AS loose FROM logs l WHERE id > ? ORDER BY id LIMIT ${LOGS_AT_ONCE}`,
  );
  let lastLog = 0;
  let isPruning = false;
  /** What the file may hold. A file that was over its cap when it was opened comes down to it in pieces. */
  let ceiling = Math.max(maxBytes, bytes());
  const deleteLog = database.prepare('DELETE FROM logs WHERE id = ?');

  function deleteLogs(rows: readonly SqlRow[]): void {
    for (const row of rows) {
      contents.count(JSON.parse(String(row.refs)) as number[], -1);
      deleteLog.run(Number(row.id));
    }
    counts.add('logs', '', -rows.length);
  }

  /** Records without a session or spans: the next ones, or the oldest when no session is left. */
  function looseLogs(hasSessions: boolean): SqlRow[] {
    if (!hasSessions) return oldestLogs.all();
    const rows = nextLogs.all(lastLog);
    lastLog = Number(rows.at(-1)?.id ?? 0);
    return rows.filter((row) => row.loose === 1);
  }

  function deleteSession(sessionId: string): void {
    const traceIds = new Set<string>();
    for (const row of spansOf.all(sessionId)) {
      const id = Number(row.id);
      traceIds.add(String(row.trace_id));
      if (row.refs !== null) contents.count(JSON.parse(String(row.refs)) as number[], -1);
      deletePatch.run(String(row.trace_id), String(row.span_id));
      for (const statement of rowDeletes) statement.run(id);
      counts.add('dialect', String(row.dialect), -1);
    }
    for (const statement of sessionDeletes) statement.run(sessionId);
    counts.add('sessions', '', -Number(deleteSessionRow.run(sessionId).changes));
    deleteLogs(logsOf.all(sessionId));
    for (const traceId of traceIds) {
      deleteTrace.run(traceId);
      deleteLogs(looseLogsOf.all(traceId));
    }
  }

  /** As many as hold what is too much, if all are of one size: large ones must not go for the sake of a few bytes. */
  function sessionsToGo(): number {
    const held = bytes();
    const share = (held - maxBytes * TARGET_SHARE) / Math.max(1, held);
    const wanted = Math.ceil(share * (counts.of('sessions')[''] ?? 0));
    return Math.max(1, Math.min(SESSIONS_AT_ONCE, wanted));
  }

  /** One transaction; false when nothing is left that could be removed. */
  function prunePiece(keep: readonly string[]): boolean {
    const ids = oldest.all(JSON.stringify(keep), sessionsToGo()).map((row) => String(row.id));
    const loose = looseLogs(ids.length > 0);
    if (ids.length === 0 && loose.length === 0) return false;
    writer.change(() => {
      deleteLogs(loose);
      for (const id of ids) deleteSession(id);
    });
    return true;
  }

  function prune(keep: readonly string[]): void {
    if (!isPruning && bytes() <= maxBytes) return;
    isPruning = true;
    const until = performance.now() + PIECE_MS;
    while (isPruning && (bytes() > ceiling || performance.now() < until)) {
      isPruning = bytes() > maxBytes * TARGET_SHARE && prunePiece(keep);
    }
    ceiling = Math.max(maxBytes, Math.min(ceiling, bytes()));
    // Free pages are used again; only a file that is larger than its cap has to shrink.
    if (Number(pageCount.get()?.page_count) * pageSize > maxBytes)
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
  }

  return {
    bytes,
    remove(sessionId) {
      writer.change(() => deleteSession(sessionId));
    },
    expire(beforeMs) {
      const ids = aged.all(beforeMs).map((row) => String(row.id));
      if (ids.length > 0)
        writer.change(() => {
          for (const id of ids) deleteSession(id);
        });
      return ids.length;
    },
    assertRoom() {
      if (bytes() <= maxBytes) return;
      prune([]);
      if (bytes() <= maxBytes || (isPruning && bytes() <= ceiling)) return;
      throw new SpoorError(
        'SPOOR_STORE_FULL',
        `The store holds ${bytes()} bytes, its cap is ${maxBytes}, and no older session is left to remove; pinned ones are kept.`,
      );
    },
    prune,
  };
}

import { SpoorError } from '../shared/errors.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { Database, SqlRow } from './sqlite-engine.js';
import type { SqliteWriter } from './sqlite-writer.js';

/** After pruning, this share of the cap is used: room for many batches before it has to be done again. */
const TARGET_SHARE = 0.9;
const SESSIONS_AT_ONCE = 16;
const LOGS_AT_ONCE = 2000;

/** Keeps a file under its cap. */
export interface Pruner {
  /** Bytes that the file holds, free pages left out. */
  bytes(): number;
  /** Throws SPOOR_STORE_FULL when the cap is reached and nothing more could be removed. */
  assertRoom(): void;
  /** Removes the sessions that were updated longest ago, but for those of the batch just written. */
  prune(keep: readonly string[]): void;
}

/** Makes the pruner of a database. */
export function createPruner(
  database: Database,
  writer: SqliteWriter,
  contents: SqliteContents,
  maxBytes: number,
): Pruner {
  const pageCount = database.prepare('PRAGMA page_count');
  const freePages = database.prepare('PRAGMA freelist_count');
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  const oldest = database.prepare(`
    SELECT id FROM sessions WHERE id NOT IN (SELECT value FROM json_each(?))
    ORDER BY updated_ms, id LIMIT ${SESSIONS_AT_ONCE}`);
  const spansOf = database.prepare(
    'SELECT s.id, s.trace_id, b.refs FROM spans s LEFT JOIN bodies b ON b.id = s.id WHERE s.session_id = ?',
  );
  const rowDeletes = [
    'DELETE FROM previews WHERE rowid = ?',
    'DELETE FROM bodies WHERE id = ?',
    'DELETE FROM spans WHERE id = ?',
  ].map((sql) => database.prepare(sql));
  const sessionDeletes = [
    'DELETE FROM patches WHERE session_id = ?',
    'DELETE FROM steps WHERE session_id = ?',
    'DELETE FROM sessions WHERE id = ?',
  ].map((sql) => database.prepare(sql));
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
  const oldestLogs = database.prepare(`
    SELECT id, refs FROM logs l WHERE NOT EXISTS (SELECT 1 FROM spans WHERE trace_id = l.trace_id)
    AND (session_id IS NULL OR NOT EXISTS (SELECT 1 FROM sessions WHERE id = l.session_id))
    ORDER BY id LIMIT ${LOGS_AT_ONCE}`);
  const deleteLog = database.prepare('DELETE FROM logs WHERE id = ?');

  function deleteLogs(rows: readonly SqlRow[]): void {
    for (const row of rows) {
      contents.count(JSON.parse(String(row.refs)) as number[], -1);
      deleteLog.run(Number(row.id));
    }
  }

  function deleteSession(sessionId: string): void {
    const traceIds = new Set<string>();
    for (const row of spansOf.all(sessionId)) {
      const id = Number(row.id);
      traceIds.add(String(row.trace_id));
      if (row.refs !== null) contents.count(JSON.parse(String(row.refs)) as number[], -1);
      for (const statement of rowDeletes) statement.run(id);
    }
    for (const statement of sessionDeletes) statement.run(sessionId);
    deleteLogs(logsOf.all(sessionId));
    for (const traceId of traceIds) {
      deleteTrace.run(traceId);
      deleteLogs(looseLogsOf.all(traceId));
    }
  }

  function prune(keep: readonly string[]): void {
    if (bytes() <= maxBytes) return;
    while (bytes() > maxBytes * TARGET_SHARE) {
      const ids = oldest.all(JSON.stringify(keep)).map((row) => String(row.id));
      const loose = oldestLogs.all();
      if (ids.length === 0 && loose.length === 0) break;
      writer.change(() => {
        deleteLogs(loose);
        for (const id of ids) deleteSession(id);
        contents.flush();
        contents.sweep();
      });
    }
    database.exec('PRAGMA incremental_vacuum');
  }

  return {
    bytes,
    assertRoom() {
      if (bytes() <= maxBytes) return;
      prune([]);
      if (bytes() <= maxBytes) return;
      throw new SpoorError(
        'SPOOR_STORE_FULL',
        `The store holds ${bytes()} bytes, its cap is ${maxBytes}, and no older session is left to remove.`,
      );
    },
    prune,
  };
}

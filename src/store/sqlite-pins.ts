import type { Database } from './sqlite-engine.js';

/** Sessions that are kept when room has to be made. */
export interface SqlitePins {
  set(sessionId: string, isPinned: boolean): void;
  /** Those of some sessions that are pinned. */
  among(sessionIds: readonly string[]): ReadonlySet<string>;
}

/** Opens the pins of a database. */
export function createSqlitePins(database: Database): SqlitePins {
  const add = database.prepare('INSERT OR IGNORE INTO pins (session_id) VALUES (?)');
  const remove = database.prepare('DELETE FROM pins WHERE session_id = ?');
  const find = database.prepare(
    'SELECT session_id FROM pins WHERE session_id IN (SELECT value FROM json_each(?))',
  );
  return {
    set(sessionId, isPinned) {
      (isPinned ? add : remove).run(sessionId);
    },
    among: (sessionIds) => new Set(find.all(JSON.stringify(sessionIds)).map((row) => String(row.session_id))),
  };
}

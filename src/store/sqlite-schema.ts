import { SpoorError } from '../shared/errors.js';
import type { Database } from './sqlite-engine.js';

/**
 * Each entry takes a file from the version of its index to the next one. Entries are never changed once released: a new
 * version is a new entry.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- Where a span belongs. node is NULL only while the projections are rebuilt.
  CREATE TABLE spans (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    session_id TEXT,
    step_id TEXT,
    dialect TEXT,
    received_ms REAL NOT NULL,
    node TEXT
  );
  CREATE UNIQUE INDEX spans_identity ON spans (trace_id, span_id);
  CREATE INDEX spans_session ON spans (session_id);
  CREATE INDEX spans_dialect ON spans (dialect);

  -- The span as received, but for its large values: these are in contents, by the ids in refs.
  CREATE TABLE bodies (id INTEGER PRIMARY KEY, refs TEXT, body TEXT NOT NULL);
  -- Ids are never used again: a reader in another process may remember the text of one.
  CREATE TABLE contents (id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL, uses INTEGER NOT NULL);
  CREATE UNIQUE INDEX contents_hash ON contents (hash);
  CREATE TABLE content_bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL);

  -- Projections: everything below can be rebuilt.
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    updated_ms REAL NOT NULL,
    status TEXT NOT NULL,
    agent_name TEXT,
    agent_id TEXT,
    user_id TEXT,
    tags TEXT,
    tally TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX sessions_updated ON sessions (updated_ms DESC, id);
  CREATE TABLE steps (
    session_id TEXT NOT NULL, step_id TEXT NOT NULL, tally TEXT NOT NULL, PRIMARY KEY (session_id, step_id)
  ) WITHOUT ROWID;
  CREATE TABLE traces (trace_id TEXT PRIMARY KEY, start_ms REAL NOT NULL, trace TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX traces_start ON traces (start_ms DESC, trace_id);
  CREATE TABLE patches (
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, session_id TEXT,
    patch TEXT NOT NULL, PRIMARY KEY (trace_id, span_id)
  ) WITHOUT ROWID;
  CREATE INDEX patches_target ON patches (kind, target);
  CREATE VIRTUAL TABLE previews USING fts5 (
    text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'unicode61 remove_diacritics 2'
  );
  `,
  `
  -- Log records as received; telling ones say something of a span or are an observation of their own.
  CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    trace_id TEXT,
    span_id TEXT,
    session_id TEXT,
    time_ms REAL NOT NULL,
    received_ms REAL NOT NULL,
    telling INTEGER NOT NULL,
    refs TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX logs_key ON logs (key);
  CREATE INDEX logs_trace ON logs (trace_id, span_id) WHERE trace_id IS NOT NULL;
  CREATE INDEX logs_session ON logs (session_id) WHERE session_id IS NOT NULL;
  `,
  `
  -- Requests as they arrived, of which the spans are still to be projected.
  CREATE TABLE inbox (id INTEGER PRIMARY KEY, received_ms REAL NOT NULL, encoding TEXT NOT NULL, body BLOB NOT NULL);
  `,
  `
  -- Sessions that are kept when room has to be made.
  CREATE TABLE pins (session_id TEXT PRIMARY KEY) WITHOUT ROWID;

  -- Projections. The span is a row of spans; what is said of a removed one goes with it.
  CREATE TABLE scores (
    span INTEGER NOT NULL, place INTEGER NOT NULL, time_ms REAL NOT NULL, name TEXT NOT NULL, source TEXT,
    target_kind TEXT NOT NULL, target_id TEXT NOT NULL, score TEXT NOT NULL, PRIMARY KEY (span, place)
  ) WITHOUT ROWID;
  CREATE INDEX scores_time ON scores (time_ms, span, place);
  CREATE INDEX scores_target ON scores (target_kind, target_id);
  CREATE TRIGGER spans_removed AFTER DELETE ON spans BEGIN DELETE FROM scores WHERE span = old.id; END;
  CREATE VIRTUAL TABLE log_previews USING fts5 (
    text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER logs_removed AFTER DELETE ON logs BEGIN DELETE FROM log_previews WHERE rowid = old.id; END;
  `,
  `
  -- How many rows there are of what is asked for often: to count them would take longer the more there are.
  CREATE TABLE counts (kind TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
  INSERT INTO counts SELECT 'dialect', dialect, COUNT(*) FROM spans WHERE dialect IS NOT NULL GROUP BY dialect;
  INSERT INTO counts SELECT 'sessions', '', COUNT(*) FROM sessions;
  INSERT INTO counts SELECT 'logs', '', COUNT(*) FROM logs;
  DROP INDEX spans_dialect;

  -- Each filter of sessions finds them in the order of the listing.
  CREATE INDEX sessions_status ON sessions (status, updated_ms DESC, id);
  CREATE INDEX sessions_agent_name ON sessions (agent_name, updated_ms DESC, id) WHERE agent_name IS NOT NULL;
  CREATE INDEX sessions_agent_id ON sessions (agent_id, updated_ms DESC, id) WHERE agent_id IS NOT NULL;
  CREATE INDEX sessions_user ON sessions (user_id, updated_ms DESC, id) WHERE user_id IS NOT NULL;
  CREATE TABLE session_tags (
    session_id TEXT NOT NULL, tag TEXT NOT NULL, updated_ms REAL NOT NULL, PRIMARY KEY (session_id, tag)
  ) WITHOUT ROWID;
  CREATE INDEX session_tags_tag ON session_tags (tag, updated_ms DESC, session_id);
  INSERT INTO session_tags
    SELECT DISTINCT s.id, t.value, s.updated_ms FROM sessions s, json_each(s.tags) t WHERE s.tags IS NOT NULL;
  `,
];

/** The version of the files that this code writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;
/** Raised whenever the same spans make other projections: files with another number are rebuilt when they are opened. */
export const PROJECTION_VERSION = '2';

/** Settings of a connection that writes. */
export function tuneWriter(database: Database): void {
  // Before the first table: page size and vacuum mode cannot be changed later.
  database.exec(`
    PRAGMA page_size = 16384;
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -65536;
    PRAGMA journal_size_limit = 67108864;
  `);
}

/** Brings a file to the current version, or to an earlier one. Throws SPOOR_STORE_NEWER when it is of a later one. */
export function migrate(database: Database, path: string, to: number = SCHEMA_VERSION): void {
  checkVersion(database, path);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have done it while this one waited.
    for (let version = versionOf(database); version < to; version++) {
      database.exec(MIGRATIONS[version] as string);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Throws SPOOR_STORE_NEWER when a file is of a later version than this code knows. */
export function checkVersion(database: Database, path: string): void {
  const version = versionOf(database);
  if (version <= SCHEMA_VERSION) return;
  throw new SpoorError(
    'SPOOR_STORE_NEWER',
    `${path} is of version ${version}; this spoor reads up to ${SCHEMA_VERSION}. Update spoor, or use another file.`,
  );
}

/** Throws SPOOR_STORE_OLDER when a file that may only be read lacks tables that this code reads. */
export function assertCurrent(database: Database, path: string): void {
  const version = versionOf(database);
  if (version >= SCHEMA_VERSION) return;
  throw new SpoorError(
    'SPOOR_STORE_OLDER',
    `${path} is of version ${version}; this spoor reads version ${SCHEMA_VERSION}, and may not change the file here. ` +
      'Run `spoor reindex --data <folder>` once, which brings it up to date.',
  );
}

function versionOf(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

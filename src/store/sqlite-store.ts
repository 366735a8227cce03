import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SpoorError } from '../shared/errors.js';
import type { BlobStore } from './blob-store.js';
import { monotonicClock } from './clock.js';
import { createFileBlobs } from './file-blobs.js';
import { createSqliteContents } from './sqlite-contents.js';
import { createSqliteCounts } from './sqlite-counts.js';
import { isDiskFull, openDatabase, type Database } from './sqlite-engine.js';
import { createSqliteInbox, type SqliteInbox } from './sqlite-inbox.js';
import { createSqliteLogs } from './sqlite-logs.js';
import { createSqlitePins } from './sqlite-pins.js';
import { createPruner, type Pruner } from './sqlite-prune.js';
import { createSqliteReader } from './sqlite-reader.js';
import { createRowReader } from './sqlite-rows.js';
import { assertCurrent, checkVersion, migrate, PROJECTION_VERSION, tuneWriter } from './sqlite-schema.js';
import { createSqliteScores } from './sqlite-scores.js';
import { createSqliteSearch } from './sqlite-search.js';
import { createSqliteSql } from './sqlite-sql.js';
import { createSqliteTables } from './sqlite-tables.js';
import { createSqliteWindows } from './sqlite-windows.js';
import { createSqliteWriter } from './sqlite-writer.js';
import type { LedgerChange } from '../translate/ledger.js';
import { settledFirst } from './settled-first.js';
import type { Store, StoreChange } from './store.js';

const DEFAULT_MAX_BYTES = 2 * 1024 ** 3;
const DEFAULT_MAX_BLOB_BYTES = 1024 ** 3;
const NO_CHANGE: StoreChange = { sessionIds: [], traceIds: [], spanCount: 0 };

export interface SqliteStoreOptions {
  /** The file; it is made, with its folder, when it is missing. */
  path: string;
  /** The oldest sessions are removed when the file holds more. Default 2 GiB. */
  maxBytes?: number;
  /** Folder of the images. Default: `blobs` beside the file. */
  blobDir?: string;
  /** The oldest images are removed when the folder holds more. Default 1 GiB. */
  maxBlobBytes?: number;
  /** Opens a file that another process writes, only to read it. */
  readOnly?: boolean;
  /** The clock, in milliseconds since the epoch. */
  now?: () => number;
  /** Gets a line before and after long work, such as making records anew. */
  log?: (line: string) => void;
}

/**
 * A store in one SQLite file. Throws SPOOR_SQLITE_MISSING when there is no engine, SPOOR_STORE_NEWER when the file was
 * written by a later version. `append` rejects with SPOOR_STORE_FULL when the disk or the size cap leaves no room.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, maxBytes = DEFAULT_MAX_BYTES, readOnly = false } = options;
  if (!readOnly) mkdirSync(dirname(path), { recursive: true });
  const database = openDatabase(path, readOnly);
  try {
    checkVersion(database, path);
    if (readOnly) assertCurrent(database, path);
    else {
      tuneWriter(database);
      migrate(database, path);
    }
    const blobs = createFileBlobs({
      folder: options.blobDir ?? join(dirname(path), 'blobs'),
      maxBytes: options.maxBlobBytes ?? DEFAULT_MAX_BLOB_BYTES,
      readOnly,
    });
    return createStore(database, blobs, {
      path,
      maxBytes,
      readOnly,
      now: options.now ?? Date.now,
      log: options.log ?? (() => {}),
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

function createStore(
  database: Database,
  blobs: BlobStore,
  options: Required<Pick<SqliteStoreOptions, 'path' | 'maxBytes' | 'readOnly' | 'now' | 'log'>>,
): Store {
  const { maxBytes, readOnly } = options;
  const counts = createSqliteCounts(database);
  const tables = createSqliteTables(database, counts);
  const contents = createSqliteContents(database);
  const logs = createSqliteLogs(database, contents);
  const pins = createSqlitePins(database);
  const scores = createSqliteScores(database);
  const rows = createRowReader(tables, contents, logs);
  const windows = createSqliteWindows(database, rows);
  const search = createSqliteSearch(database, rows);
  const reader = createSqliteReader(database, rows, pins, counts);
  const writer = createSqliteWriter(database, tables, contents, logs, scores, counts);
  const pruner = createPruner(database, writer, { contents, counts }, maxBytes);
  const newest = database.prepare('SELECT MAX(updated_ms) AS ms FROM sessions').get()?.ms;
  const now = monotonicClock(options.now, Number(newest ?? 0));
  if (!readOnly) rebuildIfOutdated(database, writer.reindex, options.log);
  const inbox = readOnly ? undefined : createSqliteInbox(database, writer);
  let closed = false;

  const keep = async (write: (nowMs: number) => LedgerChange): Promise<StoreChange> =>
    orFull(() => {
      pruner.assertRoom();
      const { accepted, sessionIds, traceIds } = write(now());
      pruner.prune(sessionIds);
      return { sessionIds, traceIds, spanCount: accepted.filter(Boolean).length };
    });

  const store: Store = {
    append: async (spans) => (spans.length === 0 ? NO_CHANGE : keep((nowMs) => writer.append(spans, nowMs))),
    appendLogs: async (records) =>
      records.length === 0 ? NO_CHANGE : keep((nowMs) => writer.appendLogs(records, nowMs)),
    logs: async (query = {}) => logs.page(query),
    sessions: async (query = {}) => reader.sessions(query),
    session: async (id) => reader.session(id),
    steps: async (sessionId) => reader.steps(sessionId),
    observations: async (sessionId) => reader.observations(sessionId),
    observationPage: async (sessionId, query = {}) => windows.observations(sessionId, query),
    observation: async (traceId, spanId) => reader.observation(traceId, spanId),
    search: async (query) => search(query),
    scores: async (query = {}) => scores.page(query),
    traces: async (query = {}) => reader.traces(query),
    rawSpans: async (traceId) => reader.rawSpans(traceId),
    traceWindow: async (traceId, query = {}) => windows.spans(traceId, query),
    pin: async (sessionId, isPinned) => {
      if (reader.session(sessionId) === undefined) return false;
      writer.commit(() => pins.set(sessionId, isPinned));
      return true;
    },
    remove: async (sessionId) => {
      if (reader.session(sessionId) === undefined) return false;
      pruner.remove(sessionId);
      return true;
    },
    expire: async (beforeMs) => pruner.expire(beforeMs),
    sql: createSqliteSql(options.path),
    blobs,
    stats: async () => ({ ...reader.stats(), bytes: pruner.bytes() }),
    reindex: async (onProgress) => writer.reindex(onProgress),
    close: async () => {
      if (closed) return;
      closed = true;
      database.close();
    },
  };
  return inbox === undefined ? store : withInbox(store, { inbox, pruner, now });
}

/** What came in by `receive` is seen by every read. */
function withInbox(
  store: Store,
  { inbox, pruner, now }: { inbox: SqliteInbox; pruner: Pruner; now: () => number },
): Store {
  /** What was worked out because a read asked for it. */
  const untold: StoreChange[] = [];
  const projectPiece = (): StoreChange | undefined => {
    const change = inbox.project();
    if (change === undefined) return undefined;
    const { accepted, sessionIds, traceIds } = change;
    pruner.prune(sessionIds);
    return { sessionIds, traceIds, spanCount: accepted.filter(Boolean).length };
  };
  const settle = (isEnough: () => boolean): void => {
    while (!isEnough()) {
      const change = projectPiece();
      if (change !== undefined) untold.push(change);
    }
  };
  return {
    ...settledFirst(store, () => orFull(() => settle(() => inbox.isEmpty))),
    receive: async (requests) =>
      orFull(() => {
        settle(() => !inbox.isFull);
        pruner.assertRoom();
        inbox.receive(requests, now());
      }),
    project: async () => untold.shift() ?? orFull(projectPiece),
  };
}

function orFull<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw isDiskFull(error)
      ? new SpoorError('SPOOR_STORE_FULL', 'The disk is full.', { cause: error })
      : error;
  }
}

/** Records that other rules made are made anew: a dialect may have been learnt since. */
function rebuildIfOutdated(database: Database, reindex: () => number, log: (line: string) => void): void {
  const written = database.prepare("SELECT value FROM meta WHERE key = 'projection'").get()?.value;
  if (written === PROJECTION_VERSION) return;
  const startMs = performance.now();
  if (written !== undefined) log('spoor: another version made these records; they are made anew.');
  const spans = reindex();
  database
    .prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('projection', ?)")
    .run(PROJECTION_VERSION);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  if (written !== undefined) log(`spoor: ${spans} spans were read again in ${seconds} s.`);
}

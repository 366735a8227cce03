import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpoorError } from '../shared/errors.js';
import { openDatabase } from '../store/sqlite-engine.js';

/** A data folder as long as one process writes it. */
export interface DataLock {
  /** Notes where the holder can be reached, for those that it shuts out. */
  note(url: string): void;
  release(): void;
}

const LOCK_FILE = 'spoor.lock';
const HOLDER_FILE = 'spoor.lock.json';

/**
 * Takes a data folder for this process, and makes it when missing. The lock is one of the operating system, by way of an empty
 * SQLite file: it ends with the process, however that ends, so that there is no stale one to be told from a live one.
 * @throws SpoorError `SPOOR_DATA_IN_USE` when another process, or this one, has the folder
 */
export function lockDataDir(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true });
  const database = openDatabase(join(dataDir, LOCK_FILE), false);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw isBusy(cause) ? inUse(dataDir, cause) : cause;
  }
  const startedMs = Date.now();
  let isReleased = false;
  const note = (url?: string): void => writeHolder(dataDir, { pid: process.pid, startedMs, url });
  note();
  return {
    note,
    release() {
      if (isReleased) return;
      isReleased = true;
      rmSync(join(dataDir, HOLDER_FILE), { force: true });
      database.close();
    },
  };
}

interface Holder {
  pid: number;
  startedMs: number;
  url?: string | undefined;
}

/** What is said of the holder is for people: a full disk must not keep a translator from starting. */
function writeHolder(dataDir: string, holder: Holder): void {
  try {
    writeFileSync(join(dataDir, HOLDER_FILE), JSON.stringify(holder), { mode: 0o600 });
  } catch {
    // Then the message has no name in it.
  }
}

function readHolder(dataDir: string): Partial<Holder> {
  try {
    return (JSON.parse(readFileSync(join(dataDir, HOLDER_FILE), 'utf8')) as Partial<Holder> | null) ?? {};
  } catch {
    return {};
  }
}

function inUse(dataDir: string, cause: unknown): SpoorError {
  const { pid, startedMs, url } = readHolder(dataDir);
  const who =
    typeof pid === 'number' && typeof startedMs === 'number'
      ? `process ${pid}, since ${new Date(startedMs).toISOString()}`
      : 'another process';
  const where = typeof url === 'string' ? `, a translator at ${url}` : '';
  return new SpoorError('SPOOR_DATA_IN_USE', `The data folder "${dataDir}" is in use by ${who}${where}.`, {
    cause,
  });
}

/** The message of both engines, and the code of one. */
function isBusy(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 'SQLITE_BUSY' || /database is locked/.test(String(message));
}

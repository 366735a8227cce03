import { join } from 'node:path';
import type { Store } from '../store/store.js';

/** The store file in a data folder. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'spoor.sqlite');
}

/** The store of a data folder. */
export interface DataDirStore extends Store {
  /** Notes where the translator that writes it can be reached. */
  noteUrl(url: string): void;
}

export interface DataDirOptions {
  readOnly: boolean;
  /** As of `SqliteStoreOptions`. */
  maxBytes?: number;
  maxBlobBytes?: number;
  log?: (line: string) => void;
}

/**
 * Opens the store of a data folder: to write, and then made when missing, or to read beside a translator that writes it. One
 * process at a time may write: the store itself could bear two, but its queues, its images and those who watch it could not.
 * @throws SpoorError `SPOOR_DATA_IN_USE`, and what opening the store throws
 */
export async function openDataDir(
  dataDir: string,
  { readOnly, maxBytes, maxBlobBytes, log }: DataDirOptions,
): Promise<DataDirStore> {
  // Loaded here, because a translator over another store must run where there is no SQLite engine.
  const { openSqliteStore } = await import('../store/sqlite-store.js');
  const path = storePath(dataDir);
  if (readOnly) return { ...(await openSqliteStore({ path, readOnly })), noteUrl: () => undefined };
  const { lockDataDir } = await import('./data-lock.js');
  const lock = lockDataDir(dataDir);
  try {
    const store = await openSqliteStore({
      path,
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(maxBlobBytes === undefined ? {} : { maxBlobBytes }),
      ...(log === undefined ? {} : { log }),
    });
    return {
      ...store,
      noteUrl: lock.note,
      async close() {
        await store.close();
        lock.release();
      },
    };
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

import { join } from 'node:path';
import { openSqliteStore } from '../store/sqlite-store.js';
import type { Store } from '../store/store.js';

/** The store file in a data folder. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'spoor.sqlite');
}

/** Opens the store of a data folder, and makes both when they are missing. */
export function openDataDir(dataDir: string): Promise<Store> {
  return openSqliteStore({ path: storePath(dataDir) });
}

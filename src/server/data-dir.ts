import { join } from 'node:path';
import type { Store } from '../store/store.js';

/** The store file in a data folder. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'spoor.sqlite');
}

/** Opens the store of a data folder, and makes both when they are missing. */
export async function openDataDir(dataDir: string): Promise<Store> {
  // Loaded here, because a translator over another store must run where there is no SQLite engine.
  const { openSqliteStore } = await import('../store/sqlite-store.js');
  return openSqliteStore({ path: storePath(dataDir) });
}

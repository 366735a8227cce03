import { join } from 'node:path';
import type { Store } from '../store/store.js';

/** The store file in a data folder. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'spoor.sqlite');
}

/** Opens the store of a data folder: to write, and then made when missing, or beside a translator that writes it. */
export async function openDataDir(dataDir: string, { readOnly }: { readOnly: boolean }): Promise<Store> {
  // Loaded here, because a translator over another store must run where there is no SQLite engine.
  const { openSqliteStore } = await import('../store/sqlite-store.js');
  return openSqliteStore({ path: storePath(dataDir), readOnly });
}

import { mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Folder of what was refused for good. */
export const REFUSED_FOLDER = 'refused';

/**
 * Where the journal is: `SPOOR_JOURNAL_DIR`, else the user's state folder. Nothing is made here: the folder appears with
 * the first span that could not be delivered.
 */
export function journalFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['SPOOR_JOURNAL_DIR'];
  if (given !== undefined && given !== '') return given;
  const state = env['XDG_STATE_HOME'];
  if (state !== undefined && state !== '') return join(state, 'spoor', 'journal');
  const home = homedir();
  return home === '' || home === '/' ? fallbackFolder() : join(home, '.local', 'state', 'spoor', 'journal');
}

/** For users without a home, or whose home cannot be written. */
export function fallbackFolder(): string {
  return join(tmpdir(), `spoor-journal-${userInfo().uid}`);
}

/** Makes a folder that only its owner can read: spans may hold what the program said. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

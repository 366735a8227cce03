import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Each test has a journal of its own, in a new folder. */
export function useJournal(): { folder(): string; files(): string[] } {
  let folder = '';
  let before: string | undefined;
  beforeEach(() => {
    before = process.env['SPOOR_JOURNAL_DIR'];
    folder = mkdtempSync(join(tmpdir(), 'spoor-journal-'));
    process.env['SPOOR_JOURNAL_DIR'] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['SPOOR_JOURNAL_DIR'];
    else process.env['SPOOR_JOURNAL_DIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder: () => folder,
    files: () =>
      readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => /\.jsonl/.test(name))
        .toSorted(),
  };
}

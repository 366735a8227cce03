import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalFolder, REFUSED_FOLDER } from '../../sdk/journal/journal-folder.js';
import { listSegments, readHeader } from '../../sdk/journal/segments.js';
import { formatBytes, formatTime } from '../format.js';
import type { Check, CheckGroup } from './check.js';

/** What programs could not deliver, what was refused, and what was lost. */
export function checkJournal(): CheckGroup {
  const folder = journalFolder();
  return { title: `Journal (${folder})`, checks: [backlog(), ...refused(), ...losses(folder)] };
}

function backlog(): Check {
  const waiting = listSegments().filter(({ state }) => state === 'waiting');
  const [oldest] = waiting;
  if (oldest === undefined) return { name: 'backlog', status: 'ok', text: 'nothing waits' };
  const bytes = waiting.reduce((sum, segment) => sum + segment.bytes, 0);
  return {
    name: 'backlog',
    status: 'trouble',
    text: `${waiting.length} files, ${formatBytes(bytes)}, the oldest of ${formatTime(oldest.begunMs)}`,
    remedy: 'Run `spoor flush`.',
  };
}

function refused(): Check[] {
  const segments = listSegments(REFUSED_FOLDER);
  if (segments.length === 0) return [];
  const reasons = new Set(segments.map(({ path }) => readHeader(path)?.reason ?? 'no reason known'));
  return [
    {
      name: 'refused',
      status: 'trouble',
      text: `${segments.length} files that a receiver refused: ${[...reasons].join(', ')}`,
      remedy: 'Correct the address or the key, then run `spoor flush --refused`.',
    },
  ];
}

function losses(folder: string): Check[] {
  const lines = readLines(join(folder, 'losses.ndjson'));
  if (lines.length === 0) return [];
  return [
    {
      name: 'losses',
      status: 'trouble',
      text: `${lines.length} noted, the last: ${lines.at(-1)}`,
      remedy: 'Give the journal more room or a faster receiver, then remove losses.ndjson.',
    },
  ];
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorOnce } from '../../tracing/diag.js';
import { journalFolder, makePrivateFolder, REFUSED_FOLDER } from './journal-folder.js';
import { listSegments, removeSegment, type Segment } from './segments.js';

/** How much the journal may hold. */
export interface JournalBounds {
  /** Of the whole folder, in bytes. */
  readonly maxBytes: number;
  /** Of one segment, in milliseconds. */
  readonly maxAgeMs: number;
}

/** 256 MiB and 7 days. */
export const DEFAULT_BOUNDS: JournalBounds = { maxBytes: 256 * 1024 * 1024, maxAgeMs: 7 * 86_400_000 };

/** Name of the file that tells what was lost, one JSON object a line. */
const LOSSES = 'losses.ndjson';

/** Removes what is too old, then the oldest of what is too much. What it removes is written down. Never throws. */
export function boundJournal(bounds: JournalBounds, nowMs: number): void {
  try {
    const segments = [...listSegments(), ...listSegments(REFUSED_FOLDER)].filter(
      ({ state }) => state === 'waiting',
    );
    let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const segment of segments.toSorted((left, right) => left.begunMs - right.begunMs)) {
      const isOld = nowMs - segment.begunMs > bounds.maxAgeMs;
      if (!isOld && total <= bounds.maxBytes) continue;
      total -= segment.bytes;
      lose(segment, isOld ? 'older than the journal keeps' : 'the journal is full');
    }
  } catch (error) {
    errorOnce('journal-bounds', 'the journal could not be kept within its bounds', error);
  }
}

function lose(segment: Segment, reason: string): void {
  removeSegment(segment.path);
  noteLoss({ reason, bytes: segment.bytes });
}

/** Writes down that something was lost, for `spoor doctor`, and reports it once. Never throws. */
export function noteLoss(loss: { reason: string; spans?: number; bytes?: number }): void {
  errorOnce(`journal-loss:${loss.reason}`, `undelivered spans were lost: ${loss.reason}`);
  try {
    makePrivateFolder(journalFolder());
    const line = JSON.stringify({ time: new Date().toISOString(), pid: process.pid, ...loss });
    appendFileSync(join(journalFolder(), LOSSES), `${line}\n`, { mode: 0o600 });
  } catch {
    // A full disk cannot keep the note either; the diagnostics said it.
  }
}

import { setImmediate } from 'node:timers/promises';
import { hashOfReference } from '../../semconv/blob-reference.js';
import type { SessionRecords } from '../analysis/moves/read-moves.js';
import { pictureHash } from '../shared/picture-hash.js';

/** Pictures that are looked at for one answer: each takes tens of milliseconds the first time. */
const MOST_NEW = 200;
const REMEMBERED = 20_000;
/** By reference, which is the hash of the content. Empty for what has none. */
const known = new Map<string, string>();

/**
 * Hashes of what the screenshots of sessions look like, so that steps that show the same are one state. Beyond 200 pictures that
 * were never looked at, the rest goes without.
 */
export async function pictureHashes(
  sessions: readonly SessionRecords[],
  read: (hash: string) => Promise<Uint8Array | undefined>,
): Promise<(reference: string) => string | undefined> {
  let left = MOST_NEW;
  for (const reference of firstScreenshots(sessions)) {
    if (left === 0) break;
    if (known.has(reference)) continue;
    const hash = hashOfReference(reference);
    const bytes = hash === undefined ? undefined : await read(hash);
    if (bytes === undefined) continue;
    left -= 1;
    if (known.size >= REMEMBERED) known.clear();
    known.set(reference, pictureHash(bytes) ?? '');
    // Whoever sends spans meanwhile is not kept waiting for all of them.
    await setImmediate();
  }
  return (reference) => known.get(reference) || undefined;
}

function firstScreenshots(sessions: readonly SessionRecords[]): Set<string> {
  const found = new Set<string>();
  for (const { steps, observations } of sessions) {
    for (const { screenshots } of [...steps, ...observations]) {
      const first = screenshots?.[0];
      if (first !== undefined) found.add(first);
    }
  }
  return found;
}

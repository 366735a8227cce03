import { closeSync, openSync, readSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fallbackFolder, journalFolder } from './journal-folder.js';
import { isRunning, ownOwner } from './owner.js';
import { OPEN_ENDING, SEGMENT_ENDING, segmentTime, type SegmentHeader } from './segment-writer.js';

/** A file of the journal, as it lies there. */
export interface Segment {
  readonly path: string;
  readonly bytes: number;
  /** When it was begun, milliseconds since the epoch. */
  readonly begunMs: number;
  /** `open` while its writer lives; `waiting` when it can be delivered; `claimed` while a process delivers it. */
  readonly state: 'open' | 'waiting' | 'claimed';
}

const CLAIM = /\.claim-\d+$/;

/** Every segment of the journal, oldest first. What a dead process left open or claimed counts as waiting. */
export function listSegments(subfolder = ''): Segment[] {
  const folders = new Set([journalFolder(), fallbackFolder()]);
  return [...folders]
    .flatMap((folder) => segmentsIn(join(folder, subfolder)))
    .toSorted((left, right) => left.begunMs - right.begunMs);
}

function segmentsIn(folder: string): Segment[] {
  return namesIn(folder).flatMap((name) => {
    const isSegment = name.endsWith(SEGMENT_ENDING) || name.endsWith(OPEN_ENDING) || CLAIM.test(name);
    if (!isSegment) return [];
    const path = join(folder, name);
    try {
      const { size } = statSync(path);
      return [{ path, bytes: size, begunMs: segmentTime(path), state: stateOf(path) }];
    } catch {
      // Another process delivered it meanwhile.
      return [];
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function stateOf(path: string): Segment['state'] {
  if (path.endsWith(SEGMENT_ENDING)) return 'waiting';
  const claim = /\.claim-(\d+)$/.exec(path);
  if (claim !== null) {
    const owner = { ...ownOwner(), pid: Number(claim[1]) };
    // The start of the claimant is not written down; a claim is short, so that its number is enough.
    delete (owner as { startTicks?: string }).startTicks;
    return isRunning(owner) ? 'claimed' : 'waiting';
  }
  const header = readHeader(path);
  return header !== undefined && isRunning(header.owner) ? 'open' : 'waiting';
}

/**
 * Takes a waiting segment for this process alone. Returns its new path, or undefined when another process was faster.
 */
export function claimSegment(segment: Segment): string | undefined {
  const claimed = `${plainPath(segment.path)}.claim-${process.pid}`;
  try {
    renameSync(segment.path, claimed);
    return claimed;
  } catch {
    return undefined;
  }
}

/** Gives a claimed segment back, for another time. */
export function releaseSegment(claimed: string): void {
  try {
    renameSync(claimed, plainPath(claimed));
  } catch {
    // Somebody took the journal away; there is nothing to give back.
  }
}

export function removeSegment(path: string): void {
  rmSync(path, { force: true });
}

function plainPath(path: string): string {
  return path.replace(CLAIM, '').replace(/\.open$/, '');
}

/** The header of a segment, or undefined when it is torn. */
export function readHeader(path: string): SegmentHeader | undefined {
  try {
    const first = firstLine(path);
    const header = JSON.parse(first) as SegmentHeader;
    return header.journal === 1 ? header : undefined;
  } catch {
    return undefined;
  }
}

const HEADER_LENGTH = 16_384;

function firstLine(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEADER_LENGTH);
    const length = readSync(descriptor, buffer, 0, HEADER_LENGTH, 0);
    const text = buffer.toString('utf8', 0, length);
    return text.slice(0, Math.max(0, text.indexOf('\n')));
  } finally {
    closeSync(descriptor);
  }
}

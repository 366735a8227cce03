import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import { fallbackFolder, journalFolder, makePrivateFolder } from './journal-folder.js';
import { ownOwner, type Owner } from './owner.js';

/** While its writer appends to it; the name loses this ending when the file is complete. */
export const OPEN_ENDING = '.open';
export const SEGMENT_ENDING = '.jsonl';

/** First line of a segment. */
export interface SegmentHeader {
  /** Version of the form. */
  readonly journal: 1;
  /** OTLP traces address that the spans are for. */
  readonly url: string;
  /** True when the address wants a key, which is never written down. */
  readonly authenticated: boolean;
  readonly owner: Owner;
  /** Why they were refused, for spans that were put aside. */
  readonly reason?: string;
}

/** A file of the journal that is being written. One process and thread, and one address, a file. */
export interface SegmentWriter {
  readonly bytes: number;
  /** Appends one line, synchronously; one without an end gets it. @throws what the file system throws. */
  append(line: Uint8Array): void;
  /** Completes the file, which others may deliver from now on. Returns its path. */
  complete(): string;
  /** Takes the file away: all that is in it was acknowledged. */
  remove(): void;
}

export interface SegmentOptions {
  readonly url: string;
  readonly authenticated: boolean;
  readonly reason?: string;
  /** Below the journal's folder. */
  readonly subfolder?: string;
  /** Waits for the disk at each line. */
  readonly fsync?: boolean;
}

const NEW_LINE_BYTE = 0x0a;
const NEW_LINE = Buffer.of(NEW_LINE_BYTE);
let count = 0;

/** Opens a new file. @throws what the file system throws, when neither folder can be written. */
export function openSegment(options: SegmentOptions): SegmentWriter {
  const { path, descriptor } = createFile(options.subfolder ?? '');
  let bytes = 0;
  let isOpen = true;
  const append = (line: Uint8Array): void => {
    // One write for the whole line, so that a crash tears at most the last one.
    const whole = line.at(-1) === NEW_LINE_BYTE ? line : Buffer.concat([line, NEW_LINE]);
    for (let done = 0; done < whole.length;) done += writeSync(descriptor, whole, done);
    if (options.fsync === true) fsyncSync(descriptor);
    bytes += whole.length;
  };
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  const header: SegmentHeader = {
    journal: 1,
    url: options.url,
    authenticated: options.authenticated,
    owner: ownOwner(),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
  append(Buffer.from(JSON.stringify(header)));
  return {
    get bytes() {
      return bytes;
    },
    append,
    complete: () => {
      close();
      const complete = path.slice(0, -OPEN_ENDING.length);
      renameSync(path, complete);
      return complete;
    },
    remove: () => {
      close();
      rmSync(path, { force: true });
    },
  };
}

function createFile(subfolder: string): { path: string; descriptor: number } {
  const name = `${Date.now().toString(36)}-${process.pid}-${threadId}-${(count += 1)}-${randomBytes(4).toString('hex')}${SEGMENT_ENDING}${OPEN_ENDING}`;
  try {
    return openIn(join(journalFolder(), subfolder), name);
  } catch (error) {
    if (process.env['SPOOR_JOURNAL_DIR'] !== undefined || !isFolderTrouble(error)) throw error;
    return openIn(join(fallbackFolder(), subfolder), name);
  }
}

function openIn(folder: string, name: string): { path: string; descriptor: number } {
  makePrivateFolder(folder);
  const path = join(folder, name);
  return { path, descriptor: openSync(path, 'ax', 0o600) };
}

function isFolderTrouble(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

/** When a segment was begun, by its name: milliseconds since the epoch. */
export function segmentTime(path: string): number {
  return Number.parseInt(basename(path), 36);
}

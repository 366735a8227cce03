import { createHash } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isBlobHash } from '../../semconv/blob-reference.js';
import { blobFilePath, writeBlobFile } from '../shared/blob-file.js';
import { SpoorError } from '../shared/errors.js';
import { IMAGE_TYPES, sniffImageType } from '../shared/image-type.js';
import type { BlobStore, StoredBlob } from './blob-store.js';

/** After pruning, this share of the cap is used. */
const TARGET_SHARE = 0.9;

export interface FileBlobsOptions {
  folder: string;
  /** The images that were handed in longest ago are removed when the folder holds more. */
  maxBytes: number;
  readOnly: boolean;
}

/** Images as files of a folder, named after their hash. The folder is made with the first one. */
export function createFileBlobs({ folder, maxBytes, readOnly }: FileBlobsOptions): BlobStore {
  let total: number | undefined;

  async function makeRoom(size: number): Promise<void> {
    total ??= filesIn(folder).reduce((sum, file) => sum + file.bytes, 0);
    if (total + size <= maxBytes) return;
    if (size > maxBytes) {
      throw new SpoorError(
        'SPOOR_STORE_FULL',
        `An image has ${size} bytes, the cap of all images is ${maxBytes}.`,
      );
    }
    for (const file of filesIn(folder).toSorted((a, b) => a.ms - b.ms)) {
      if (total + size <= maxBytes * TARGET_SHARE) break;
      await rm(file.path, { force: true });
      total -= file.bytes;
    }
  }

  return {
    async put({ hash, bytes, type }) {
      if (readOnly) throw new SpoorError('SPOOR_OPTION_INVALID', 'The store was opened to read only.');
      const path = blobFilePath(folder, hash, type.extension);
      if (touch(path)) return false;
      await makeRoom(bytes.length);
      const isNew = write(folder, { hash, bytes, extension: type.extension });
      if (isNew) total = (total ?? 0) + bytes.length;
      return isNew;
    },
    async get(hash) {
      if (!isBlobHash(hash)) return undefined;
      for (const { extension } of IMAGE_TYPES) {
        const found = await readBlob(blobFilePath(folder, hash, extension), hash);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

function write(folder: string, blob: Parameters<typeof writeBlobFile>[1]): boolean {
  try {
    return writeBlobFile(folder, blob, true);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw new SpoorError('SPOOR_STORE_FULL', 'The disk is full.', { cause: error });
  }
}

/** Marks a file as used now, so that it is not the first to go. False when there is none. */
function touch(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A file that something else has changed is not what its name says, and is not given out. */
async function readBlob(path: string, hash: string): Promise<StoredBlob | undefined> {
  try {
    const bytes = await readFile(path);
    const type = sniffImageType(bytes);
    const isWhole = createHash('sha256').update(bytes).digest('hex') === hash;
    return type === undefined || !isWhole ? undefined : { bytes, type };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function filesIn(folder: string): { path: string; bytes: number; ms: number }[] {
  return namesIn(folder).flatMap((name) => {
    if (!isBlobHash(basename(name).split('.', 1)[0] ?? '')) return [];
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ path, bytes: stat.size, ms: stat.mtimeMs }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the file with this hash lies in a folder of blobs: in 256 folders, so that none grows large. */
export function blobFilePath(folder: string, hash: string, extension: string): string {
  return join(folder, hash.slice(0, 2), `${hash}.${extension}`);
}

export interface BlobFile {
  readonly hash: string;
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a file under its hash, unless it is there: whole or not at all, whoever else writes the same. With `isDurable` it
 * is on the disk when the call returns. Returns true when the file is new. Throws what the file system says.
 */
export function writeBlobFile(
  folder: string,
  { hash, extension, bytes }: BlobFile,
  isDurable = false,
): boolean {
  const path = blobFilePath(folder, hash, extension);
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${hash}.${randomBytes(6).toString('hex')}`);
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      if (isDurable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    return true;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

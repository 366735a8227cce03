/**
 * How a stored file, such as a screenshot, is named in an attribute: `sha256:` and the hash of its bytes in lower-case
 * hex. The name says what the bytes are, so that a file is stored once and cannot be exchanged for another.
 */
const PREFIX = 'sha256:';
const HASH = /^[0-9a-f]{64}$/;

/** True for a SHA-256 hash in lower-case hex. */
export function isBlobHash(text: string): boolean {
  return HASH.test(text);
}

/** The reference to the file with this hash. */
export function blobReference(hash: string): string {
  return PREFIX + hash;
}

/** The hash that a reference names, or undefined when it is no reference. */
export function hashOfReference(reference: string): string | undefined {
  const hash = reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : '';
  return isBlobHash(hash) ? hash : undefined;
}

/** Path of the files on a translator; a slash and the hash follow. */
export const BLOBS_PATH = '/api/blobs/sha256' as const;

/** Header of a translator's answer to spans: it takes files, of at most this many bytes each. */
export const BLOBS_HEADER = 'spoor-blobs' as const;

import { createHash, type Hash } from 'node:crypto';
import type { MessagePart } from '../../semconv/model/message.js';

/**
 * Bytes that arrive in many pieces, as sound and video do: only their hash and their number are kept. The part is the one
 * that stands for the same bytes in one piece.
 */
export interface BlobDigest {
  readonly modality: string;
  readonly mimeType: string | undefined;
  readonly hash: Hash;
  bytes: number;
}

export function blobDigest(modality: string, mimeType: string | undefined): BlobDigest {
  return { modality, mimeType, hash: createHash('sha256'), bytes: 0 };
}

/** Adds a piece, in base64. On the path of every chunk of sound. */
export function addBase64(digest: BlobDigest, piece: string): void {
  const bytes = Buffer.from(piece, 'base64');
  digest.hash.update(bytes);
  digest.bytes += bytes.length;
}

/** The bytes so far as a part of a message. */
export function digestPart({ modality, mimeType, hash, bytes }: BlobDigest): MessagePart {
  const mime = mimeType === undefined ? {} : { mime_type: mimeType };
  return { type: 'blob', modality, ...mime, sha256: hash.copy().digest('hex'), bytes };
}

import type { ImageType } from '../shared/image-type.js';

/** An image to keep. Whoever hands it in has checked hash and type. */
export interface NewBlob {
  /** SHA-256 of the bytes, lower-case hex. */
  hash: string;
  bytes: Uint8Array;
  type: ImageType;
}

export interface StoredBlob {
  bytes: Uint8Array;
  type: ImageType;
}

/** Images, each kept once under the hash of its bytes. */
export interface BlobStore {
  /** Returns true when the image is new. It is kept for good when this resolves; rejects with SPOOR_STORE_FULL. */
  put(blob: NewBlob): Promise<boolean>;
  get(hash: string): Promise<StoredBlob | undefined>;
}

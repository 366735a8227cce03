import type { ImageType } from '../shared/image-type.js';

/** An image that a span refers to by its hash. */
export interface ImageBlob {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly type: ImageType;
}

/** Takes images on their way out of the process: to files, to a translator. Never throws. */
export type BlobSink = (blob: ImageBlob) => void;

let sink: BlobSink | undefined;

/** The side that sends says where images go. Without a sink they are dropped; their references stay. */
export function setBlobSink(taker: BlobSink | undefined): void {
  sink = taker;
}

/** Hands an image on. */
export function sendBlob(blob: ImageBlob): void {
  sink?.(blob);
}

import type { IncomingHttpHeaders } from 'node:http';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { BLOBS_HEADER, BLOBS_PATH } from '../../semconv/blob-reference.js';
import { blobFolder } from '../config/blob-folder.js';
import type { Settings } from '../config/settings.js';
import { writeBlobFile } from '../shared/blob-file.js';
import { runInContext } from '../tracing/active-context.js';
import { setBlobSink, type ImageBlob } from '../tracing/blob-sink.js';
import { SUPPRESS_TRACING_KEY } from '../tracing/context-keys.js';
import { errorOnce } from '../tracing/diag.js';
import { createBlobDelivery, type BlobCounts, type BlobDelivery } from './blob-delivery.js';
import { createHttpSender, type HttpSender } from './http-send.js';
import { setImageDelivery } from './process-end.js';
import type { OtlpTarget } from '../config/targets.js';

/**
 * Where the images of this process go: into files when files were asked for, to the receiver of the spans when that is a
 * translator, else nowhere. Other back ends never get one: spans refer to images by their hash.
 */
const TRACES_PATH = /\/v1\/traces\/?$/;
const MAX_COUNT = 1000;
const MAX_BYTES = 64 * 1024 * 1024;

let folder: string | undefined;
const deliveries = new Set<BlobDelivery>();
let dropped = 0;

/** Begins to take images. */
export function startImages(settings: Settings): void {
  folder = blobFolder(settings);
  setBlobSink(take);
  setImageDelivery({ drain: drainImages, counts: imageCounts, stop: stopImages });
}

/** Sends images to the receiver of spans too. Returns the listener to the headers of what it accepted. */
export function sendImagesTo(target: OtlpTarget): (headers: IncomingHttpHeaders) => void {
  const images = createBlobDelivery({
    send: TRACES_PATH.test(new URL(target.url).pathname) ? blobSender(target) : undefined,
    isKept: folder !== undefined,
    maxCount: MAX_COUNT,
    maxBytes: MAX_BYTES,
  });
  deliveries.add(images);
  return (headers) => {
    const said = Number(headers[BLOBS_HEADER]);
    images.noteReceiver(Number.isSafeInteger(said) && said > 0 ? said : undefined);
  };
}

/** Sends what waits, for at most `timeoutMs`. Never rejects. */
async function drainImages(timeoutMs: number): Promise<void> {
  await Promise.all([...deliveries].map((delivery) => delivery.drain(timeoutMs)));
}

/** What became of the images; undefined when there was none. */
function imageCounts(): BlobCounts | undefined {
  const total: BlobCounts = { delivered: 0, dropped, rejected: 0, pending: 0 };
  for (const delivery of deliveries) {
    const counts = delivery.counts();
    for (const key of ['delivered', 'dropped', 'rejected', 'pending'] as const) total[key] += counts[key];
  }
  return Object.values(total).some((count) => count > 0) ? total : undefined;
}

/** Takes no more images, and forgets those that wait. */
function stopImages(): void {
  setBlobSink(undefined);
  for (const delivery of deliveries) delivery.shutdown();
  deliveries.clear();
  folder = undefined;
  dropped = 0;
}

function take(blob: ImageBlob): void {
  try {
    if (folder !== undefined) {
      writeBlobFile(folder, { hash: blob.hash, extension: blob.type.extension, bytes: blob.bytes });
    }
  } catch (error) {
    errorOnce('blob-file', `an image could not be written to ${folder}`, error);
    if (deliveries.size === 0) dropped += 1;
  }
  for (const delivery of deliveries) delivery.take(blob);
  if (deliveries.size === 0 && folder === undefined) dropped += 1;
}

function blobSender(target: OtlpTarget): HttpSender {
  const url = new URL(target.url);
  url.pathname = url.pathname.replace(TRACES_PATH, `${BLOBS_PATH}/`);
  url.search = '';
  const put = createHttpSender({
    ...target,
    url: url.href,
    method: 'PUT',
    contentType: 'application/octet-stream',
    compression: 'none',
  });
  // The app may trace its HTTP client: our own requests must not make spans.
  const untraced = ROOT_CONTEXT.setValue(SUPPRESS_TRACING_KEY, true);
  return (bytes, signal, path) => runInContext(untraced, put, undefined, bytes, signal, path);
}

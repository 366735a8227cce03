import { createHash } from 'node:crypto';
import { BLOBS_PATH, blobReference, isBlobHash } from '../../semconv/blob-reference.js';
import { sniffImageType } from '../shared/image-type.js';
import type { BlobStore } from '../store/blob-store.js';
import type { BlobResponse } from './api-types.js';
import { HttpFailure } from './http-failure.js';
import type { TranslatorLimits } from './options.js';
import { readBody, type ByteBudget } from './read-body.js';
import { send, sendJson } from './reply.js';
import type { Route } from './router.js';
import { storeFailure } from './store-failure.js';

export interface BlobRoutesOptions {
  blobs: BlobStore;
  budget: ByteBudget;
  limits: Pick<TranslatorLimits, 'blobBytes'>;
  log: (line: string) => void;
}

/** Images by the hash of their bytes. What a client says of an image counts for nothing: hash and type are found out here. */
export function blobRoutes(options: BlobRoutesOptions): Route[] {
  const path = `${BLOBS_PATH}/:hash`;
  return [
    {
      method: 'GET',
      path,
      async handle({ res, params }) {
        const found = await options.blobs.get(readHash(params));
        if (found === undefined)
          throw new HttpFailure(404, 'SPOOR_NOT_FOUND', 'There is no image with this hash.');
        send(res, 200, found.type.mediaType, found.bytes, IMAGE_HEADERS);
      },
    },
    {
      method: 'PUT',
      path,
      async handle({ req, res, params }) {
        const hash = readHash(params);
        const body = await readBody(req, options.limits.blobBytes, options.budget);
        try {
          const { isNew, answer } = await keep(options, hash, body.bytes);
          sendJson(res, isNew ? 201 : 200, answer);
        } finally {
          body.release();
        }
      },
    },
  ];
}

/** The bytes of a hash never change. Opened as a page of its own, an image may do nothing at all. */
const IMAGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'private, max-age=31536000, immutable',
  'content-security-policy': "sandbox; default-src 'none'",
};

async function keep(
  { blobs, log }: BlobRoutesOptions,
  hash: string,
  bytes: Buffer,
): Promise<{ isNew: boolean; answer: BlobResponse }> {
  if (createHash('sha256').update(bytes).digest('hex') !== hash) {
    throw new HttpFailure(
      400,
      'SPOOR_REQUEST_INVALID',
      'The bytes do not have the SHA-256 hash of the path.',
    );
  }
  const type = sniffImageType(bytes);
  if (type === undefined) {
    throw new HttpFailure(415, 'SPOOR_REQUEST_INVALID', 'Only PNG, JPEG, WebP and GIF images are kept.');
  }
  const isNew = await blobs.put({ hash, bytes, type }).catch((cause: unknown) => {
    throw storeFailure(cause, log);
  });
  return {
    isNew,
    answer: { reference: blobReference(hash), mediaType: type.mediaType, bytes: bytes.length },
  };
}

function readHash(params: Readonly<Record<string, string>>): string {
  const hash = params['hash'] ?? '';
  if (isBlobHash(hash)) return hash;
  throw new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'A SHA-256 hash has 64 lower-case hex digits.');
}

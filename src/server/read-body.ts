import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpFailure, overloaded } from './http-failure.js';

/** Bytes of bodies that are held at the same time, over all requests. */
export interface ByteBudget {
  limit: number;
  held: number;
}

export interface Body {
  bytes: Buffer;
  /** Gives the bytes back to the budget; to be called once the body is no longer held. */
  release(): void;
}

/**
 * Reads a body, unpacked if it is gzip, and stops at `limit` bytes after unpacking, so that neither a large body nor a
 * zip bomb is ever held whole. Rejects with an `HttpFailure`: 400 (broken gzip, connection lost), 413, 415, 503.
 */
export function readBody(req: IncomingMessage, limit: number, budget: ByteBudget): Promise<Body> {
  const encoding = (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return Promise.reject(
      new HttpFailure(415, 'SPOOR_REQUEST_INVALID', 'The content encoding must be gzip or identity.', {
        'accept-encoding': 'gzip, identity',
      }),
    );
  }
  // Holds for packed bodies too: gzip only ever adds a few bytes.
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(limit));
  return collect(req, encoding === 'gzip', limit, budget);
}

function collect(req: IncomingMessage, gzip: boolean, limit: number, budget: ByteBudget): Promise<Body> {
  return new Promise((resolve, reject) => {
    const gunzip = gzip ? createGunzip() : undefined;
    const source: Readable = gunzip ?? req;
    const chunks: Buffer[] = [];
    let size = 0;
    let settled = false;

    const release = (): void => {
      budget.held -= size;
      size = 0;
    };
    const settle = (failure?: HttpFailure): void => {
      if (settled) return;
      settled = true;
      req.off('close', onClose);
      source.off('data', onData);
      if (failure === undefined) return resolve({ bytes: Buffer.concat(chunks, size), release });
      if (gunzip !== undefined) {
        req.unpipe(gunzip);
        gunzip.destroy();
      }
      chunks.length = 0;
      release();
      reject(failure);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      budget.held += chunk.length;
      chunks.push(chunk);
      if (size > limit) settle(tooLarge(limit));
      else if (budget.held > budget.limit) settle(overloaded('Too many request bodies are held.', 1));
    };
    const onClose = (): void => {
      if (!req.complete) settle(new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'The connection was lost.'));
    };
    source.on('data', onData);
    source.on('end', () => settle());
    source.on('error', () =>
      settle(new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'The body cannot be unpacked as gzip.')),
    );
    req.on('error', () => {});
    req.on('close', onClose);
    if (gunzip !== undefined) req.pipe(gunzip);
  });
}

function tooLarge(limit: number): HttpFailure {
  return new HttpFailure(413, 'SPOOR_REQUEST_INVALID', `A body may have ${limit} bytes after unpacking.`);
}

/**
 * Lets a refused body drain for a moment, so that its sender reads the answer instead of a reset, then cuts it off.
 * A request whose body has arrived is left as it is.
 */
export function discardBody(req: IncomingMessage, maxBytes: number, timeoutMs: number): void {
  if (req.complete || req.destroyed) return;
  let rest = maxBytes;
  const timer = setTimeout(() => req.destroy(), timeoutMs);
  timer.unref();
  req.on('data', (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) req.destroy();
  });
  req.on('close', () => clearTimeout(timer));
  req.on('error', () => {});
  req.resume();
}

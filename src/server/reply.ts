import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-types.js';

/**
 * On every answer. All text in the records is hostile: a page of ours may load nothing but our own files, run nothing
 * but our own scripts, and be framed by nobody; no other site may read an answer. `blob:` is for images of our own that a
 * page had to fetch with its key.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Sends a whole answer, unless one is already on its way. */
export function send(
  res: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  res.writeHead(status, {
    'cache-control': 'no-store',
    ...headers,
    'content-type': contentType,
    'content-length': bytes.byteLength,
  });
  res.end(bytes);
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(res, status, 'application/json; charset=utf-8', JSON.stringify(body), headers);
}

export function sendText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(res, status, 'text/plain; charset=utf-8', `${text}\n`, headers);
}

export function sendApiError(
  res: ServerResponse,
  status: number,
  error: ApiError['error'],
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(res, status, { error } satisfies ApiError, headers);
}

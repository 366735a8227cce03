import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BLOBS_PATH } from '../../semconv/blob-reference.js';
import { isProjectName, sha256, type ApiKey, type KeyScope } from './api-keys.js';
import { HttpFailure } from './http-failure.js';
import { SQL_PATH } from './sql-routes.js';

/** The project of those who name none. */
export const DEFAULT_PROJECT = '';

/** Which project a request reaches. */
export interface Entry {
  project: string;
  /** False when it only looks, at a project that its key does not name: one that is not there must not be made for it. */
  mayCreate: boolean;
}

/** Decides by its key which project a request reaches. */
export interface Access {
  /** Throws an `HttpFailure` 401 without a right key, 403 when the key may not do this. */
  check(req: IncomingMessage): Entry;
}

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="spoor"' };

/** Without keys everybody who gets past the guard may do everything, in the default project. */
export function createAccess(keys: readonly ApiKey[]): Access {
  return {
    check(req) {
      const scope = scopeOf(req);
      if (keys.length === 0 || scope === undefined) return { project: DEFAULT_PROJECT, mayCreate: false };
      const key = findKey(keys, secretOf(req));
      if (key === undefined) {
        throw new HttpFailure(
          401,
          'SPOOR_KEY_REFUSED',
          'This translator asks for a key, and the request has none that it knows.',
          CHALLENGE,
        );
      }
      if (!key.scopes.has(scope)) {
        throw new HttpFailure(403, 'SPOOR_SCOPE_MISSING', `This key has no scope "${scope}".`);
      }
      if (key.project !== undefined) return { project: key.project, mayCreate: true };
      return { project: projectOf(req), mayCreate: scope === 'ingest' };
    },
  };
}

/** What a request does; undefined for the dashboard's own files, which hold no records. */
function scopeOf({ url = '', method }: IncomingMessage): KeyScope | undefined {
  const path = decodedPath(url);
  if (path.startsWith('/v1/')) return 'ingest';
  if (!path.startsWith('/api')) return undefined;
  if (method === 'GET' || method === 'HEAD' || path === SQL_PATH) return 'read';
  // Images come with the spans that refer to them.
  return path.startsWith(`${BLOBS_PATH}/`) ? 'ingest' : 'write';
}

/** As the router reads it, segment by segment: `/%61pi/stats` is `/api/stats`. */
function decodedPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return path.split('/').map(decodeURIComponent).join('/');
  } catch {
    // The router refuses it.
    return path;
  }
}

function secretOf(req: IncomingMessage): string | undefined {
  const given = req.headersDistinct['authorization'] ?? [];
  return given.length === 1 ? BEARER.exec(given[0] ?? '')?.[1] : undefined;
}

/** Every key is compared, whole, so that the time says neither which one fits nor how far. */
function findKey(keys: readonly ApiKey[], secret: string | undefined): ApiKey | undefined {
  if (secret === undefined) return undefined;
  const hash = sha256(secret);
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

function projectOf(req: IncomingMessage): string {
  const named = req.headersDistinct['spoor-project'] ?? [];
  if (named.length === 0) return DEFAULT_PROJECT;
  const name = named[0] ?? '';
  if (named.length === 1 && isProjectName(name)) return name;
  throw new HttpFailure(
    400,
    'SPOOR_REQUEST_INVALID',
    'The name of a project has lower-case letters, digits, dots, dashes and underscores, 64 at most.',
  );
}

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SpoorError } from '../shared/errors.js';

/** What a key may do: `ingest` sends, `read` looks, `write` changes anything else. */
export const KEY_SCOPES = ['ingest', 'read', 'write'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/**
 * A key as it is kept. Only its hash is known here. SHA-256 without salt or stretching is right for it, and only because a
 * key is 256 random bits: there is nothing to guess. It would be wrong for passwords.
 */
export interface ApiKey {
  /** SHA-256 of the key. */
  hash: Buffer;
  scopes: ReadonlySet<KeyScope>;
  /** The one project that it reaches; without it a request may name any. */
  project?: string;
}

const PREFIX = 'spoor_';
const HASHED = /^sha256:[0-9a-f]{64}$/;
/** 128 bits, if every character of a key that somebody else made is random. */
const LEAST_LENGTH = 24;
const PROJECT = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export function isProjectName(name: string): boolean {
  return PROJECT.test(name);
}

/** Makes a key. The secret is shown once; the entry, `sha256:…=scopes@project`, is what is kept. */
export function createApiKey({
  scopes,
  project,
}: {
  scopes: readonly KeyScope[];
  project?: string | undefined;
}): { secret: string; entry: string } {
  const secret = PREFIX + randomBytes(32).toString('base64url');
  const hash = sha256(secret).toString('hex');
  const entry = `sha256:${hash}=${scopes.join('+')}${project === undefined ? '' : `@${project}`}`;
  return { secret, entry };
}

/**
 * Reads entries such as `spoor_…=ingest+read@shop` or `sha256:…`, apart by commas, spaces or lines; `#` begins a comment.
 * Without scopes a key may do everything. No message repeats an entry, which may be a secret.
 * @throws SpoorError `SPOOR_OPTION_INVALID`
 */
export function parseApiKeys(text: string, source: string, isFile: boolean = false): ApiKey[] {
  const entries = text
    .split('\n')
    .map((line) => line.replace(/#.*/, ''))
    .join(' ')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  return entries.map((entry, at) => {
    const [named = '', ...place] = entry.split('@');
    const [secret = '', ...scopes] = named.split('=');
    const wrong = (why: string): SpoorError =>
      new SpoorError('SPOOR_OPTION_INVALID', `Key ${at + 1} of ${source} ${why}.`);
    if (place.length > 1 || scopes.length > 1) throw wrong('is not of the form key=scopes@project');
    const key: ApiKey = { hash: hashOf(secret, isFile, wrong), scopes: scopesOf(scopes[0], wrong) };
    const project = place[0];
    if (project === undefined) return key;
    if (!isProjectName(project)) throw wrong(`names a project that is not ${PROJECT.source}`);
    return { ...key, project };
  });
}

/** The keys of a file. Throws `SPOOR_OPTION_INVALID` when it cannot be read or holds a key that is not hashed. */
export function readApiKeysFile(path: string): ApiKey[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SpoorError('SPOOR_OPTION_INVALID', `The file of keys ${path} cannot be read.`, { cause });
  }
  return parseApiKeys(text, path, true);
}

/** The scopes of a text such as `ingest+read` or `ingest,read`. */
export function parseScopes(text: string): KeyScope[] | undefined {
  const named = text.split(/[+,]/);
  const scopes = KEY_SCOPES.filter((scope) => named.includes(scope));
  return scopes.length === new Set(named).size ? scopes : undefined;
}

export function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function hashOf(secret: string, isFile: boolean, wrong: (why: string) => SpoorError): Buffer {
  if (HASHED.test(secret)) return Buffer.from(secret.slice('sha256:'.length), 'hex');
  if (isFile) throw wrong('is not hashed: `spoor keys create` prints the line that a file holds');
  if (secret.length < LEAST_LENGTH) {
    throw wrong(`has fewer than ${LEAST_LENGTH} characters: \`spoor keys create\` makes one`);
  }
  return sha256(secret);
}

function scopesOf(text: string | undefined, wrong: (why: string) => SpoorError): ReadonlySet<KeyScope> {
  const scopes = text === undefined ? KEY_SCOPES : parseScopes(text);
  if (scopes === undefined) throw wrong(`has scopes that are not among ${KEY_SCOPES.join(', ')}`);
  return new Set(scopes);
}

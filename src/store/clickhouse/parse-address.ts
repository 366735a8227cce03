import { SpoorError } from '../../shared/errors.js';

/** Where a ClickHouse store is. */
export interface ClickHouseAddress {
  /** Of the HTTP interface, without a path. */
  url: string;
  username: string;
  password: string;
  database: string;
}

const DEFAULT_DATABASE = 'spoor';
const DEFAULT_PORTS = { 'clickhouse:': 8123, 'clickhouses:': 8443 } as const;

/**
 * `clickhouse://user:password@host:8123/database` → its parts; `clickhouses://` is HTTPS. Throws SPOOR_OPTION_INVALID for
 * anything else, without the password in the message.
 */
export function parseClickHouseAddress(text: string): ClickHouseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isScheme(url.protocol) || url.hostname === '') throw invalid();
  const path = url.pathname.replace(/^\//, '');
  const database = decode(path) || DEFAULT_DATABASE;
  if (database.includes('/') || url.search !== '' || url.hash !== '') throw invalid();
  const scheme = url.protocol === 'clickhouses:' ? 'https' : 'http';
  return {
    url: `${scheme}://${url.hostname}:${url.port === '' ? DEFAULT_PORTS[url.protocol] : url.port}`,
    username: decode(url.username) || 'default',
    password: decode(url.password),
    database,
  };
}

/** The address without its password, to be shown. */
export function showAddress({ url, database }: ClickHouseAddress): string {
  return `${url.replace(/^http/, 'clickhouse')}/${encodeURIComponent(database)}`;
}

/** The same server and user, another database. */
export function withDatabase(text: string, database: string): string {
  parseClickHouseAddress(text);
  return text.replace(/^([^/]*\/\/[^/]*).*$/, `$1/${encodeURIComponent(database)}`);
}

function isScheme(protocol: string): protocol is keyof typeof DEFAULT_PORTS {
  return Object.hasOwn(DEFAULT_PORTS, protocol);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid();
  }
}

function invalid(): SpoorError {
  return new SpoorError(
    'SPOOR_OPTION_INVALID',
    'The store must be clickhouse://user:password@host:8123/database, or clickhouses:// for HTTPS.',
  );
}

import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { SpoorError } from '../../shared/errors.js';
import type { ClickHouseAddress } from './parse-address.js';

interface Statement {
  query: string;
  query_params?: Record<string, unknown>;
  clickhouse_settings?: Record<string, unknown>;
}

/** The part of a client of `@clickhouse/client` that is used. */
export interface ClickHouseClientLike {
  query(statement: Statement & { format: 'JSONEachRow' }): Promise<{ json(): Promise<unknown> }>;
  insert(request: {
    table: string;
    values: readonly object[];
    format: 'JSONEachRow';
    clickhouse_settings?: Record<string, unknown>;
  }): Promise<unknown>;
  command(statement: Statement): Promise<unknown>;
  close(): Promise<void>;
}

interface ClientOptions {
  url: string;
  username: string;
  password: string;
  application: string;
  request_timeout: number;
  max_open_connections: number;
  compression: { request: boolean; response: boolean };
}
type ClientModule = { createClient(options: ClientOptions): ClickHouseClientLike };

const TIMEOUT_MS = 30_000;
const CONNECTIONS = 16;

/** Makes a client of `@clickhouse/client`. Throws SPOOR_CLICKHOUSE_MISSING when that is not installed. */
export function loadClient({ url, username, password }: ClickHouseAddress): ClickHouseClientLike {
  return clientModule().createClient({
    url,
    username,
    password,
    application: 'spoor',
    request_timeout: TIMEOUT_MS,
    max_open_connections: CONNECTIONS,
    compression: { request: true, response: true },
  });
}

function clientModule(): ClientModule {
  // Beside spoor, or in the folder of the app.
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from)('@clickhouse/client') as ClientModule;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new SpoorError(
    'SPOOR_CLICKHOUSE_MISSING',
    'A store in ClickHouse needs its client: run `npm i @clickhouse/client@1` beside spoor.',
  );
}

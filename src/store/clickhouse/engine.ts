import { randomUUID } from 'node:crypto';
import { SpoorError } from '../../shared/errors.js';
import type { ClickHouseClientLike } from './load-client.js';
import { TABLES, type TableName } from './tables.js';

export type Param = string | number | readonly string[] | readonly number[];
export type Params = Readonly<Record<string, Param>>;
type SettingValue = string | number;

/** A database of ClickHouse, as the store uses it. */
export interface Engine {
  readonly database: string;
  /** Names of the tables, with their database. */
  readonly tables: Readonly<Record<TableName, string>>;
  rows<T>(sql: string, params?: Params): Promise<T[]>;
  /** Resolves once the rows are in the table. */
  insert(table: TableName, rows: readonly object[]): Promise<void>;
  run(sql: string, params?: Params): Promise<void>;
  close(): Promise<void>;
}

/** A read must see what was written before it: always from the first replica that is up, where the writes go too. */
const COMMON: Readonly<Record<string, SettingValue>> = {
  load_balancing: 'in_order',
  prefer_localhost_replica: 0,
  // Times are compared to the letter.
  precise_float_parsing: 1,
};
const READ: Readonly<Record<string, SettingValue>> = {
  ...COMMON,
  output_format_json_quote_64bit_integers: 1,
};
/** The server gathers small inserts of all translators into one part, and answers when that is in the table. */
const WRITE: Readonly<Record<string, SettingValue>> = {
  ...COMMON,
  async_insert: 1,
  wait_for_async_insert: 1,
  async_insert_deduplicate: 1,
  insert_deduplicate: 1,
  distributed_foreground_insert: 1,
};
const ATTEMPTS = 2;

/** Makes the engine of a database. `isOwned`: the client is closed with it. */
export function createEngine(client: ClickHouseClientLike, database: string, isOwned: boolean): Engine {
  const tables = Object.fromEntries(TABLES.map((name) => [name, `${quoteName(database)}.${name}`]));
  return {
    database,
    tables: tables as Record<TableName, string>,
    rows: (sql, params = {}) =>
      attempt(async () => {
        const query_params = wellFormed(params);
        const answer = await client.query({
          query: sql,
          query_params,
          format: 'JSONEachRow',
          clickhouse_settings: READ,
        });
        // The columns that the statement names, which the caller types.
        return (await answer.json()) as never;
      }),
    async insert(table, values) {
      if (values.length === 0) return;
      // The second attempt must not add to the first, of which only the answer may have been lost.
      const settings = { ...WRITE, insert_deduplication_token: randomUUID() };
      const name = tables[table] as string;
      await attempt(() =>
        client.insert({ table: name, values, format: 'JSONEachRow', clickhouse_settings: settings }),
      );
    },
    run: async (sql, params = {}) => {
      await attempt(() =>
        client.command({ query: sql, query_params: wellFormed(params), clickhouse_settings: WRITE }),
      );
    },
    close: async () => {
      if (isOwned) await client.close();
    },
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await work();
    } catch (cause) {
      if (left > 0 && isBrokenConnection(cause)) continue;
      throw engineError(cause);
    }
  }
}

function isBrokenConnection(cause: unknown): boolean {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE' || /socket hang up/i.test(String(message));
}

function engineError(cause: unknown): SpoorError {
  const { code, type, message } = cause as { code?: unknown; type?: unknown; message?: unknown };
  const what = [type ?? code, message].filter((part) => part !== undefined && part !== '').join(': ');
  return new SpoorError('SPOOR_STORE_UNAVAILABLE', `ClickHouse did not do what was asked: ${what}`, {
    cause,
  });
}

/** Lone surrogates are no UTF-8: they could only be sent as something else. */
function wellFormed(params: Params): Record<string, Param> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value.toWellFormed()
        : Array.isArray(value)
          ? value.map((item: string | number) => (typeof item === 'string' ? item.toWellFormed() : item))
          : value,
    ]),
  ) as Record<string, Param>;
}

/** A name in a statement. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { openClickHouseStore, openEngine } from '../../src/store/clickhouse/clickhouse-store.js';
import { migrateClickHouse } from '../../src/store/clickhouse/migrate.js';
import type { ClickHouseClientLike } from '../../src/store/clickhouse/load-client.js';
import type { Engine } from '../../src/store/clickhouse/engine.js';
import type { Store } from '../../src/store/store.js';

/** The engine of ClickHouse in this process, behind the client that talks to servers otherwise. */
export interface Embedded {
  readonly client: ClickHouseClientLike;
  /** An engine over a database of its own, which is empty. */
  engine(): Engine & { readonly url: string };
  /** A store in a database of its own, with its tables. */
  open(options: { now: () => number }): Promise<Store>;
  close(): Promise<void>;
}

/** Starts it, over a folder that goes when it is closed. A process can have one. */
export function startEmbedded(): Embedded {
  const folder = mkdtempSync(join(tmpdir(), 'spoor-clickhouse-'));
  // Both packages have a copy of the types of a connection, made for less strict settings than ours.
  const connection = createChdbConnection({ path: folder }) as never;
  // One query at a time: an insert that waits for others to join it would wait for nothing.
  const clickhouse_settings = { async_insert_busy_timeout_min_ms: 1, async_insert_busy_timeout_max_ms: 2 };
  const client = createClient({ connection, clickhouse_settings }) as ClickHouseClientLike;
  let databases = 0;
  const engine: Embedded['engine'] = () => {
    const url = `clickhouse://127.0.0.1:8123/spoor_${databases++}`;
    return { ...openEngine({ url, client }), url };
  };
  return {
    client,
    engine,
    async open(options) {
      const own = engine();
      await migrateClickHouse(own, { database: own.database });
      return openClickHouseStore({ url: own.url, client, ...options });
    },
    async close() {
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { SpoorError } from '../../shared/errors.js';
import { PROJECTION_VERSION } from '../sqlite-schema.js';
import { quoteName, type Engine } from './engine.js';
import {
  CLICKHOUSE_SCHEMA_VERSION,
  createDatabase,
  expiryStatements,
  schemaStatements,
  type SchemaOptions,
} from './schema.js';

/** What a migration did. */
export interface Migrated {
  from: number;
  to: number;
}

/**
 * Brings a database to the current schema. Every statement can be run twice, so two translators may do it at the same time.
 * Throws SPOOR_STORE_NEWER when the schema is of a later version.
 */
export async function migrateClickHouse(engine: Engine, options: SchemaOptions): Promise<Migrated> {
  await engine.run(createDatabase(options));
  const from = await schemaVersion(engine);
  assertKnown(engine, from);
  for (const statement of schemaStatements(options, from)) await engine.run(statement);
  if (from < CLICKHOUSE_SCHEMA_VERSION) {
    const value = String(CLICKHOUSE_SCHEMA_VERSION);
    await engine.insert('meta', [{ key: 'schema', value, version: value }]);
    // There is nothing yet that could have been projected in another way.
    if (from === 0) await noteProjection(engine);
  }
  await setExpiry(engine, options);
  return { from, to: CLICKHOUSE_SCHEMA_VERSION };
}

/** To set what is set already would have every part looked through again. */
async function setExpiry(engine: Engine, options: SchemaOptions): Promise<void> {
  const rows = await engine.rows<{ name: string; engine_full: string }>(
    'SELECT name, engine_full FROM system.tables WHERE database = {database:String}',
    { database: engine.database },
  );
  const made = new Map(rows.map((row) => [row.name, row.engine_full]));
  for (const { table, statement } of expiryStatements(options)) {
    const isSet = made.get(table)?.includes(`toIntervalDay(${options.ttlDays})`) ?? false;
    if (!isSet) await engine.run(statement);
  }
}

/** True when the projections were made by another version of the code: `reindex` makes them anew. */
export async function isProjectionOutdated(engine: Engine): Promise<boolean> {
  const [row] = await engine.rows<{ value: string }>(
    `SELECT value FROM ${engine.tables.meta} FINAL WHERE key = 'projection'`,
  );
  return row?.value !== PROJECTION_VERSION;
}

/** Notes that the projections are those of this code. */
export async function noteProjection(engine: Engine): Promise<void> {
  const version = String(Date.now());
  await engine.insert('meta', [{ key: 'projection', value: PROJECTION_VERSION, version }]);
}

/** Throws SPOOR_STORE_NEWER or SPOOR_STORE_OUTDATED when the schema is not the one that this code works with. */
export async function checkSchema(engine: Engine): Promise<void> {
  const version = await schemaVersion(engine);
  assertKnown(engine, version);
  if (version === CLICKHOUSE_SCHEMA_VERSION) return;
  throw new SpoorError(
    'SPOOR_STORE_OUTDATED',
    `The database ${engine.database} ${version === 0 ? 'has no tables of spoor' : `is of version ${version}`}; ` +
      `this spoor needs version ${CLICKHOUSE_SCHEMA_VERSION}. Run \`spoor migrate --store …\` with its address.`,
  );
}

function assertKnown({ database }: Engine, version: number): void {
  if (version <= CLICKHOUSE_SCHEMA_VERSION) return;
  throw new SpoorError(
    'SPOOR_STORE_NEWER',
    `The database ${database} is of version ${version}; this spoor knows up to ${CLICKHOUSE_SCHEMA_VERSION}. Update spoor, or use another database.`,
  );
}

/** 0 where there is no schema yet. */
async function schemaVersion(engine: Engine): Promise<number> {
  const found = await engine.rows(
    "SELECT name FROM system.tables WHERE database = {database:String} AND name = 'meta'",
    { database: engine.database },
  );
  if (found.length === 0) return 0;
  const [row] = await engine.rows<{ value: string }>(
    `SELECT max(toUInt32OrZero(value)) AS value FROM ${quoteName(engine.database)}.meta WHERE key = 'schema'`,
  );
  return Number(row?.value ?? 0);
}

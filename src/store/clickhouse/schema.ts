import { quoteName } from './engine.js';
import { VERSION_1, type TableDefinition } from './table-definitions.js';

/** How the tables are laid out; fixed when they are made. */
export interface SchemaOptions {
  database: string;
  /** Runs every statement on all servers of this cluster, as `system.clusters` names it. */
  cluster?: string;
  /** Keeps each table on every replica of its shard. Needs `cluster`. */
  isReplicated?: boolean;
  /** Spreads the tables over the shards of the cluster. Needs `cluster`. */
  isSharded?: boolean;
  /** Days after which rows expire, counted from their arrival. Default: never. */
  ttlDays?: number;
}

/** Statements that take a schema from the version of their index to the next one. Entries are never changed once released. */
const MIGRATIONS: readonly ((options: SchemaOptions) => string[])[] = [
  (options) => Object.entries(VERSION_1).flatMap(([name, table]) => createTable(name, table, options)),
];

/** The version of the schema that this code reads and writes. */
export const CLICKHOUSE_SCHEMA_VERSION: number = MIGRATIONS.length;

/** The statement that makes the database; it stands before all others. */
export function createDatabase(options: SchemaOptions): string {
  return `CREATE DATABASE IF NOT EXISTS ${quoteName(options.database)}${onCluster(options)}`;
}

/** The statements from one version to the current one. Each can be run twice, and by two at the same time. */
export function schemaStatements(options: SchemaOptions, from: number): string[] {
  return MIGRATIONS.slice(from).flatMap((statements) => statements(options));
}

/** Tables whose rows expire, where they are, and the statement that sets when. */
export function expiryStatements(options: SchemaOptions): { table: string; statement: string }[] {
  const { database, isSharded = false, ttlDays } = options;
  if (ttlDays === undefined) return [];
  return Object.entries(VERSION_1)
    .filter(([, table]) => table.columns.includes('day Date'))
    .map(([name]) => {
      const table = isSharded ? `${name}_local` : name;
      const place = `${quoteName(database)}.${table}${onCluster(options)}`;
      return { table, statement: `ALTER TABLE ${place} MODIFY ${expiryOf(ttlDays)}` };
    });
}

function expiryOf(days: number): string {
  return `TTL day + toIntervalDay(${days})`;
}

function createTable(name: string, table: TableDefinition, options: SchemaOptions): string[] {
  const database = quoteName(options.database);
  const { isSharded = false, ttlDays } = options;
  const local = isSharded ? `${name}_local` : name;
  const clauses = [
    `CREATE TABLE IF NOT EXISTS ${database}.${local}${onCluster(options)} (\n  ${table.columns.join(',\n  ')}\n)`,
    `ENGINE = ${engineOf(local, table, options)}`,
    ...(table.isDaily === true ? ['PARTITION BY day'] : []),
    `ORDER BY (${table.orderBy})`,
    ...(ttlDays === undefined || !table.columns.includes('day Date') ? [] : [expiryOf(ttlDays)]),
    ...settingsOf(table, options),
  ];
  if (!isSharded) return [clauses.join('\n')];
  const cluster = quoteText(options.cluster ?? '');
  const place = `${cluster}, ${quoteText(options.database)}, ${quoteText(local)}, ${table.shardBy}`;
  return [
    clauses.join('\n'),
    `CREATE TABLE IF NOT EXISTS ${database}.${name}${onCluster(options)} AS ${database}.${local}\nENGINE = Distributed(${place})`,
  ];
}

function engineOf(
  local: string,
  { replacing }: TableDefinition,
  { isReplicated = false, database }: SchemaOptions,
): string {
  const kind = `${isReplicated ? 'Replicated' : ''}${replacing === undefined ? '' : 'Replacing'}MergeTree`;
  const paths = isReplicated
    ? [quoteText(`/clickhouse/tables/{shard}/${database}/${local}`), "'{replica}'"]
    : [];
  return `${kind}(${[...paths, ...(replacing === undefined || replacing === '' ? [] : [replacing])].join(', ')})`;
}

function settingsOf(table: TableDefinition, { isReplicated = false }: SchemaOptions): string[] {
  const settings = [
    ...(table.settings === undefined ? [] : [table.settings]),
    ...(table.isDaily === true ? ['ttl_only_drop_parts = 1'] : []),
    // Replicated tables remember the inserts of the last hour by themselves.
    ...(isReplicated ? [] : ['non_replicated_deduplication_window = 1000']),
  ];
  return settings.length === 0 ? [] : [`SETTINGS ${settings.join(', ')}`];
}

function onCluster({ cluster }: SchemaOptions): string {
  return cluster === undefined ? '' : ` ON CLUSTER ${quoteName(cluster)}`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

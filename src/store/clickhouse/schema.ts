import { quoteName } from './engine.js';

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

interface Table {
  columns: readonly string[];
  /** Columns of the replacing engine: the highest version stands, and a removed row is none. */
  replacing?: string;
  orderBy: string;
  /** Partitions are dropped whole when they expire; tables without rely on merges. */
  isDaily?: boolean;
  settings?: string;
  shardBy: string;
}

const TEXT = 'String CODEC(ZSTD(3))';
const FILTERS = [
  'status LowCardinality(String)',
  'agent_name String',
  'agent_id String',
  'user_id String',
  'tags Array(String)',
];

/** The tables of version 1. Those of later versions are changes of these. */
const VERSION_1: Readonly<Record<string, Table>> = {
  spans: {
    columns: [
      'trace_id String',
      'span_id String',
      'version UInt64',
      'removed UInt8',
      'day Date',
      'received_ms Float64',
      'first_ms Float64',
      'place UInt32',
      'start_ms Float64',
      'end_ms Float64',
      'ended UInt8',
      'stated_session String',
      'type LowCardinality(String)',
      'name String',
      'models Array(LowCardinality(String))',
      'status LowCardinality(String)',
      'dialect LowCardinality(String)',
      `facts ${TEXT}`,
      `preview ${TEXT}`,
      'score_names Array(String)',
      'score_sources Array(String)',
      'score_sessions Array(String)',
      `scores ${TEXT}`,
      'refs Array(String)',
      `body ${TEXT}`,
      'INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1',
      'INDEX by_words preview TYPE ngrambf_v1(3, 65536, 2, 0) GRANULARITY 1',
      'INDEX by_received received_ms TYPE minmax GRANULARITY 1',
      'INDEX by_first first_ms TYPE minmax GRANULARITY 1',
      'INDEX by_scores length(score_names) TYPE minmax GRANULARITY 1',
    ],
    replacing: 'version, removed',
    orderBy: 'trace_id, span_id',
    isDaily: true,
    settings: 'index_granularity = 1024',
    shardBy: 'cityHash64(trace_id)',
  },
  contents: {
    columns: [
      'hash String',
      'day Date',
      `body ${TEXT}`,
      'INDEX by_hash hash TYPE bloom_filter(0.001) GRANULARITY 1',
    ],
    replacing: '',
    orderBy: 'hash',
    isDaily: true,
    // One granule is read for each text: it must be small.
    settings: 'index_granularity = 64, index_granularity_bytes = 262144, min_compress_block_size = 16384',
    shardBy: 'cityHash64(hash)',
  },
  logs: {
    columns: [
      'trace_id String',
      'key String',
      'version UInt64',
      'removed UInt8',
      'day Date',
      'span_id String',
      'session_id String',
      'time_ms Float64',
      'received_ms Float64',
      'telling UInt8',
      `preview ${TEXT}`,
      'refs Array(String)',
      `body ${TEXT}`,
      'INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1',
      'INDEX by_session session_id TYPE bloom_filter(0.001) GRANULARITY 1',
      'INDEX by_time time_ms TYPE minmax GRANULARITY 1',
      'INDEX by_telling telling TYPE minmax GRANULARITY 1',
    ],
    replacing: 'version, removed',
    orderBy: 'trace_id, key',
    isDaily: true,
    settings: 'index_granularity = 1024',
    shardBy: 'cityHash64(trace_id, key)',
  },
  blobs: {
    columns: [
      'hash String',
      'day Date',
      'media_type LowCardinality(String)',
      'extension LowCardinality(String)',
      'base64 String CODEC(ZSTD(3))',
    ],
    replacing: '',
    orderBy: 'hash',
    isDaily: true,
    settings: 'index_granularity = 16, index_granularity_bytes = 1048576',
    shardBy: 'cityHash64(hash)',
  },
  session_traces: {
    columns: ['session_id String', 'trace_id String', 'day Date'],
    replacing: 'day',
    orderBy: 'session_id, trace_id',
    settings: 'index_granularity = 1024',
    shardBy: 'cityHash64(session_id)',
  },
  amendments: {
    columns: ['target String', 'trace_id String', 'span_id String', 'day Date'],
    replacing: 'day',
    orderBy: 'target, trace_id, span_id',
    settings: 'index_granularity = 1024',
    shardBy: 'cityHash64(target)',
  },
  sessions: {
    columns: [
      'id String',
      'version UInt64',
      'removed UInt8',
      'day Date',
      'updated_ms Float64',
      ...FILTERS,
      'spans UInt64',
      'trace_ids Array(String)',
      `record ${TEXT}`,
      `steps ${TEXT}`,
    ],
    replacing: 'version, removed',
    orderBy: 'id',
    settings: 'index_granularity = 256',
    shardBy: 'cityHash64(id)',
  },
  session_updates: {
    columns: ['age Float64', 'id String', 'version UInt64', 'day Date', ...FILTERS],
    orderBy: 'age, id',
    isDaily: true,
    settings: 'index_granularity = 1024',
    shardBy: 'cityHash64(id)',
  },
  traces: {
    columns: [
      'trace_id String',
      'version UInt64',
      'removed UInt8',
      'day Date',
      'start_ms Float64',
      'updated_ms Float64',
      'spans UInt64',
      'session_ids Array(String)',
      'dialects Map(LowCardinality(String), UInt64)',
      `summary ${TEXT}`,
    ],
    replacing: 'version, removed',
    orderBy: 'trace_id',
    settings: 'index_granularity = 1024',
    shardBy: 'cityHash64(trace_id)',
  },
  pins: {
    columns: ['session_id String', 'version UInt64', 'removed UInt8'],
    replacing: 'version, removed',
    orderBy: 'session_id',
    shardBy: 'cityHash64(session_id)',
  },
  meta: {
    columns: ['key String', 'value String', 'version UInt64'],
    replacing: 'version',
    orderBy: 'key',
    shardBy: 'cityHash64(key)',
  },
};

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

function createTable(name: string, table: Table, options: SchemaOptions): string[] {
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
  { replacing }: Table,
  { isReplicated = false, database }: SchemaOptions,
): string {
  const kind = `${isReplicated ? 'Replicated' : ''}${replacing === undefined ? '' : 'Replacing'}MergeTree`;
  const paths = isReplicated
    ? [quoteText(`/clickhouse/tables/{shard}/${database}/${local}`), "'{replica}'"]
    : [];
  return `${kind}(${[...paths, ...(replacing === undefined || replacing === '' ? [] : [replacing])].join(', ')})`;
}

function settingsOf(table: Table, { isReplicated = false }: SchemaOptions): string[] {
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

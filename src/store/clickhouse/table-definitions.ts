/** A table, however it is spread over servers. */
export interface TableDefinition {
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
export const VERSION_1: Readonly<Record<string, TableDefinition>> = {
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
      'INDEX by_words preview TYPE ngrambf_v1(3, 16384, 2, 0) GRANULARITY 1',
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

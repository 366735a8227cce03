export { startTranslator, type Translator } from './server/start-translator.js';
export { DEFAULT_LIMITS, type TranslatorLimits, type TranslatorOptions } from './server/options.js';
export type {
  ApiError,
  BlobResponse,
  GraphResponse,
  LiveChange,
  LogsResponse,
  ObservationResponse,
  RawSpansResponse,
  SessionResponse,
  SessionsResponse,
  StatsResponse,
  StuckResponse,
  TracesResponse,
} from './server/api-types.js';
export { openClickHouseStore, type ClickHouseStoreOptions } from './store/clickhouse/clickhouse-store.js';
export type { ClickHouseClientLike } from './store/clickhouse/load-client.js';
export type { BlobStore, NewBlob, StoredBlob } from './store/blob-store.js';
export type {
  LogQuery,
  Page,
  PageQuery,
  ReceivedSpans,
  SessionQuery,
  Store,
  StoreChange,
  StoreStats,
  TraceSummary,
} from './store/store.js';

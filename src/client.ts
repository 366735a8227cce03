/** The entry `spoor/client`: a translator's API, without instrumentation and without OpenTelemetry. */
export { SpoorClient, type BlobContent } from './client/spoor-client.js';
export type { ClientOptions } from './client/options.js';
export type { RequestOptions } from './client/http.js';
export type { LiveEvent, LiveOptions } from './client/live.js';
export type { NewScore } from './client/score-span.js';
export type { SqlRequest, SqlResponse } from './server/api-types.js';
export type {
  LogQuery,
  ObservationQuery,
  Page,
  PageQuery,
  ScoreQuery,
  ScoreRecord,
  SearchQuery,
  SessionQuery,
  TraceWindowQuery,
} from './store/store.js';
export { SpoorError } from './shared/errors.js';
export type { ErrorCode } from './shared/errors.js';

import { existsSync } from 'node:fs';
import { blobReference } from '../../semconv/blob-reference.js';
import type { Log } from '../../semconv/model/log.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import { encodeTraceRequestJson } from '../otlp/encode-json.js';
import { DEFAULT_URL } from '../client/options.js';
import { SpoorClient } from '../client/spoor-client.js';
import type { RawSpansResponse, SessionResponse } from '../server/api-types.js';
import { openDataDir, storePath } from '../server/data-dir.js';
import { SpoorError } from '../shared/errors.js';
import type {
  Page,
  PageQuery,
  ScoreQuery,
  ScoreRecord,
  SearchQuery,
  SessionQuery,
  SqlQuery,
  SqlResult,
  Store,
  StoreStats,
  TraceSummary,
} from '../store/store.js';
import type { CommandInput, CommandOption, Terminal } from './command.js';
import { wholeSession } from './whole-session.js';

/** Where a command reads sessions: a running translator, or its data folder. */
export interface TrailSource {
  sessions(query: SessionQuery): Promise<Page<Session>>;
  /** Whole, however many observations it has. */
  session(id: string): Promise<SessionResponse | undefined>;
  observation(traceId: string, spanId: string): Promise<Observation | undefined>;
  search(query: SearchQuery): Promise<Page<Observation>>;
  scores(query: ScoreQuery): Promise<Page<ScoreRecord>>;
  sql(query: SqlQuery): Promise<SqlResult>;
  stats(): Promise<StoreStats>;
  traces(query: PageQuery): Promise<Page<TraceSummary>>;
  /** Every span of a trace, as OTLP/JSON; undefined when there is no such trace. */
  traceSpans(traceId: string): Promise<RawSpansResponse | undefined>;
  /** The first log records of a session, 500 at most. */
  logs(sessionId: string): Promise<Log[]>;
  /** The bytes of an image by its hash; undefined when there is none. */
  image(hash: string): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** The options that say where to read. */
export const SOURCE_OPTIONS: Readonly<Record<'url' | 'data', CommandOption>> = {
  url: {
    type: 'string',
    value: 'url',
    summary: `Address of a running translator. Default: SPOOR_URL, else ${DEFAULT_URL}.`,
  },
  data: { type: 'string', value: 'folder', summary: 'Read this data folder instead of asking a translator.' },
};

const MOST_LOGS = 500;
const DEFAULT_DATA_DIR = '.spoor';

/** Runs `read` with the source that the options name; without any, `.spoor` stands in for a translator that does not run. */
export async function withTrailSource<T>(
  input: CommandInput,
  terminal: Terminal,
  read: (source: TrailSource) => Promise<T>,
): Promise<T> {
  const dataDir = input.text('data');
  if (dataDir !== undefined && input.has('url')) {
    throw new SpoorError('SPOOR_USAGE', 'Give --url or --data, not both.');
  }
  if (dataDir !== undefined) return withStore(dataDir, read);
  const client = new SpoorClient({ baseUrl: translatorUrl(input, terminal), retries: 0 });
  try {
    return await read(clientSource(client));
  } catch (error) {
    const isNamed = input.has('url') || terminal.env['SPOOR_URL'] !== undefined;
    const canFallBack =
      error instanceof SpoorError && error.code === 'SPOOR_TRANSLATOR_UNREACHABLE' && !isNamed;
    if (!canFallBack || !existsSync(storePath(DEFAULT_DATA_DIR))) throw error;
    return withStore(DEFAULT_DATA_DIR, read);
  }
}

/** The address of the translator to ask. */
export function translatorUrl(input: CommandInput, terminal: Terminal): string {
  const given = input.text('url') ?? terminal.env['SPOOR_URL'] ?? DEFAULT_URL;
  if (URL.canParse(given) && /^https?:/.test(given)) return given.replace(/\/+$/, '');
  throw new SpoorError('SPOOR_USAGE', `"${given}" is not an address such as ${DEFAULT_URL}.`);
}

async function withStore<T>(dataDir: string, read: (source: TrailSource) => Promise<T>): Promise<T> {
  if (!existsSync(storePath(dataDir))) {
    throw new SpoorError('SPOOR_NOT_FOUND', `There is no store in the folder "${dataDir}".`);
  }
  const store = await openDataDir(dataDir, { readOnly: true });
  const source = storeSource(store);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}

function clientSource(client: SpoorClient): TrailSource {
  return {
    sessions: (query) => client.sessions.list(query),
    session: (id) => wholeSession(client, id),
    observation: (traceId, spanId) => client.observations.get(traceId, spanId),
    search: (query) => client.observations.search(query),
    scores: (query) => client.scores.list(query),
    sql: ({ sql, params = [], limit }) =>
      client.sql({ sql, params: [...params], ...(limit === undefined ? {} : { limit }) }),
    stats: () => client.health(),
    traces: (query) => client.traces.list(query),
    traceSpans: (traceId) => client.traces.spans(traceId),
    logs: async (id) => (await client.sessions.logs(id, { limit: MOST_LOGS })).items,
    image: async (hash) => (await client.blobs.get(blobReference(hash)))?.bytes,
    close: async () => client.close(),
  };
}

function storeSource(store: Store): TrailSource {
  return {
    sessions: (query) => store.sessions(query),
    async session(id) {
      const session = await store.session(id);
      if (session === undefined) return undefined;
      return { session, steps: await store.steps(id), observations: await store.observations(id) };
    },
    observation: (traceId, spanId) => store.observation(traceId, spanId),
    search: (query) => store.search(query),
    scores: (query) => store.scores(query),
    async sql(query) {
      if (store.sql === undefined) throw new SpoorError('SPOOR_SQL_OFF', 'This store has no SQL.');
      return store.sql(query);
    },
    stats: () => store.stats(),
    traces: (query) => store.traces(query),
    async traceSpans(traceId) {
      const spans = await store.rawSpans(traceId);
      return spans.length === 0 ? undefined : encodeTraceRequestJson(spans);
    },
    logs: async (sessionId) => (await store.logs({ sessionId, limit: MOST_LOGS })).items,
    image: async (hash) => (await store.blobs.get(hash))?.bytes,
    close: () => store.close(),
  };
}

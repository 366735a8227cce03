import { monotonicClock } from '../clock.js';
import type { Store } from '../store.js';
import { compareSpans } from '../trace-summary.js';
import { createBlobs } from './blobs.js';
import { catchUp } from './catch-up.js';
import { createContents } from './contents.js';
import { createEngine, type Engine } from './engine.js';
import { loadClient, type ClickHouseClientLike } from './load-client.js';
import { createLogs } from './logs.js';
import { checkSchema } from './migrate.js';
import { createNodeReader } from './node-reader.js';
import { parseClickHouseAddress } from './parse-address.js';
import { keepTraces, releaseTraces, savePin } from './pins.js';
import { reindexAll } from './reindex.js';
import { removeSession } from './remove.js';
import { pageOfScores } from './scores.js';
import { createSearch } from './search.js';
import { createSessions } from './sessions.js';
import { createSettler } from './settler.js';
import { createSpanIndex } from './span-index.js';
import { createSpanReader } from './span-reader.js';
import { storeBytes, traceStats } from './stats.js';
import { pageOfTraces } from './traces.js';
import { createWindows } from './windows.js';
import { createWriter } from './writer.js';

export interface ClickHouseStoreOptions {
  /** `clickhouse://user:password@host:8123/database`. */
  url: string;
  /** A client to use in place of one of the store's own; it stays open when the store closes. */
  client?: ClickHouseClientLike;
  /** The clock, in milliseconds since the epoch. */
  now?: () => number;
}

/**
 * A store in ClickHouse, which any number of translators may share: none of them remembers anything that another would have to
 * know. Its tables are made by `spoor migrate`.
 * @throws SpoorError `SPOOR_CLICKHOUSE_MISSING` without `@clickhouse/client`, `SPOOR_STORE_OUTDATED` where `spoor migrate` has to
 * be run, `SPOOR_STORE_NEWER` where spoor has to be updated, `SPOOR_STORE_UNAVAILABLE` when the server does not answer
 * @example
 * const store = await openClickHouseStore({ url: 'clickhouse://127.0.0.1:8123/spoor' });
 * const translator = await startTranslator({ store });
 */
export async function openClickHouseStore(options: ClickHouseStoreOptions): Promise<Store> {
  const engine = openEngine(options);
  try {
    await checkSchema(engine);
    return createStore(engine, monotonicClock(options.now ?? Date.now));
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The engine of an address, without a look at what is there. */
export function openEngine({ url, client }: Pick<ClickHouseStoreOptions, 'url' | 'client'>): Engine {
  const address = parseClickHouseAddress(url);
  return createEngine(client ?? loadClient(address), address.database, client === undefined);
}

function createStore(engine: Engine, now: () => number): Store {
  const nodes = createNodeReader(engine);
  const contents = createContents(engine);
  const logs = createLogs(engine, contents, nodes);
  const reader = createSpanReader(engine, contents, logs, nodes);
  const index = createSpanIndex(engine);
  const settler = createSettler(engine, nodes);
  const parts = { engine, contents, logs, reader, index, settler };
  const writer = createWriter(parts);
  const windows = createWindows(engine, nodes, reader);
  const sessions = createSessions(engine, nodes);
  const search = createSearch(engine, nodes, reader);
  let closed = false;
  const caughtUp = catchUp(engine, settler, Date.now()).catch(() => undefined);
  return {
    append: (spans) => writer.append(spans, now()),
    appendLogs: (records) => writer.appendLogs(records, now()),
    logs: async (query = {}) => logs.page(query),
    sessions: async (query = {}) => sessions.page(query),
    session: (id) => sessions.session(id),
    steps: (sessionId) => sessions.steps(sessionId),
    observations: (sessionId) => reader.observations(sessionId),
    observationPage: (sessionId, query = {}) => windows.observations(sessionId, query),
    observation: (traceId, spanId) => reader.observation(traceId, spanId),
    search,
    scores: async (query = {}) => pageOfScores(engine, nodes, query),
    traces: async (query = {}) => pageOfTraces(engine, query),
    rawSpans: async (traceId) => (await reader.rawSpans(traceId)).toSorted(compareSpans),
    traceWindow: (traceId, query = {}) => windows.spans(traceId, query),
    async pin(sessionId, isPinned) {
      if ((await sessions.session(sessionId)) === undefined) return false;
      await savePin(engine, sessionId, isPinned);
      const traceIds = await nodes.tracesOf([sessionId]);
      if (isPinned) await keepTraces(engine, traceIds);
      else await releaseTraces(engine, traceIds);
      await settler.renew(new Set(traceIds));
      return true;
    },
    remove: (sessionId) => removeSession(engine, nodes, settler, sessionId),
    blobs: createBlobs(engine, now),
    async stats() {
      const [traces, logCount, sessionCount, bytes] = await Promise.all([
        traceStats(engine),
        logs.count(),
        sessions.count(),
        storeBytes(engine),
      ]);
      return { ...traces, logs: logCount, sessions: sessionCount, bytes };
    },
    reindex: (onProgress) => reindexAll(parts, onProgress),
    async close() {
      if (closed) return;
      closed = true;
      await caughtUp;
      // What cannot be worked out any more is by whoever opens the store next.
      await settler.finish().catch(() => undefined);
      await engine.close();
    },
  };
}

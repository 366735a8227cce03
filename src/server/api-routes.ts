import { encodeTraceRequestJson } from '../otlp/encode-json.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { ObservationQuery, Page, Store } from '../store/store.js';
import type { ForwardStats, RawSpansResponse, SessionResponse, StatsResponse } from './api-types.js';
import { analysisRoutes } from './analysis-routes.js';
import {
  readLiveQuery,
  readLogQuery,
  readObservationQuery,
  readPageQuery,
  readScoreQuery,
  readSearchQuery,
  readSessionLogQuery,
  readSessionQuery,
  readWindowQuery,
} from './api-query.js';
import { HttpFailure } from './http-failure.js';
import type { LiveFeed } from './live.js';
import { openApiDocument } from './openapi.js';
import type { ReceivedCounts } from './receiver.js';
import { sendJson } from './reply.js';
import type { Route } from './router.js';

export interface ApiOptions {
  store: Store;
  live: LiveFeed;
  received: Readonly<ReceivedCounts>;
  version: string;
  startedMs: number;
  forward?: (() => ForwardStats[]) | undefined;
}

/** The JSON API that reads, one line a path; shapes are in `api-types.ts`, their descriptions in `api-operations.ts`. */
export function apiRoutes({ store, live, received, version, startedMs, forward }: ApiOptions): Route[] {
  return [
    get('/api/sessions', async ({ res, query }) =>
      sendJson(res, 200, await store.sessions(readSessionQuery(query))),
    ),
    get('/api/sessions/:id', async ({ res, params }) =>
      sendJson(res, 200, await readSession(store, params['id'] ?? '')),
    ),
    get('/api/sessions/:id/logs', async ({ res, params, query }) =>
      sendJson(res, 200, await store.logs({ ...readSessionLogQuery(query), sessionId: params['id'] ?? '' })),
    ),
    get('/api/sessions/:id/observations', async ({ res, params, query }) =>
      sendJson(res, 200, await readObservations(store, params['id'] ?? '', readObservationQuery(query))),
    ),
    get('/api/search', async ({ res, query }) =>
      sendJson(res, 200, await store.search(readSearchQuery(query))),
    ),
    get('/api/scores', async ({ res, query }) =>
      sendJson(res, 200, await store.scores(readScoreQuery(query))),
    ),
    get('/api/traces/:traceId/logs', async ({ res, params, query }) =>
      sendJson(res, 200, await store.logs({ ...readLogQuery(query), traceId: params['traceId'] ?? '' })),
    ),
    get('/api/observations/:traceId/:spanId', async ({ res, params }) => {
      const found = await store.observation(params['traceId'] ?? '', params['spanId'] ?? '');
      if (found === undefined) throw notFound('observation');
      sendJson(res, 200, found);
    }),
    get('/api/traces', async ({ res, query }) =>
      sendJson(res, 200, await store.traces(readPageQuery(query))),
    ),
    get('/api/traces/:traceId/spans', async ({ res, params, query }) =>
      sendJson(res, 200, await readSpans(store, params['traceId'] ?? '', query)),
    ),
    get('/api/stats', async ({ res }) =>
      sendJson(res, 200, {
        ...(await store.stats()),
        version,
        startedMs,
        received: { ...received },
        ...(forward === undefined ? {} : { forward: forward() }),
      } satisfies StatsResponse),
    ),
    ...analysisRoutes(store),
    get('/api/openapi.json', ({ res }) => sendJson(res, 200, openApiDocument(version))),
    get('/api/live', ({ req, res, query }) => {
      const lastEventId = req.headersDistinct['last-event-id']?.[0];
      live.open(res, { ...readLiveQuery(query), ...(lastEventId === undefined ? {} : { lastEventId }) });
    }),
  ];
}

/** Sessions of more observations than this are given in part: the rest is paged through. */
const MOST_AT_ONCE = 5_000;
const FIRST_PAGES = 2;
const PAGE = 500;

/** Everything that the page of a session shows. Throws an `HttpFailure` 404 when there is no such session. */
async function readSession(store: Store, id: string): Promise<SessionResponse> {
  const session = await store.session(id);
  if (session === undefined) throw notFound('session');
  const steps = await store.steps(id);
  if (session.observationCount <= MOST_AT_ONCE) {
    return { session, steps, observations: await store.observations(id) };
  }
  const observations: Observation[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < FIRST_PAGES; page++) {
    const { items, nextCursor } = await store.observationPage(id, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    observations.push(...items);
    cursor = nextCursor;
    if (cursor === undefined) break;
  }
  return { session, steps, observations, ...(cursor === undefined ? {} : { nextCursor: cursor }) };
}

async function readObservations(
  store: Store,
  id: string,
  query: ObservationQuery,
): Promise<Page<Observation>> {
  const page = await store.observationPage(id, query);
  if (page.items.length === 0 && (await store.session(id)) === undefined) throw notFound('session');
  return page;
}

/** A trace whole, or the page of it that the query asks for. */
async function readSpans(store: Store, traceId: string, query: URLSearchParams): Promise<RawSpansResponse> {
  const window = readWindowQuery(query);
  if (window === undefined) {
    const spans = await store.rawSpans(traceId);
    if (spans.length === 0) throw notFound('trace');
    return encodeTraceRequestJson(spans);
  }
  const { items, nextCursor } = await store.traceWindow(traceId, window);
  return { ...encodeTraceRequestJson(items), ...(nextCursor === undefined ? {} : { nextCursor }) };
}

/** 404 for an id that names nothing. */
export function notFound(what: string): HttpFailure {
  return new HttpFailure(404, 'SPOOR_NOT_FOUND', `There is no ${what} with this id.`);
}

function get(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, handle };
}

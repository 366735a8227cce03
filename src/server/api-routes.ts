import { encodeTraceRequestJson } from '../otlp/encode-json.js';
import type { Store } from '../store/store.js';
import type { ForwardStats, SessionResponse, StatsResponse } from './api-types.js';
import { readLiveQuery, readLogQuery, readPageQuery, readSessionQuery } from './api-query.js';
import { HttpFailure } from './http-failure.js';
import type { LiveFeed } from './live.js';
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

/** The JSON API, one line a path; shapes are in `api-types.ts`. */
export function apiRoutes({ store, live, received, version, startedMs, forward }: ApiOptions): Route[] {
  return [
    get('/api/sessions', async ({ res, query }) =>
      sendJson(res, 200, await store.sessions(readSessionQuery(query))),
    ),
    get('/api/sessions/:id', async ({ res, params }) =>
      sendJson(res, 200, await readSession(store, params['id'] ?? '')),
    ),
    get('/api/sessions/:id/logs', async ({ res, params, query }) =>
      sendJson(res, 200, await store.logs({ ...readPageQuery(query), sessionId: params['id'] ?? '' })),
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
    get('/api/traces/:traceId/spans', async ({ res, params }) => {
      const spans = await store.rawSpans(params['traceId'] ?? '');
      if (spans.length === 0) throw notFound('trace');
      sendJson(res, 200, encodeTraceRequestJson(spans));
    }),
    get('/api/stats', async ({ res }) =>
      sendJson(res, 200, {
        ...(await store.stats()),
        version,
        startedMs,
        received: { ...received },
        ...(forward === undefined ? {} : { forward: forward() }),
      } satisfies StatsResponse),
    ),
    get('/api/live', ({ req, res, query }) => {
      const lastEventId = req.headersDistinct['last-event-id']?.[0];
      live.open(res, { ...readLiveQuery(query), ...(lastEventId === undefined ? {} : { lastEventId }) });
    }),
  ];
}

/** Everything that the page of a session shows. Throws an `HttpFailure` 404 when there is no such session. */
async function readSession(store: Store, id: string): Promise<SessionResponse> {
  const session = await store.session(id);
  if (session === undefined) throw notFound('session');
  const [steps, observations] = await Promise.all([store.steps(id), store.observations(id)]);
  return { session, steps, observations };
}

function notFound(what: string): HttpFailure {
  return new HttpFailure(404, 'SPOOR_NOT_FOUND', `There is no ${what} with this id.`);
}

function get(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, handle };
}

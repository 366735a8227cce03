import type { WorkflowGraph } from '../../semconv/model/graph.js';
import type { Session } from '../../semconv/model/session.js';
import { costReport } from '../analysis/cost/cost-report.js';
import { createPricer } from '../analysis/cost/price-call.js';
import { priceRecords } from '../analysis/cost/price-records.js';
import { buildGraph } from '../analysis/graph/build-graph.js';
import type { GraphOptions } from '../analysis/graph/graph-builder.js';
import type { SessionRecords } from '../analysis/moves/read-moves.js';
import { judgeSession } from '../analysis/scores/judge-session.js';
import { findStuck } from '../analysis/stuck/find-stuck.js';
import type { SessionQuery, Store } from '../store/store.js';
import { type GraphQuery, readGraphQuery, readMergedGraphQuery } from './api-query.js';
import { HttpFailure } from './http-failure.js';
import { pictureHashes } from './picture-hashes.js';
import { sendJson } from './reply.js';
import type { Route } from './router.js';

const PAGE = 500;
const DEFAULT_SESSIONS = 100;
/** Sessions that latency and cost are seen against. */
const HISTORY = 200;

/** Remembers the prices of the models it has seen. */
const pricer = createPricer();

/** What analysis says: made anew for each request, out of what is stored. */
export function analysisRoutes(store: Store): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/sessions/:id/graph',
      async handle({ res, params, query }) {
        const options = readGraphQuery(query);
        sendJson(
          res,
          200,
          await graphOf(store, [await readPriced(store, params['id'] ?? '')], graphOptions(options)),
        );
      },
    },
    {
      method: 'GET',
      path: '/api/sessions/:id/stuck',
      async handle({ res, params }) {
        const records = await readPriced(store, params['id'] ?? '');
        const screenshotHash = await pictureHashes(
          [records],
          async (hash) => (await store.blobs.get(hash))?.bytes,
        );
        sendJson(res, 200, findStuck(records, { screenshotHash }));
      },
    },
    {
      method: 'GET',
      path: '/api/sessions/:id/cost',
      async handle({ res, params }) {
        sendJson(res, 200, costReport([await readRecords(store, params['id'] ?? '')], pricer));
      },
    },
    {
      method: 'GET',
      path: '/api/sessions/:id/judgement',
      async handle({ res, params }) {
        const records = await readPriced(store, params['id'] ?? '');
        const agent = records.session.agentName ?? records.session.agentId;
        const others = await store.sessions({ limit: HISTORY, ...(agent === undefined ? {} : { agent }) });
        sendJson(res, 200, await judgeSession(records, { others: others.items }));
      },
    },
    {
      method: 'GET',
      path: '/api/graph',
      async handle({ res, query }) {
        const { experimentId, limit = DEFAULT_SESSIONS, graph, ...filter } = readMergedGraphQuery(query);
        const chosen = await chooseSessions(store, filter, experimentId, limit);
        const records: SessionRecords[] = [];
        for (const session of chosen) records.push(priceRecords(await recordsOf(store, session), pricer));
        sendJson(res, 200, await graphOf(store, records, graphOptions(graph)));
      },
    },
  ];
}

async function graphOf(
  store: Store,
  sessions: readonly SessionRecords[],
  options: GraphOptions,
): Promise<WorkflowGraph> {
  const screenshotHash = await pictureHashes(sessions, async (hash) => (await store.blobs.get(hash))?.bytes);
  return buildGraph([...sessions], { ...options, screenshotHash });
}

function graphOptions({ top, similarity }: GraphQuery): GraphOptions {
  return {
    ...(top === undefined ? {} : { maxNodes: top }),
    ...(similarity === undefined ? {} : { thresholds: { shortSimilarity: similarity } }),
  };
}

async function readPriced(store: Store, id: string): Promise<SessionRecords> {
  return priceRecords(await readRecords(store, id), pricer);
}

async function readRecords(store: Store, id: string): Promise<SessionRecords> {
  const session = await store.session(id);
  if (session === undefined)
    throw new HttpFailure(404, 'SPOOR_NOT_FOUND', 'There is no session with this id.');
  return recordsOf(store, session);
}

async function recordsOf(store: Store, session: Session): Promise<SessionRecords> {
  return {
    session,
    steps: await store.steps(session.id),
    observations: await store.observations(session.id),
  };
}

/** The sessions that changed last, as many as are wanted. */
async function chooseSessions(
  store: Store,
  filter: SessionQuery,
  experimentId: string | undefined,
  limit: number,
): Promise<Session[]> {
  const chosen: Session[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.sessions({
      ...filter,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const session of page.items) {
      if (experimentId === undefined || session.experimentId === experimentId) chosen.push(session);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined && chosen.length < limit);
  return chosen.slice(0, limit);
}

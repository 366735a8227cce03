import * as z from 'zod';
import { OBSERVATION_TYPES } from '../../semconv/model/observation.js';
import type {
  LogQuery,
  ObservationQuery,
  PageQuery,
  ScoreQuery,
  SearchQuery,
  SessionQuery,
  TraceWindowQuery,
} from '../store/store.js';
import { HttpFailure } from './http-failure.js';

const page = {
  limit: z.coerce.number().int().min(1).max(500).optional(),
  cursor: z.string().min(1).max(4_096).optional(),
};
const name = z.string().min(1).max(1_024).optional();

const status = z.enum(['unset', 'ok', 'error']).optional();
/** Milliseconds since the epoch, or an ISO 8601 time. */
const time = z
  .union([
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
    z.iso.datetime({ offset: true }).transform(Date.parse),
  ])
  .optional();
/** How many states are shown, and how alike two short ones must be to be one. */
const graph = {
  top: z.coerce.number().int().min(1).max(100_000).optional(),
  similarity: z.coerce.number().min(0).max(1).optional(),
};
const attribute = z.string().regex(/^[^=]{1,1024}=[\s\S]{0,4096}$/, 'must be of the form key=value');

const SCHEMAS = {
  page: z.strictObject(page),
  sessions: z.strictObject({ ...page, status, agent: name, user: name, tag: name, since: time, q: name }),
  logs: z.strictObject({ ...page, span: name, q: name }),
  sessionLogs: z.strictObject({ ...page, q: name }),
  observations: z.strictObject({ ...page, step: name }),
  search: z.strictObject({
    ...page,
    q: name,
    attr: z.array(attribute).max(16).optional(),
    session: name,
    type: z.enum(OBSERVATION_TYPES).optional(),
    name,
    model: name,
    status,
    since: time,
  }),
  scores: z.strictObject({ ...page, session: name, name, source: name }),
  window: z.strictObject({ ...page, from: time, to: time }),
  live: z.strictObject({ session: name }),
  graph: z.strictObject(graph),
  mergedGraph: z.strictObject({
    ...graph,
    limit: z.coerce.number().int().min(1).max(2_000).optional(),
    status,
    agent: name,
    user: name,
    tag: name,
    experiment: name,
    since: time,
    q: name,
  }),
} as const;

/** The parameters of each listing, as the API document shows them. */
export const QUERY_SCHEMAS: Readonly<Record<ListingName, z.ZodObject>> = SCHEMAS;
export type ListingName =
  | 'page'
  | 'sessions'
  | 'logs'
  | 'sessionLogs'
  | 'observations'
  | 'search'
  | 'scores'
  | 'window'
  | 'live'
  | 'graph'
  | 'mergedGraph';

/** How a graph is made. */
export interface GraphQuery {
  top?: number;
  similarity?: number;
}

/** Reads `?limit&cursor`. Throws an `HttpFailure` 400 that names the wrong parameter. */
export function readPageQuery(query: URLSearchParams): PageQuery {
  return withoutUndefined(read(SCHEMAS.page, query));
}

/** Reads `?span&q&limit&cursor`. */
export function readLogQuery(query: URLSearchParams): LogQuery {
  const { span, q, ...rest } = read(SCHEMAS.logs, query);
  return withoutUndefined({ ...rest, spanId: span, text: q });
}

/** Reads `?q&limit&cursor`. */
export function readSessionLogQuery(query: URLSearchParams): LogQuery {
  const { q, ...rest } = read(SCHEMAS.sessionLogs, query);
  return withoutUndefined({ ...rest, text: q });
}

/** Reads the query of `GET /api/sessions`; `since` is in milliseconds since the epoch, or an ISO 8601 time. */
export function readSessionQuery(query: URLSearchParams): SessionQuery {
  const { q, since, ...rest } = read(SCHEMAS.sessions, query);
  return withoutUndefined({ ...rest, text: q, sinceMs: since });
}

/** Reads `?step&limit&cursor`. */
export function readObservationQuery(query: URLSearchParams): ObservationQuery {
  const { step, ...rest } = read(SCHEMAS.observations, query);
  return withoutUndefined({ ...rest, stepId: step });
}

/** Reads the query of `GET /api/search`; `attr` is `key=value` and may be given more than once. */
export function readSearchQuery(query: URLSearchParams): SearchQuery {
  const { q, attr, session, since, ...rest } = read(SCHEMAS.search, query, ['attr']);
  const attributes = attr && Object.fromEntries(attr.map(splitAttribute));
  return withoutUndefined({ ...rest, text: q, attributes, sessionId: session, sinceMs: since });
}

/** Reads `?session&name&source&limit&cursor`. */
export function readScoreQuery(query: URLSearchParams): ScoreQuery {
  const { session, ...rest } = read(SCHEMAS.scores, query);
  return withoutUndefined({ ...rest, sessionId: session });
}

/** Reads `?from&to&limit&cursor`; undefined when none of them is given. */
export function readWindowQuery(query: URLSearchParams): TraceWindowQuery | undefined {
  const { from, to, ...rest } = read(SCHEMAS.window, query);
  return query.size === 0 ? undefined : withoutUndefined({ ...rest, fromMs: from, toMs: to });
}

export function readLiveQuery(query: URLSearchParams): { sessionId?: string } {
  return withoutUndefined({ sessionId: read(SCHEMAS.live, query).session });
}

/** Reads `?top&similarity`. */
export function readGraphQuery(query: URLSearchParams): GraphQuery {
  return withoutUndefined(read(SCHEMAS.graph, query));
}

/** Reads the filters of `GET /api/sessions` and `?experiment&top&similarity`; `limit` counts sessions. */
export function readMergedGraphQuery(
  query: URLSearchParams,
): SessionQuery & { experimentId?: string; graph: GraphQuery } {
  const { top, similarity, q, since, experiment, ...rest } = read(SCHEMAS.mergedGraph, query);
  return {
    ...withoutUndefined({ ...rest, text: q, sinceMs: since, experimentId: experiment }),
    graph: withoutUndefined({ top, similarity }),
  };
}

function splitAttribute(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

function read<T>(schema: z.ZodType<T>, query: URLSearchParams, lists: readonly string[] = []): T {
  // No prototype, so that a parameter named `__proto__` is one.
  const values: Record<string, string | string[]> = Object.setPrototypeOf({}, null);
  for (const [key, value] of query) {
    if (lists.includes(key)) {
      values[key] = query.getAll(key);
      continue;
    }
    if (key in values) throw invalid(key, 'is given more than once');
    values[key] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw invalid(issue.keys[0] ?? '', 'is not known here');
  throw invalid(String(issue?.path[0] ?? ''), `cannot be used: ${issue?.message ?? 'invalid'}`);
}

function invalid(parameter: string, why: string): HttpFailure {
  return new HttpFailure(
    400,
    'SPOOR_REQUEST_INVALID',
    `The query parameter "${parameter.slice(0, 64)}" ${why}.`,
  );
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}

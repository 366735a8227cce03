import type * as z from 'zod';
import type { KeyScope } from './api-keys.js';
import { QUERY_SCHEMAS, type ListingName } from './api-query.js';
import type { ApiSchemaName } from './api-schemas.js';
import type { Route } from './router.js';

/** What an answer or a body holds: a described JSON, or the media type of something else. */
export type ApiContent = { json: ApiSchemaName } | { media: readonly string[] };

/** One route as the API document describes it. */
export interface ApiOperation {
  method: Route['method'];
  path: string;
  /** Name of the operation in generated clients. */
  id: string;
  summary: string;
  scope: KeyScope;
  query?: z.ZodObject;
  body?: ApiContent;
  /** Answers that are no errors, by status. */
  answers: Readonly<Record<number, readonly ApiContent[]>>;
  /** Further statuses of errors; 400, 401, 403, 431 and 503 may be the answer to anything. */
  errors?: readonly number[];
}

const json = (name: ApiSchemaName): Readonly<Record<number, readonly ApiContent[]>> => ({
  200: [{ json: name }],
});
const OTLP: ApiContent = { media: ['application/json', 'application/x-protobuf'] };

/** Every route that is not a file of the dashboard. */
export const API_OPERATIONS: readonly ApiOperation[] = [
  read(
    '/api/sessions',
    'listSessions',
    'Sessions, the one that changed last first.',
    'SessionPage',
    'sessions',
  ),
  {
    ...read('/api/sessions/:id', 'getSession', 'A session with its steps and observations.', 'SessionTrail'),
    errors: [404],
  },
  {
    method: 'DELETE',
    path: '/api/sessions/:id',
    id: 'removeSession',
    summary: 'Removes a session: its spans, scores and log records.',
    scope: 'write',
    answers: json('Removed'),
    errors: [404],
  },
  {
    method: 'PUT',
    path: '/api/sessions/:id/pin',
    id: 'pinSession',
    summary: 'Keeps a session when older ones have to make room.',
    scope: 'write',
    answers: json('Pinned'),
    errors: [404],
  },
  {
    method: 'DELETE',
    path: '/api/sessions/:id/pin',
    id: 'unpinSession',
    summary: 'No longer keeps a session.',
    scope: 'write',
    answers: json('Pinned'),
    errors: [404],
  },
  {
    ...read(
      '/api/sessions/:id/observations',
      'listObservations',
      'The observations of a session, in order of start.',
      'ObservationPage',
      'observations',
    ),
    errors: [404],
  },
  read(
    '/api/sessions/:id/logs',
    'listSessionLogs',
    'Log records of a session, in order of time.',
    'LogPage',
    'sessionLogs',
  ),
  read(
    '/api/search',
    'search',
    'Observations by words, attributes and facts, newest first.',
    'ObservationPage',
    'search',
  ),
  read('/api/scores', 'listScores', 'Scores, newest first.', 'ScorePage', 'scores'),
  {
    ...read('/api/observations/:traceId/:spanId', 'getObservation', 'One observation, whole.', 'Observation'),
    errors: [404],
  },
  read('/api/traces', 'listTraces', 'Traces, newest first.', 'TracePage', 'page'),
  {
    ...read(
      '/api/traces/:traceId/spans',
      'getSpans',
      'The spans of a trace as received, in OTLP/JSON; a page of them when the query has any parameter.',
      'RawSpans',
      'window',
    ),
    errors: [404],
  },
  read(
    '/api/traces/:traceId/logs',
    'listTraceLogs',
    'Log records of a trace, in order of time.',
    'LogPage',
    'logs',
  ),
  {
    ...read(
      '/api/sessions/:id/graph',
      'getGraph',
      'Where a session went: states, the moves between them, loops and dead ends.',
      'WorkflowGraph',
      'graph',
    ),
    errors: [404],
  },
  {
    ...read(
      '/api/sessions/:id/stuck',
      'getStuck',
      'Where a session went in circles, and what that cost.',
      'StuckReport',
    ),
    errors: [404],
  },
  {
    ...read(
      '/api/sessions/:id/cost',
      'getCost',
      'What a session cost, by model and step, and what of it has no known price.',
      'CostReport',
    ),
    errors: [404],
  },
  {
    ...read(
      '/api/sessions/:id/judgement',
      'getJudgement',
      'How good a session was: as its program said, else by the default rubric.',
      'Judgement',
    ),
    errors: [404],
  },
  read(
    '/api/graph',
    'getMergedGraph',
    'Where many sessions went: those that the filters choose, the ones that changed last first.',
    'WorkflowGraph',
    'mergedGraph',
  ),
  read('/api/stats', 'getStats', 'What the translator is and holds.', 'Stats'),
  {
    method: 'POST',
    path: '/api/sql',
    id: 'runSql',
    summary: 'One SQL statement that reads; off unless asked for.',
    scope: 'read',
    body: { json: 'SqlRequest' },
    answers: { 200: [{ json: 'SqlResult' }, { media: ['text/csv'] }] },
    errors: [413, 422],
  },
  {
    ...read('/api/live', 'followChanges', 'What changes, as server-sent events.', 'LiveChange', 'live'),
    answers: { 200: [{ media: ['text/event-stream'] }] },
  },
  {
    ...read('/api/openapi.json', 'getOpenApi', 'This document.', 'JsonObject'),
  },
  {
    ...read('/api/blobs/sha256/:hash', 'getBlob', 'An image.', 'Blob'),
    answers: { 200: [{ media: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] }] },
    errors: [404],
  },
  {
    method: 'PUT',
    path: '/api/blobs/sha256/:hash',
    id: 'putBlob',
    summary: 'Keeps an image under the hash of its bytes.',
    scope: 'ingest',
    body: { media: ['application/octet-stream'] },
    answers: { 200: [{ json: 'Blob' }], 201: [{ json: 'Blob' }] },
    errors: [413, 415],
  },
  receive('/v1/traces', 'exportTraces', 'OTLP/HTTP traces.'),
  receive('/v1/logs', 'exportLogs', 'OTLP/HTTP logs.'),
  receive('/v1/metrics', 'exportMetrics', 'OTLP/HTTP metrics: counted, not kept.'),
];

function read(
  path: string,
  id: string,
  summary: string,
  answer: ApiSchemaName,
  query?: ListingName,
): ApiOperation {
  const operation: ApiOperation = { method: 'GET', path, id, summary, scope: 'read', answers: json(answer) };
  return query === undefined ? operation : { ...operation, query: QUERY_SCHEMAS[query] };
}

function receive(path: string, id: string, summary: string): ApiOperation {
  return {
    method: 'POST',
    path,
    id,
    summary,
    scope: 'ingest',
    body: OTLP,
    answers: { 200: [OTLP] },
    errors: [413, 415],
  };
}

import { performance } from 'node:perf_hooks';
import type { Observation } from '../../../semconv/model/observation.js';
import { hasAttributes, matchesObservation } from '../match-observation.js';
import { limitOf, pageOf, positionOf, type Position } from '../page.js';
import type { Page, SearchQuery } from '../store.js';
import { searchWords } from '../text-query.js';
import { currentOf, type Candidate } from './current-rows.js';
import type { Engine, Param } from './engine.js';
import type { NodeReader } from './node-reader.js';
import { inOrder } from './windows.js';
import type { SpanReader } from './span-reader.js';
import { wordPattern } from './span-row.js';

/** How much one page looks through before it gives a cursor instead of more. */
const MOST_BODIES = 5000;
const MOST_MS = 1000;
const MOST_AT_ONCE = 500;

interface Place extends Candidate {
  first_ms: number;
  place: number;
}
interface Found {
  observation: Observation;
  at: Position;
}

/** Makes the search of a database: observations newest first by arrival. */
export function createSearch(
  engine: Engine,
  nodes: NodeReader,
  reader: SpanReader,
): (query: SearchQuery) => Promise<Page<Observation>> {
  /** Those of some places that are what is looked for, as they stand. */
  async function read(places: readonly Place[], query: SearchQuery): Promise<Found[]> {
    const current = await currentOf(engine, places);
    const at = new Map(
      places.filter((place) => current.has(place)).map((place) => [idOf(place), positionAt(place)]),
    );
    const records = await reader.find([...at.keys()].map(toPlace));
    const spans = records.filter((span) => hasAttributes(span, query.attributes));
    const tables = (await nodes.load(new Set(spans.map((span) => span.traceId)))).fold();
    const observations = await reader.observationsAt(inOrder(spans, [...at.keys()]), tables);
    return observations
      .filter((observation) => matchesObservation(observation, query))
      .map((observation) => ({
        observation,
        at: at.get(`${observation.traceId} ${observation.id}`) as Position,
      }));
  }

  return async (query) => {
    const limit = limitOf(query);
    const isAmended = await hasAmendments(engine);
    const deadline = performance.now() + MOST_MS;
    const found: Found[] = [];
    let position = positionOf(query);
    let looked = 0;
    // Most of what the database finds is what is looked for: more is read at once only where it was not.
    for (let count = limit + 1; ; count = Math.max(count, MOST_AT_ONCE)) {
      const places = await candidates(engine, query, position, isAmended, count);
      found.push(...(await read(places, query)));
      const last = places.at(-1);
      if (last === undefined || places.length < count || found.length > limit) break;
      position = positionAt(last);
      looked += count;
      if (looked >= MOST_BODIES || performance.now() > deadline) return pausedAt(found, position);
    }
    const { items, ...rest } = pageOf(found.slice(0, limit + 1), limit, ({ at }) => at);
    return { ...rest, items: items.map(({ observation }) => observation) };
  };
}

/** An amended observation may be anything: then rows do not tell. */
async function hasAmendments(engine: Engine): Promise<boolean> {
  return (await engine.rows(`SELECT 1 FROM ${engine.tables.amendments} LIMIT 1`)).length > 0;
}

interface Conditions {
  where: string[];
  params: Record<string, Param>;
}

function candidates(
  engine: Engine,
  query: SearchQuery,
  position: Position | undefined,
  isAmended: boolean,
  count: number,
): Promise<Place[]> {
  const { spans } = engine.tables;
  const conditions: Conditions = { where: ["type != ''"], params: { count } };
  addPlace(conditions, engine, query, position);
  addText(conditions, query);
  if (!isAmended) addFacts(conditions, query);
  // Of copies at one place the newest: a page that ended between them would lose it.
  return engine.rows<Place>(
    `SELECT trace_id, span_id, version, first_ms, place FROM ${spans} WHERE ${conditions.where.join(' AND ')}
     ORDER BY first_ms DESC, place DESC, trace_id, span_id, version DESC
     LIMIT 1 BY first_ms, place, trace_id, span_id LIMIT {count:UInt32}`,
    conditions.params,
  );
}

function addPlace(
  { where, params }: Conditions,
  engine: Engine,
  { sessionId, sinceMs }: SearchQuery,
  position: Position | undefined,
): void {
  if (sessionId !== undefined) {
    where.push(`(concat('trace:', trace_id) = {session:String} OR trace_id GLOBAL IN
      (SELECT trace_id FROM ${engine.tables.session_traces} WHERE session_id = {session:String}))`);
    params.session = sessionId;
  }
  if (sinceMs !== undefined) {
    where.push('received_ms >= {since:Float64}');
    params.since = sinceMs;
  }
  if (position === undefined) return;
  const [place = '', trace = '', span = ''] = position.id.split(' ');
  where.push(`(-first_ms, -toInt64(place), trace_id, span_id) >
    (-{ms:Float64}, -toInt64({place:UInt32}), {trace:String}, {span:String})`);
  Object.assign(params, { ms: position.ms, place: Number(place) || 0, trace, span });
}

function addText({ where, params }: Conditions, { text = '', attributes = {} }: SearchQuery): void {
  for (const [i, word] of searchWords(text).entries()) {
    where.push(`preview LIKE {word${i}:String}`);
    params[`word${i}`] = wordPattern(word);
  }
  for (const [i, key] of Object.keys(attributes).entries()) {
    where.push(`position(body, {key${i}:String}) > 0`);
    params[`key${i}`] = JSON.stringify(key);
  }
}

function addFacts({ where, params }: Conditions, { type, status, name, model }: SearchQuery): void {
  for (const [column, value] of Object.entries({ type, status, name })) {
    if (value === undefined) continue;
    where.push(`${column} = {${column}:String}`);
    params[column] = value;
  }
  if (model === undefined) return;
  where.push('has(models, {model:String})');
  params.model = model;
}

function positionAt({ first_ms, place, trace_id, span_id }: Place): Position {
  return { ms: first_ms, id: `${place} ${trace_id} ${span_id}` };
}

function idOf({ trace_id, span_id }: Candidate): string {
  return `${trace_id} ${span_id}`;
}

function toPlace(id: string): { traceId: string; spanId: string } {
  const [traceId = '', spanId = ''] = id.split(' ');
  return { traceId, spanId };
}

/** Enough was looked through: a page of what was found, that goes on after a row. */
function pausedAt(found: readonly { observation: Observation }[], at: Position): Page<Observation> {
  const { nextCursor } = pageOf([...found, undefined], found.length, () => at);
  const items = found.map(({ observation }) => observation);
  return nextCursor === undefined ? { items } : { items, nextCursor };
}

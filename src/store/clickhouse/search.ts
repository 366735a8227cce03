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

/** How much one page looks through before it gives a cursor instead of more. */
const MOST_BODIES = 5000;
const MOST_MS = 1000;
const CHUNK = 500;

interface Place extends Candidate {
  first_ms: number;
  place: number;
}

/** A page of the observations that a search finds, newest first by arrival. */
export async function searchSpans(
  engine: Engine,
  nodes: NodeReader,
  reader: SpanReader,
  query: SearchQuery,
): Promise<Page<Observation>> {
  const limit = limitOf(query);
  const isAmended = await hasAmendments(engine);
  const deadline = performance.now() + MOST_MS;
  const found: { observation: Observation; at: Position }[] = [];
  let position = positionOf(query);
  for (let looked = 0; ; looked += CHUNK) {
    const places = await candidates(engine, query, position, isAmended);
    const current = await currentOf(engine, places);
    const standing = places.filter((place) => current.has(place));
    const at = new Map(standing.map((place) => [idOf(place), positionAt(place)]));
    const spans = (
      await reader.find(standing.map(({ trace_id, span_id }) => ({ traceId: trace_id, spanId: span_id })))
    ).filter((span) => hasAttributes(span, query.attributes));
    const tables = (await nodes.load(new Set(spans.map((span) => span.traceId)))).fold();
    for (const observation of await reader.observationsAt(inOrder(spans, [...at.keys()]), tables)) {
      if (!matchesObservation(observation, query)) continue;
      found.push({ observation, at: at.get(`${observation.traceId} ${observation.id}`) as Position });
    }
    const last = places.at(-1);
    if (last === undefined || places.length < CHUNK || found.length > limit) break;
    position = positionAt(last);
    if (looked + CHUNK >= MOST_BODIES || performance.now() > deadline) return pausedAt(found, position);
  }
  const { items, ...rest } = pageOf(found.slice(0, limit + 1), limit, ({ at }) => at);
  return { ...rest, items: items.map(({ observation }) => observation) };
}

/** An amended observation may be anything: then rows do not tell. */
async function hasAmendments(engine: Engine): Promise<boolean> {
  return (await engine.rows(`SELECT 1 FROM ${engine.tables.amendments} LIMIT 1`)).length > 0;
}

function candidates(
  engine: Engine,
  query: SearchQuery,
  position: Position | undefined,
  isAmended: boolean,
): Promise<Place[]> {
  const { spans, session_traces } = engine.tables;
  const where = ["type != ''"];
  const params: Record<string, Param> = {};
  const add = (condition: string, name: string, value: Param): void => {
    where.push(condition);
    params[name] = value;
  };
  const { sessionId, sinceMs, type, status, name, model, text = '', attributes = {} } = query;
  if (sessionId !== undefined) {
    add(
      `(concat('trace:', trace_id) = {session:String} OR
        trace_id GLOBAL IN (SELECT trace_id FROM ${session_traces} WHERE session_id = {session:String}))`,
      'session',
      sessionId,
    );
  }
  if (sinceMs !== undefined) add('received_ms >= {since:Float64}', 'since', sinceMs);
  if (!isAmended) {
    if (type !== undefined) add('type = {type:String}', 'type', type);
    if (status !== undefined) add('status = {status:String}', 'status', status);
    if (name !== undefined) add('name = {name:String}', 'name', name);
    if (model !== undefined) add('has(models, {model:String})', 'model', model);
  }
  for (const [i, word] of searchWords(text).entries())
    add(`position(preview, {word${i}:String}) > 0`, `word${i}`, ` ${word}`);
  for (const [i, key] of Object.keys(attributes).entries())
    add(`position(body, {key${i}:String}) > 0`, `key${i}`, JSON.stringify(key));
  if (position !== undefined) {
    const [place = '', trace = '', span = ''] = position.id.split(' ');
    add(
      `(-first_ms, -toInt64(place), trace_id, span_id) > (-{ms:Float64}, -toInt64({place:UInt32}), {trace:String}, {span:String})`,
      'ms',
      position.ms,
    );
    Object.assign(params, { place: Number(place) || 0, trace, span });
  }
  return engine.rows<Place>(
    `SELECT trace_id, span_id, version, first_ms, place FROM ${spans} WHERE ${where.join(' AND ')}
     ORDER BY first_ms DESC, place DESC, trace_id, span_id LIMIT 1 BY trace_id, span_id, version LIMIT ${CHUNK}`,
    params,
  );
}

function positionAt({ first_ms, place, trace_id, span_id }: Place): Position {
  return { ms: first_ms, id: `${place} ${trace_id} ${span_id}` };
}

function idOf({ trace_id, span_id }: Candidate): string {
  return `${trace_id} ${span_id}`;
}

/** Enough was looked through: a page of what was found, that goes on after a row. */
function pausedAt(found: readonly { observation: Observation }[], at: Position): Page<Observation> {
  const { nextCursor } = pageOf([...found, undefined], found.length, () => at);
  const items = found.map(({ observation }) => observation);
  return nextCursor === undefined ? { items } : { items, nextCursor };
}

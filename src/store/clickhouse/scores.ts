import type { Score } from '../../../semconv/model/score.js';
import { comparePositions, isAfter, limitOf, pageOf, positionOf, type Position } from '../page.js';
import { matchesScore } from '../score-filter.js';
import type { Page, ScoreQuery, ScoreRecord } from '../store.js';
import type { Engine } from './engine.js';
import { currentOf, type Candidate } from './current-rows.js';
import type { NodeReader } from './node-reader.js';
import { placesOf } from './span-reader.js';

interface ScoreRow extends Candidate {
  time_ms: number;
  scores: string;
}
interface Found {
  record: ScoreRecord;
  at: Position;
}

/** A page of the scores that spans say, newest first. */
export async function pageOfScores(
  engine: Engine,
  nodes: NodeReader,
  query: ScoreQuery,
): Promise<Page<ScoreRecord>> {
  const limit = limitOf(query);
  const position = positionOf(query);
  let from = position;
  const found: Found[] = [];
  for (;;) {
    const rows = await candidates(engine, query, from, limit + 1);
    const current = await currentOf(engine, rows);
    const standing = rows.filter((row) => current.has(row));
    const traceIds = new Set(standing.map((row) => row.trace_id));
    const places = placesOf(traceIds, (await nodes.load(traceIds)).fold());
    for (const row of standing) {
      for (const one of scoresOfRow(row, places.get(`${row.trace_id} ${row.span_id}`)?.sessionId)) {
        if (isAfter(one.at, position) && matchesScore(one.record, query)) found.push(one);
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length <= limit || found.length > limit) break;
    from = { ms: last.time_ms, id: `${last.trace_id} ${last.span_id} ~` };
  }
  const newest = found.toSorted((a, b) => comparePositions(a.at, b.at)).slice(0, limit + 1);
  const { items, ...rest } = pageOf(newest, limit, ({ at }) => at);
  return { ...rest, items: items.map(({ record }) => record) };
}

function scoresOfRow(
  { trace_id, span_id, time_ms, scores }: ScoreRow,
  sessionId: string | undefined,
): Found[] {
  return (JSON.parse(scores) as Score[]).map((score, i) => ({
    at: { ms: time_ms, id: `${trace_id} ${span_id} ${String(i).padStart(4, '0')}` },
    record: {
      score,
      traceId: trace_id,
      spanId: span_id,
      ...(sessionId === undefined ? {} : { sessionId }),
      timeMs: time_ms,
    },
  }));
}

function candidates(
  engine: Engine,
  { sessionId, name, source }: ScoreQuery,
  position: Position | undefined,
  limit: number,
): Promise<ScoreRow[]> {
  const { spans, session_traces } = engine.tables;
  const where = ['length(score_names) > 0'];
  if (name !== undefined) where.push('has(score_names, {name:String})');
  if (source !== undefined) where.push('has(score_sources, {source:String})');
  if (sessionId !== undefined) {
    where.push(`(has(score_sessions, {session:String}) OR concat('trace:', trace_id) = {session:String}
      OR trace_id GLOBAL IN (SELECT trace_id FROM ${session_traces} WHERE session_id = {session:String}))`);
  }
  // The page may have ended between the scores of one span.
  const [trace = '', span = '', place = ''] = (position?.id ?? '').split(' ');
  if (position !== undefined) {
    const order = place === '~' ? '>' : '>=';
    where.push(`(-time_ms, trace_id, span_id) ${order} (-{ms:Float64}, {trace:String}, {span:String})`);
  }
  // Of copies at one place the newest: a page that ended between them would lose it.
  return engine.rows<ScoreRow>(
    `SELECT trace_id, span_id, version, if(ended = 1, end_ms, start_ms) AS time_ms, scores FROM ${spans}
     WHERE ${where.join(' AND ')} ORDER BY time_ms DESC, trace_id, span_id, version DESC
     LIMIT 1 BY time_ms, trace_id, span_id
     LIMIT {limit:UInt32}`,
    {
      name: name ?? '',
      source: source ?? '',
      session: sessionId ?? '',
      ms: position?.ms ?? 0,
      trace,
      span,
      limit,
    },
  );
}

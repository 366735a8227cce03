import type { SpanRecord } from '../otlp/records.js';
import { scoresOf } from '../translate/scores-of.js';
import { translateSpan } from '../translate/translate-span.js';
import { comparePositions, isAfter, limitOf, pageOf, positionOf, type Position } from './page.js';
import { matchesScore } from './score-filter.js';
import type { Page, ScoreQuery, ScoreRecord } from './store.js';

/** A page of the scores that spans say, newest first. `sessionOf` is where a span was put. */
export function pageOfScores(
  spans: Iterable<SpanRecord>,
  query: ScoreQuery,
  sessionOf: (span: SpanRecord) => string | undefined,
): Page<ScoreRecord> {
  const limit = limitOf(query);
  const position = positionOf(query);
  const found: { record: ScoreRecord; at: Position }[] = [];
  for (const span of spans) {
    const { scores, timeMs } = scoresOf(translateSpan(span));
    if (scores.length === 0) continue;
    const sessionId = sessionOf(span);
    for (const [i, score] of scores.entries()) {
      const { traceId, spanId } = span;
      const record: ScoreRecord = {
        score,
        traceId,
        spanId,
        ...(sessionId === undefined ? {} : { sessionId }),
        timeMs,
      };
      const at = { ms: timeMs, id: `${traceId} ${spanId} ${String(i).padStart(4, '0')}` };
      if (isAfter(at, position) && matchesScore(record, query)) found.push({ record, at });
    }
  }
  const newest = found.toSorted((a, b) => comparePositions(a.at, b.at)).slice(0, limit + 1);
  const page = pageOf(newest, limit, ({ at }) => at);
  return { ...page, items: page.items.map(({ record }) => record) };
}

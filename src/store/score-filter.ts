import type { ScoreQuery, ScoreRecord } from './store.js';

/** True when a score is what a query asks for. */
export function matchesScore({ score, sessionId }: ScoreRecord, query: ScoreQuery): boolean {
  const { target } = score;
  return (
    (query.name === undefined || score.name === query.name) &&
    (query.source === undefined || score.source === query.source) &&
    (query.sessionId === undefined ||
      sessionId === query.sessionId ||
      (target.kind === 'session' && target.id === query.sessionId))
  );
}

import { lateModule } from '../shared/late.js';
import { guarded } from './guarded.js';
import type * as ScoreNamespace from './score.js';
import type { ScoreOptions } from './score.js';
import type * as SessionScoresNamespace from './session-scores.js';
import type { SessionResult } from './session-scores.js';

/** Scores are given at the end, and by few programs: what makes them is loaded with the first. */
const scoreModule = lateModule<typeof ScoreNamespace>('./score.js', import.meta.url);
const sessionScoresModule = lateModule<typeof SessionScoresNamespace>('./session-scores.js', import.meta.url);

/**
 * Judges a session, step, trace or observation: now or later, here or in another process, by handle or by id. It is a span
 * `evaluate {name}`, linked to its target and in its trace where that is known. Never throws.
 *
 * @example
 * score({ name: 'helpful', value: 0.8, explanation: 'answered both questions' }); // the active step or session
 * score({ name: 'grade', value: 'B+', source: 'human', target: session });
 * score({ name: 'solved', value: true, target: { kind: 'trace', id: traceIdFrom(ticket.id) } });
 */
export function score(options: ScoreOptions): void {
  guarded('score', undefined, () => scoreModule().score(options));
}

/** Makes the scores that the fields of a session hold. */
export function scoreSession(id: string, result: SessionResult): void {
  if (result.scores === undefined && result.rubric === undefined) return;
  sessionScoresModule().scoreSession(id, result);
}

/** A rubric that is only named is one of those that the session is to be judged by. */
export function withNamedRubric(fields: SessionResult): SessionResult {
  return typeof fields.rubric === 'string' && fields.rubrics === undefined
    ? { ...fields, rubrics: [fields.rubric] }
    : fields;
}

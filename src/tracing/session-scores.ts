import { score, type ScoreOptions } from './score.js';
import type { SessionFields } from './session.js';

/** A judgement that needs no target: it is on the session. */
export type SessionScore = Omit<ScoreOptions, 'target'>;

/** What a rubric came to, as the program judged it: one score for the whole, one for each criterion. */
export interface RubricResult {
  name: string;
  /** Of the whole. */
  value?: number | boolean | string;
  label?: string;
  explanation?: string;
  source?: NonNullable<ScoreOptions['source']>;
  criteria?: readonly Omit<SessionScore, 'rubric' | 'criterion'>[];
}

/** Facts of a session, and how it was judged. */
export interface SessionResult extends SessionFields {
  /** Scores of the session: a list, or values by name. */
  scores?: readonly SessionScore[] | Readonly<Record<string, number | boolean | string>>;
  /** The outcome of a rubric. A name alone asks for the rubric to be applied. */
  rubric?: string | RubricResult;
}

/** Makes the scores that the fields hold. What cannot be one is passed over. */
export function scoreSession(id: string, { scores, rubric }: SessionResult): void {
  const target = { kind: 'session', id } as const;
  for (const given of scoreList(scores)) score({ ...given, target });
  if (typeof rubric !== 'object' || rubric === null || typeof rubric.name !== 'string') return;
  const { criteria, ...whole } = rubric;
  if (whole.value !== undefined || whole.label !== undefined)
    score({ ...whole, rubric: rubric.name, target });
  for (const criterion of criteria ?? []) {
    const source = criterion.source ?? rubric.source;
    const judged = source === undefined ? criterion : { ...criterion, source };
    score({ ...judged, rubric: rubric.name, criterion: criterion.name, target });
  }
}

function scoreList(scores: SessionResult['scores']): readonly SessionScore[] {
  if (typeof scores !== 'object' || scores === null) return [];
  if (Array.isArray(scores)) {
    return (scores as readonly SessionScore[]).filter((given) => typeof given?.name === 'string');
  }
  return Object.entries(scores).map(([name, value]) => ({ name, value }));
}

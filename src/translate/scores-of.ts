import type { Score } from '../../semconv/model/score.js';
import type { TranslatedSpan } from './translate-span.js';

/** The scores that a span says, with their time in milliseconds since the epoch. */
export function scoresOf(span: TranslatedSpan): { scores: readonly Score[]; timeMs: number } {
  const { facts } = span;
  const said =
    facts.concept === 'observation'
      ? facts.observation.scores
      : facts.concept === 'amendment'
        ? (facts.fields as { scores?: unknown }).scores
        : undefined;
  return { scores: usable(said), timeMs: span.endMs ?? span.startMs };
}

function usable(said: unknown): readonly Score[] {
  if (!Array.isArray(said)) return [];
  return (said as readonly Partial<Score>[]).filter(
    (score): score is Score => typeof score?.name === 'string' && typeof score.target?.id === 'string',
  );
}

import type { Judgement } from '../../../semconv/model/judgement.js';
import type { Criterion, Rubric } from '../../../semconv/model/rubric.js';
import type { Score } from '../../../semconv/model/score.js';
import { HEURISTICS } from './heuristics.js';
import type { Judge, JudgedRun, Verdict } from './verdict.js';

export interface ApplyOptions {
  /** Judges by code, by the name of the criterion. */
  readonly judges?: Readonly<Record<string, Judge>>;
  /** Judges what neither code nor a heuristic does: a model, see `createModelJudge`. */
  readonly model?: Judge;
  /** Scores that people gave: they count more than any other, criterion by criterion. */
  readonly given?: readonly Score[];
}

/** What a rubric says of a run. */
export type RubricResult = Omit<Judgement, 'sessionId' | 'given'>;

/**
 * Judges a run by a rubric. Criteria are judged by people, else by code, else by a heuristic, else by a model. A judge that
 * fails gives no score: none is ever made up.
 */
export async function applyRubric(
  run: JudgedRun,
  rubric: Rubric,
  options: ApplyOptions = {},
): Promise<RubricResult> {
  const criteria: Score[] = [];
  const unjudged: string[] = [];
  for (const criterion of rubric.criteria) {
    const score = await judged(run, rubric, criterion, options);
    if (score === undefined) unjudged.push(criterion.name);
    else criteria.push(score);
  }
  const overall =
    rubric.kind === 'score' ? meanOf(run, rubric, criteria) : allOf(run, rubric, criteria, unjudged);
  return { ...(overall === undefined ? {} : { overall }), criteria, unjudged };
}

async function judged(
  run: JudgedRun,
  rubric: Rubric,
  criterion: Criterion,
  { judges = {}, model, given = [] }: ApplyOptions,
): Promise<Score | undefined> {
  const said = given.findLast(
    (score) =>
      score.rubric === rubric.name &&
      score.criterion === criterion.name &&
      score.target.id === run.session.id,
  );
  if (said !== undefined) return said;
  const code = Object.hasOwn(judges, criterion.name) ? judges[criterion.name] : undefined;
  const heuristic = heuristicOf(criterion);
  const judge = code ?? heuristic ?? model;
  if (judge === undefined) return undefined;
  const source = code !== undefined ? 'code' : heuristic !== undefined ? 'heuristic' : 'model';
  let verdict: Verdict | undefined;
  try {
    verdict = await judge(run, criterion);
  } catch {
    return undefined;
  }
  return (
    verdict && scoreOf(run, rubric, verdict, { name: criterion.name, criterion: criterion.name, source })
  );
}

function heuristicOf({ heuristic }: Criterion): Judge | undefined {
  return heuristic !== undefined && Object.hasOwn(HEURISTICS, heuristic) ? HEURISTICS[heuristic] : undefined;
}

function scoreOf(
  { session }: JudgedRun,
  { name: rubric, version, kind }: Rubric,
  { value, explanation, evidence = [] }: Verdict,
  facts: Pick<Score, 'name' | 'criterion' | 'source'>,
): Score | undefined {
  const usable = kind === 'pass-fail' ? passOf(value) : value;
  if (typeof usable === 'number' && !Number.isFinite(usable)) return undefined;
  return {
    ...facts,
    value: usable,
    ...(typeof usable === 'boolean' ? { label: usable ? 'pass' : 'fail' } : {}),
    explanation,
    rubric,
    ...(version === undefined ? {} : { version }),
    ...(evidence.length === 0 ? {} : { evidence }),
    target: { kind: 'session', id: session.id },
  };
}

/** A heuristic says from 0 to 1. */
function passOf(value: number | boolean): boolean {
  return typeof value === 'boolean' ? value : value >= 0.5;
}

function meanOf(run: JudgedRun, rubric: Rubric, scores: readonly Score[]): Score | undefined {
  let sum = 0;
  let weights = 0;
  for (const { name, weight = 1, values } of rubric.criteria) {
    const value = numberOf(scores.find(({ criterion }) => criterion === name)?.value, values);
    if (value === undefined) continue;
    sum += weight * value;
    weights += weight;
  }
  if (weights === 0) return undefined;
  const worst = weakest(scores);
  return scoreOf(
    run,
    rubric,
    { value: sum / weights, explanation: worst === undefined ? '' : `weakest: ${worst}` },
    { name: rubric.name, source: sourceOf(scores) },
  );
}

function numberOf(value: Score['value'], values: Criterion['values']): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'boolean') return undefined;
  const [low, high] = values === undefined ? [0, 1] : [least(values), most(values)];
  return value ? high : low;
}

function least(values: readonly { value: number }[]): number {
  return Math.min(...values.map(({ value }) => value));
}

function most(values: readonly { value: number }[]): number {
  return Math.max(...values.map(({ value }) => value));
}

function allOf(
  run: JudgedRun,
  rubric: Rubric,
  scores: readonly Score[],
  unjudged: readonly string[],
): Score | undefined {
  const failed = scores.filter(({ value }) => value === false);
  if (failed.length === 0 && unjudged.length > 0) return undefined;
  const explanation =
    failed.length === 0
      ? 'every criterion passed'
      : failed.map(({ name, explanation: why = '' }) => `${name}: ${why}`).join('; ');
  return scoreOf(
    run,
    rubric,
    { value: failed.length === 0, explanation, evidence: failed.flatMap(({ evidence = [] }) => evidence) },
    { name: rubric.name, source: sourceOf(scores) },
  );
}

function weakest(scores: readonly Score[]): string | undefined {
  const worst = scores
    .filter(({ value }) => typeof value === 'number')
    .toSorted((a, b) => Number(a.value) - Number(b.value))[0];
  return worst && `${worst.name}, ${worst.explanation ?? ''}`;
}

/** Of several, the one that may be wrong in the most ways. */
function sourceOf(scores: readonly Score[]): string {
  const sources = new Set(scores.map(({ source }) => source));
  return ['model', 'heuristic', 'code', 'human'].find((source) => sources.has(source)) ?? 'code';
}

import type { GivenJudgement, Judgement } from '../../../semconv/model/judgement.js';
import type { Rubric } from '../../../semconv/model/rubric.js';
import type { Session } from '../../../semconv/model/session.js';
import type { SessionRecords } from '../moves/read-moves.js';
import { applyRubric, type ApplyOptions } from './apply-rubric.js';
import { DEFAULT_RUBRIC } from './default-rubric.js';
import { createHistory } from './history.js';

export interface JudgeOptions extends ApplyOptions {
  /** Default: the default rubric, unless the program judged the session itself. */
  readonly rubric?: Rubric;
  /** Other sessions of the project, to see latency and cost against. */
  readonly others?: readonly Session[];
}

/** How good a session was. Scores that people gave for a criterion are found among its observations. */
export async function judgeSession(
  records: SessionRecords,
  { rubric, others = [], ...options }: JudgeOptions = {},
): Promise<Judgement> {
  const { session, observations } = records;
  const given = givenOf(session);
  if (rubric === undefined && given !== undefined) {
    return { sessionId: session.id, given, criteria: [], unjudged: [] };
  }
  const alike = others.filter(
    ({ id, serviceName }) => id !== session.id && serviceName === session.serviceName,
  );
  const history = createHistory(alike.map((other) => ({ session: other })));
  const people = observations.flatMap(({ scores = [] }) => scores.filter(({ source }) => source === 'human'));
  const result = await applyRubric({ ...records, history }, rubric ?? DEFAULT_RUBRIC, {
    given: people,
    ...options,
  });
  return { sessionId: session.id, ...result };
}

function givenOf(session: Session): GivenJudgement | undefined {
  const { isSuccessful, isSuccessfulReason, eval: evaluation, evalReason } = session;
  if (isSuccessful === undefined && evaluation === undefined) return undefined;
  return {
    ...(isSuccessful === undefined ? {} : { isSuccessful }),
    ...(isSuccessfulReason === undefined ? {} : { isSuccessfulReason }),
    ...(evaluation === undefined ? {} : { eval: evaluation }),
    ...(evalReason === undefined ? {} : { evalReason }),
  };
}

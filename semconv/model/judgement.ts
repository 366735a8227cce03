import * as z from 'zod';
import { Score } from './score.js';

/** What a program said of its own session: it stands in place of the default rubric. */
export interface GivenJudgement {
  isSuccessful?: boolean;
  isSuccessfulReason?: string;
  /** Raw, as the user gave it. */
  eval?: number | string;
  evalReason?: string;
}

/** How good a session was: as the program said, or by a rubric. */
export interface Judgement {
  sessionId: string;
  given?: GivenJudgement;
  /** The score of the rubric as a whole; absent when nothing of it could be judged. */
  overall?: Score;
  /** One for each criterion that could be judged. */
  criteria: Score[];
  /** Names of the others: they count for nothing, except that a pass/fail rubric cannot pass without them. */
  unjudged: string[];
}
export const Judgement: z.ZodType<Judgement> = z.object({
  sessionId: z.string(),
  given: z
    .object({
      isSuccessful: z.boolean().optional(),
      isSuccessfulReason: z.string().optional(),
      eval: z.union([z.number(), z.string()]).optional(),
      evalReason: z.string().optional(),
    })
    .optional(),
  overall: Score.optional(),
  criteria: z.array(Score),
  unjudged: z.array(z.string()),
}) as z.ZodType<Judgement>;

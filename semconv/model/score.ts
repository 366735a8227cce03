import * as z from 'zod';

/** A judgement on a session, step, trace or observation (`gen_ai.evaluation.result`). */
export interface Score {
  name: string;
  value?: number | boolean | string;
  label?: string;
  explanation?: string;
  source?: string;
  rubric?: string;
  /** Of the rubric; absent when the score is for the whole of it. */
  criterion?: string;
  /** Of the rubric, the prompt or the code that judged. */
  version?: string;
  /** Ids of the steps and observations that it rests on. */
  evidence?: string[];
  target: { kind: 'session' | 'step' | 'trace' | 'observation'; id: string };
}
export const Score: z.ZodType<Score> = z.object({
  name: z.string(),
  value: z.union([z.number(), z.boolean(), z.string()]).optional(),
  label: z.string().optional(),
  explanation: z.string().optional(),
  source: z.string().optional(),
  rubric: z.string().optional(),
  criterion: z.string().optional(),
  version: z.string().optional(),
  evidence: z.array(z.string()).optional(),
  target: z.object({ kind: z.enum(['session', 'step', 'trace', 'observation']), id: z.string() }),
}) as z.ZodType<Score>;

import * as z from 'zod';

/** What one value of a criterion means: `{ value: 5, meaning: 'answers in part' }`. */
export interface ValueDefinition {
  value: number;
  meaning: string;
}

/** One question that a rubric asks of a run. */
export interface Criterion {
  name: string;
  description?: string;
  /** How much it counts in a score rubric. Default 1. */
  weight?: number;
  /** Of a score rubric: what its values mean. */
  values?: ValueDefinition[];
  /** Of a pass/fail rubric: what passing and failing mean. */
  pass?: string;
  fail?: string;
  /**
   * Name of a built-in heuristic: `completed`, `errors`, `stuck`, `tools`, `repeated-work`, `latency`, `cost`. Without one, a
   * person or a model judges.
   */
  heuristic?: string;
}

/**
 * How runs are judged. A `score` rubric gives the weighted mean of its criteria; a `pass-fail` rubric passes when every
 * criterion does.
 */
export interface Rubric {
  name: string;
  version?: string;
  kind: 'score' | 'pass-fail';
  criteria: Criterion[];
}

const ValueDefinition: z.ZodType<ValueDefinition> = z.strictObject({
  value: z.number(),
  meaning: z.string(),
});
export const Criterion: z.ZodType<Criterion> = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  weight: z.number().positive().optional(),
  values: z.array(ValueDefinition).min(2).optional(),
  pass: z.string().optional(),
  fail: z.string().optional(),
  heuristic: z.string().optional(),
}) as z.ZodType<Criterion>;
export const Rubric: z.ZodType<Rubric> = z
  .strictObject({
    name: z.string().min(1),
    version: z.string().optional(),
    kind: z.enum(['score', 'pass-fail']),
    criteria: z.array(Criterion).min(1),
  })
  .refine(({ criteria }) => new Set(criteria.map(({ name }) => name)).size === criteria.length, {
    message: 'two criteria have one name',
  }) as z.ZodType<Rubric>;

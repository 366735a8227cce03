import * as z from 'zod';

/** Where the cost of a call comes from. `given` was said by the user or the provider and counts more than any table. */
export const COST_SOURCES = ['given', 'priced', 'unknown'] as const;
export type CostSource = (typeof COST_SOURCES)[number];
export const CostSource: z.ZodType<CostSource> = z.enum(COST_SOURCES);

/** What one call cost. */
export interface CallCost {
  source: CostSource;
  /** US dollars; absent when unknown. */
  cost?: number;
  /** Why it is unknown, in a few words. */
  why?: string;
  /** The entry of the price table that it was priced by. */
  pricedAs?: string;
}
export const CallCost: z.ZodType<CallCost> = z.object({
  source: CostSource,
  cost: z.number().optional(),
  why: z.string().optional(),
  pricedAs: z.string().optional(),
}) as z.ZodType<CallCost>;

/** Costs of several calls. What is unknown is not in the sum, and how much that is stands beside it. */
export interface CostTotals {
  /** US dollars, of the calls whose cost is known. */
  cost: number;
  /** Calls that used tokens, or whose cost was given. */
  calls: number;
  givenCalls: number;
  unpricedCalls: number;
  tokens: number;
  unpricedTokens: number;
}
const totals = {
  cost: z.number(),
  calls: z.number(),
  givenCalls: z.number(),
  unpricedCalls: z.number(),
  tokens: z.number(),
  unpricedTokens: z.number(),
};
export const CostTotals: z.ZodType<CostTotals> = z.object(totals);

/** Costs of the calls of one model. */
export interface ModelCost extends CostTotals {
  provider?: string;
  model?: string;
  /** Why calls of it have no price; one reason of possibly several. */
  why?: string;
}
export const ModelCost: z.ZodType<ModelCost> = z.object({
  ...totals,
  provider: z.string().optional(),
  model: z.string().optional(),
  why: z.string().optional(),
}) as z.ZodType<ModelCost>;

/** What a session, or many, cost: as a whole, by step and by model, the dearest first. */
export interface CostReport {
  total: CostTotals;
  models: ModelCost[];
  /** Steps that made calls. Calls outside of any step are in the total only. */
  steps: (CostTotals & { sessionId: string; stepId: string })[];
  sessions: (CostTotals & { sessionId: string; experimentId?: string })[];
  experiments: (CostTotals & { experimentId: string })[];
}
export const CostReport: z.ZodType<CostReport> = z.object({
  total: CostTotals,
  models: z.array(ModelCost),
  steps: z.array(z.object({ ...totals, sessionId: z.string(), stepId: z.string() })),
  sessions: z.array(z.object({ ...totals, sessionId: z.string(), experimentId: z.string().optional() })),
  experiments: z.array(z.object({ ...totals, experimentId: z.string() })),
}) as z.ZodType<CostReport>;

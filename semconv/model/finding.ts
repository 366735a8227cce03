import * as z from 'zod';

/** The rules by which a run is said to be stuck. */
export const STUCK_RULES = [
  'exact-retry',
  'error-retry',
  'tandem-repeat',
  'flip-flop',
  'stagnation',
  'revisit-churn',
  'dead-end',
  'repeated-message',
] as const;
export type StuckRule = (typeof STUCK_RULES)[number];
export const StuckRule: z.ZodType<StuckRule> = z.enum(STUCK_RULES);

/** One way in which a session went in circles, with the steps that show it. */
export interface Finding {
  rule: StuckRule;
  sessionId: string;
  /** `observations`: what goes in circles are observations, of a session without steps or inside one step. */
  basis: 'steps' | 'observations';
  /** One sentence for a person. */
  summary: string;
  /** Steps, or observations where a session has no steps, in order. At most 1000 are named. */
  stepIds: string[];
  /** The first step that did again what had been done before. */
  firstRepeatedId: string;
  /** How often the same was done, the first time included. */
  repeats: number;
  /** Length of what repeats, in steps. */
  period: number;
  /** Position in the session of the first and the last step, from 0; the same one for what is inside a step. */
  firstIndex: number;
  lastIndex: number;
  /** All of the finding's steps. */
  steps: number;
  tokens: number;
  /** Time spent inside the steps, in milliseconds. */
  ms: number;
  /** US dollars; absent when no cost inside is known. */
  cost?: number;
  /** True while it was still going on at the last step that was seen. */
  isOpen: boolean;
}
export const Finding: z.ZodType<Finding> = z.object({
  rule: StuckRule,
  sessionId: z.string(),
  basis: z.enum(['steps', 'observations']),
  summary: z.string(),
  stepIds: z.array(z.string()),
  firstRepeatedId: z.string(),
  repeats: z.number(),
  period: z.number(),
  firstIndex: z.number(),
  lastIndex: z.number(),
  steps: z.number(),
  tokens: z.number(),
  ms: z.number(),
  cost: z.number().optional(),
  isOpen: z.boolean(),
}) as z.ZodType<Finding>;

/** What going in circles cost a session, in figures. */
export interface SessionFigures {
  steps: number;
  /** Distinct states. */
  states: number;
  /** Steps in a state that the session had been in before. */
  repeatedSteps: number;
  stepsPerState: number;
  uniqueStateRatio: number;
  /** Share of the transitions that led back to an earlier state. */
  backtrackRatio: number;
  /** Longest run of steps in one state. */
  longestStagnation: number;
  /** Steps inside findings, each counted once. */
  loopSteps: number;
  loopTokens: number;
  /** US dollars; absent when no cost inside is known. */
  loopCost?: number;
  /** Share of the known cost, else of the tokens, else of the steps, that was spent inside findings. */
  loopShare: number;
  /** Steps of the shortest session that passed, and how many times as long this one is; absent without one. */
  bestPassingSteps?: number;
  pathRatio?: number;
}
export const SessionFigures: z.ZodType<SessionFigures> = z.object({
  steps: z.number(),
  states: z.number(),
  repeatedSteps: z.number(),
  stepsPerState: z.number(),
  uniqueStateRatio: z.number(),
  backtrackRatio: z.number(),
  longestStagnation: z.number(),
  loopSteps: z.number(),
  loopTokens: z.number(),
  loopCost: z.number().optional(),
  loopShare: z.number(),
  bestPassingSteps: z.number().optional(),
  pathRatio: z.number().optional(),
}) as z.ZodType<SessionFigures>;

/** A sequence of moves that failing and passing sessions share unequally. */
export interface Motif {
  /** State and action of each move, as labels. */
  moves: { state: string; action: string }[];
  failed: number;
  passed: number;
  /** How many times as likely to fail a session with it is, against all judged sessions. */
  lift: number;
  /** Sessions that have it; at most 20 are named. */
  sessionIds: string[];
}
export const Motif: z.ZodType<Motif> = z.object({
  moves: z.array(z.object({ state: z.string(), action: z.string() })),
  failed: z.number(),
  passed: z.number(),
  lift: z.number(),
  sessionIds: z.array(z.string()),
}) as z.ZodType<Motif>;

/** What stuck detection says of one session. */
export interface StuckReport {
  sessionId: string;
  /** What a move is: a step, or an observation where the session has no steps. */
  basis: 'steps' | 'observations';
  findings: Finding[];
  figures: SessionFigures;
}
export const StuckReport: z.ZodType<StuckReport> = z.object({
  sessionId: z.string(),
  basis: z.enum(['steps', 'observations']),
  findings: z.array(Finding),
  figures: SessionFigures,
}) as z.ZodType<StuckReport>;

import * as z from 'zod';
import { Status } from './observation.js';
import { UsageTotals } from './usage.js';

/** One move of an agent: a snapshot of its state and the action that led on. */
export interface Step {
  id: string;
  sessionId: string;
  name: string;
  /** Position in the session, from 0. */
  index: number;
  previousId?: string;
  /** True for the step that the translator makes up for observations outside any step. */
  implicit: boolean;
  state?: string;
  stateKey?: string;
  goal?: string;
  action?: string;
  /** Raw, as the user gave it: never rescaled. */
  evalScore?: number | string;
  evalDescription?: string;
  /** As the user declared it: a value that is new says that the session gets on. */
  progress?: number | string;
  /** References to stored files, `sha256:` and a hash. */
  screenshots?: string[];
  /** What could not be kept of what the user gave. */
  warnings?: string[];
  /** True when another step or the session's end closed it. */
  autoEnded?: boolean;
  status: Status;
  statusMessage?: string;
  startMs: number;
  /** Absent while the step is open. */
  endMs?: number;
  /** Time of the newest amendment, if any. */
  updatedMs?: number;
  observationCount: number;
  usage: UsageTotals;
  /** Sum of the costs that are known; absent when none is. US dollars. */
  cost?: number;
}
export const Step: z.ZodType<Step> = z.object({
  id: z.string(),
  sessionId: z.string(),
  name: z.string(),
  index: z.number(),
  previousId: z.string().optional(),
  implicit: z.boolean(),
  state: z.string().optional(),
  stateKey: z.string().optional(),
  goal: z.string().optional(),
  action: z.string().optional(),
  evalScore: z.union([z.number(), z.string()]).optional(),
  evalDescription: z.string().optional(),
  progress: z.union([z.number(), z.string()]).optional(),
  screenshots: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
  autoEnded: z.boolean().optional(),
  status: Status,
  statusMessage: z.string().optional(),
  startMs: z.number(),
  endMs: z.number().optional(),
  updatedMs: z.number().optional(),
  observationCount: z.number(),
  usage: UsageTotals,
  cost: z.number().optional(),
}) as z.ZodType<Step>;

import * as z from 'zod';
import { JsonObject } from './json.js';
import { Status } from './observation.js';
import { UsageTotals } from './usage.js';

/** Everything one agent run, or one conversation, did. An implicit session stands for a trace that names none. */
export interface Session {
  id: string;
  name?: string;
  implicit: boolean;
  agentId?: string;
  agentName?: string;
  task?: string;
  userId?: string;
  environment?: string;
  serviceName?: string;
  experimentId?: string;
  iteration?: number;
  rubrics?: string[];
  tags?: string[];
  metadata?: JsonObject;
  isSuccessful?: boolean;
  isSuccessfulReason?: string;
  /** Raw, as the user gave it: never rescaled. */
  eval?: number | string;
  evalReason?: string;
  /** `user`, `exit`, `crash`, or the signal that ended the process. */
  endReason?: string;
  exitCode?: number;
  status: Status;
  statusMessage?: string;
  startMs: number;
  /** Absent while the session is open. */
  endMs?: number;
  /** When the translator last learnt something about it. */
  updatedMs: number;
  traceIds: string[];
  models: string[];
  stepCount: number;
  observationCount: number;
  generationCount: number;
  toolCount: number;
  errorCount: number;
  usage: UsageTotals;
  /** Sum of the costs that are known; absent when none is. US dollars. */
  cost?: number;
  /** The store keeps it when it has to make room. */
  pinned?: true;
}
export const Session: z.ZodType<Session> = z.object({
  id: z.string(),
  name: z.string().optional(),
  implicit: z.boolean(),
  agentId: z.string().optional(),
  agentName: z.string().optional(),
  task: z.string().optional(),
  userId: z.string().optional(),
  environment: z.string().optional(),
  serviceName: z.string().optional(),
  experimentId: z.string().optional(),
  iteration: z.number().optional(),
  rubrics: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  metadata: JsonObject.optional(),
  isSuccessful: z.boolean().optional(),
  isSuccessfulReason: z.string().optional(),
  eval: z.union([z.number(), z.string()]).optional(),
  evalReason: z.string().optional(),
  endReason: z.string().optional(),
  exitCode: z.number().optional(),
  status: Status,
  statusMessage: z.string().optional(),
  startMs: z.number(),
  endMs: z.number().optional(),
  updatedMs: z.number(),
  traceIds: z.array(z.string()),
  models: z.array(z.string()),
  stepCount: z.number(),
  observationCount: z.number(),
  generationCount: z.number(),
  toolCount: z.number(),
  errorCount: z.number(),
  usage: UsageTotals,
  cost: z.number().optional(),
  pinned: z.literal(true).optional(),
}) as z.ZodType<Session>;

import * as z from 'zod';
import { JsonObject, JsonValue } from './json.js';
import { Message, MessagePart } from './message.js';
import { Score } from './score.js';
import { ToolDefinition, ToolExecution } from './tool.js';
import { Usage } from './usage.js';

/** The nine kinds of observation. */
export const OBSERVATION_TYPES = [
  'AGENT',
  'SPAN',
  'TOOL',
  'GENERATION',
  'RETRIEVAL',
  'EMBEDDING',
  'EVENT',
  'CHAIN',
  'EVALUATION',
] as const;
export type ObservationType = (typeof OBSERVATION_TYPES)[number];
export const ObservationType: z.ZodType<ObservationType> = z.enum(OBSERVATION_TYPES);

export type Status = 'unset' | 'ok' | 'error';
export const Status: z.ZodType<Status> = z.enum(['unset', 'ok', 'error']);

/**
 * A typed unit of work, read from one span of any dialect. Times are milliseconds since the Unix epoch, with fractions.
 * Every field but the first few is absent when the span did not say it.
 */
export interface Observation {
  /** The span id: 16 lower-case hex digits. */
  id: string;
  /** 32 lower-case hex digits. */
  traceId: string;
  parentId?: string;
  sessionId?: string;
  stepId?: string;
  type: ObservationType;
  name: string;
  /** Name of the dialect that read it. */
  dialect: string;
  /** Instrumentation scope. */
  scope?: string;
  serviceName?: string;
  startMs: number;
  /** Absent while the span is still open. */
  endMs?: number;
  status: Status;
  statusMessage?: string;
  errorType?: string;
  level?: string;
  /** `gen_ai.operation.name`. */
  operation?: string;
  provider?: string;
  requestModel?: string;
  responseModel?: string;
  responseId?: string;
  finishReasons?: string[];
  /** Request parameters by their convention name without the prefix: `temperature`, `max_tokens` … */
  parameters?: JsonObject;
  systemInstructions?: MessagePart[];
  inputMessages?: Message[];
  outputMessages?: Message[];
  toolDefinitions?: ToolDefinition[];
  tool?: ToolExecution;
  input?: JsonValue;
  output?: JsonValue;
  usage?: Usage;
  /** US dollars, only as given by the user or the provider. */
  cost?: number;
  streamed?: boolean;
  timeToFirstChunkMs?: number;
  /** How the call ended: `completed`, `failed`, `cancelled`, `abandoned`. */
  outcome?: string;
  userId?: string;
  conversationId?: string;
  agent?: { id?: string; name?: string; description?: string; version?: string };
  /** References to stored files, `sha256:` and a hash. */
  screenshots?: string[];
  /** What could not be kept of what the user gave. */
  warnings?: string[];
  tags?: string[];
  metadata?: JsonObject;
  scores?: Score[];
  /** Attributes that the dialect did not read: kept and shown. */
  attributes?: JsonObject;
}
export const Observation: z.ZodType<Observation> = z.object({
  id: z.string(),
  traceId: z.string(),
  parentId: z.string().optional(),
  sessionId: z.string().optional(),
  stepId: z.string().optional(),
  type: ObservationType,
  name: z.string(),
  dialect: z.string(),
  scope: z.string().optional(),
  serviceName: z.string().optional(),
  startMs: z.number(),
  endMs: z.number().optional(),
  status: Status,
  statusMessage: z.string().optional(),
  errorType: z.string().optional(),
  level: z.string().optional(),
  operation: z.string().optional(),
  provider: z.string().optional(),
  requestModel: z.string().optional(),
  responseModel: z.string().optional(),
  responseId: z.string().optional(),
  finishReasons: z.array(z.string()).optional(),
  parameters: JsonObject.optional(),
  systemInstructions: z.array(MessagePart).optional(),
  inputMessages: z.array(Message).optional(),
  outputMessages: z.array(Message).optional(),
  toolDefinitions: z.array(ToolDefinition).optional(),
  tool: ToolExecution.optional(),
  input: JsonValue.optional(),
  output: JsonValue.optional(),
  usage: Usage.optional(),
  cost: z.number().optional(),
  streamed: z.boolean().optional(),
  timeToFirstChunkMs: z.number().optional(),
  outcome: z.string().optional(),
  userId: z.string().optional(),
  conversationId: z.string().optional(),
  agent: z
    .object({
      id: z.string().optional(),
      name: z.string().optional(),
      description: z.string().optional(),
      version: z.string().optional(),
    })
    .optional(),
  screenshots: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  metadata: JsonObject.optional(),
  scores: z.array(Score).optional(),
  attributes: JsonObject.optional(),
}) as z.ZodType<Observation>;

import * as z from 'zod';
import { JsonValue } from './json.js';

/** A tool offered to a model (`gen_ai.tool.definitions`). Unknown keys are kept. */
export interface ToolDefinition {
  type: string;
  name: string;
  description?: string;
  /** JSON schema of the arguments. */
  parameters?: JsonValue;
}
export const ToolDefinition: z.ZodType<ToolDefinition> = z.looseObject({
  type: z.string(),
  name: z.string(),
  description: z.string().optional(),
  parameters: JsonValue.optional(),
}) as unknown as z.ZodType<ToolDefinition>;

/** One execution of a tool. `arguments` and `result` are parsed JSON when they parse, else the raw text. */
export interface ToolExecution {
  name: string;
  type?: string;
  callId?: string;
  description?: string;
  arguments?: JsonValue;
  result?: JsonValue;
}
export const ToolExecution: z.ZodType<ToolExecution> = z.object({
  name: z.string(),
  type: z.string().optional(),
  callId: z.string().optional(),
  description: z.string().optional(),
  arguments: JsonValue.optional(),
  result: JsonValue.optional(),
}) as z.ZodType<ToolExecution>;

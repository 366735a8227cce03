import * as z from 'zod';
import { JsonValue } from './json.js';

/**
 * Messages in the shape of the OpenTelemetry GenAI conventions (`gen_ai.input.messages`, `gen_ai.output.messages`,
 * `gen_ai.system_instructions`). Keys are snake_case because this is the JSON that leaves the process.
 * Unknown part types and unknown keys are kept.
 */

export interface TextPart {
  type: 'text';
  content: string;
}

export interface ReasoningPart {
  type: 'reasoning';
  content: string;
}

/** A call that the model asks the application to make. `arguments` is parsed JSON when it parses, else the raw text. */
export interface ToolCallPart {
  type: 'tool_call';
  id?: string | null;
  name: string;
  arguments?: JsonValue;
}

export interface ToolCallResponsePart {
  type: 'tool_call_response';
  id?: string | null;
  response: JsonValue;
}

/** A tool that the provider ran on its own side (web search, code interpreter …). */
export interface ServerToolCallPart {
  type: 'server_tool_call';
  id?: string | null;
  name: string;
  server_tool_call: { type: string; [key: string]: JsonValue };
}

export interface ServerToolCallResponsePart {
  type: 'server_tool_call_response';
  id?: string | null;
  server_tool_call_response: { type: string; [key: string]: JsonValue };
}

/**
 * Inline bytes, base64. The content policy takes the bytes out before a message becomes an attribute: their SHA-256 and
 * their count stand for them.
 */
export interface BlobPart {
  type: 'blob';
  modality: string;
  mime_type?: string | null;
  content?: string;
  sha256?: string;
  bytes?: number;
}

export interface UriPart {
  type: 'uri';
  modality: string;
  mime_type?: string | null;
  uri: string;
}

export interface FilePart {
  type: 'file';
  modality: string;
  mime_type?: string | null;
  file_id: string;
}

/** Anything the conventions have no part for: kept as the provider sent it, under its own type. */
export interface GenericPart {
  type: string;
  [key: string]: JsonValue;
}

export type MessagePart =
  | TextPart
  | ReasoningPart
  | ToolCallPart
  | ToolCallResponsePart
  | ServerToolCallPart
  | ServerToolCallResponsePart
  | BlobPart
  | UriPart
  | FilePart
  | GenericPart;

const nullableId = z.string().nullish();
const serverTool = z.looseObject({ type: z.string() });
const KNOWN_PARTS = {
  text: z.looseObject({ type: z.literal('text'), content: z.string() }),
  reasoning: z.looseObject({ type: z.literal('reasoning'), content: z.string() }),
  tool_call: z.looseObject({
    type: z.literal('tool_call'),
    id: nullableId,
    name: z.string(),
    arguments: JsonValue.optional(),
  }),
  tool_call_response: z.looseObject({
    type: z.literal('tool_call_response'),
    id: nullableId,
    response: JsonValue,
  }),
  server_tool_call: z.looseObject({
    type: z.literal('server_tool_call'),
    id: nullableId,
    name: z.string(),
    server_tool_call: serverTool,
  }),
  server_tool_call_response: z.looseObject({
    type: z.literal('server_tool_call_response'),
    id: nullableId,
    server_tool_call_response: serverTool,
  }),
  blob: z.looseObject({
    type: z.literal('blob'),
    modality: z.string(),
    mime_type: z.string().nullish(),
    content: z.string().optional(),
    sha256: z.string().optional(),
    bytes: z.number().optional(),
  }),
  uri: z.looseObject({
    type: z.literal('uri'),
    modality: z.string(),
    mime_type: z.string().nullish(),
    uri: z.string(),
  }),
  file: z.looseObject({
    type: z.literal('file'),
    modality: z.string(),
    mime_type: z.string().nullish(),
    file_id: z.string(),
  }),
} as const;

/** A known part must have its shape; an unknown type passes as it is. */
export const MessagePart: z.ZodType<MessagePart> = z
  .looseObject({ type: z.string() })
  .superRefine((part, context) => {
    if (!Object.hasOwn(KNOWN_PARTS, part.type)) return;
    const known = KNOWN_PARTS[part.type as keyof typeof KNOWN_PARTS].safeParse(part);
    for (const issue of known.error?.issues ?? []) {
      context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
    }
  }) as z.ZodType<MessagePart>;

export interface Message {
  /** `system`, `user`, `assistant`, `tool`, or the provider's own word. */
  role: string;
  parts: MessagePart[];
  name?: string;
  /** Output messages only: `stop`, `length`, `content_filter`, `tool_call`, `error`, or the provider's own word. */
  finish_reason?: string;
}
export const Message: z.ZodType<Message> = z.looseObject({
  role: z.string(),
  parts: z.array(MessagePart),
  name: z.string().optional(),
  finish_reason: z.string().optional(),
}) as unknown as z.ZodType<Message>;

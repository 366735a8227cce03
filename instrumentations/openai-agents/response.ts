import * as gen from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
} from '../../semconv/spoor-attributes.js';
import { ERROR_TYPE_VALUE_OTHER } from '../../semconv/values.js';
import type { Failure } from '../../src/instrument/open-span.js';
import { mediaPart, modalityOf } from '../../src/instrument/media.js';
import { fieldsOf, numberOf, parsedOrText, textOf } from '../../src/instrument/read.js';
import type { SdkSpan, SdkSpanError, SdkTrace, SpanData } from './sdk-types.js';

type Facts = Record<string, string | number>;

/** Content, with the part of the policy that it belongs to. */
export interface Content {
  part: 'input' | 'output' | 'toolArguments';
  key: string;
  value: unknown;
}

/** What is known of a piece of work when it has ended. */
export interface Ended {
  facts: Facts;
  content: Content[];
  /** Given or chosen by the program, by name. */
  metadata: Record<string, unknown>;
}

/** One span of the SDK, by its kind. */
export function readEnded(data: SpanData): Ended {
  const ended: Ended = { facts: {}, content: [], metadata: {} };
  switch (data.type) {
    case 'agent':
      return {
        ...ended,
        metadata: { tools: data.tools, handoffs: data.handoffs, output_type: data.output_type },
      };
    case 'function':
      return { ...ended, content: toolContent(data), metadata: { mcp_data: data.mcp_data } };
    case 'generation':
      return readGeneration(data);
    case 'response':
      return readResponse(data);
    case 'turn':
      return { ...ended, metadata: { agent_name: data.agent_name } };
    case 'handoff':
      return { ...ended, metadata: { from_agent: data.from_agent, to_agent: data.to_agent } };
    case 'guardrail':
      return { ...ended, metadata: { triggered: data.triggered } };
    case 'mcp_tools':
      return { ...ended, content: content('output', ATTR_SPOOR_OBSERVATION_OUTPUT, data.result) };
    case 'custom':
      return { ...ended, content: content('input', ATTR_SPOOR_OBSERVATION_INPUT, data.data) };
    default:
      return ended;
  }
}

/** What the program said of a trace. */
export function readTraceMetadata(trace: SdkTrace): Record<string, unknown> {
  return { ...fieldsOf(trace.metadata) };
}

/** The key under which an entry of metadata stands. */
export function metadataKey(name: string): string {
  return `${ATTR_SPOOR_OBSERVATION_METADATA}.${name}`;
}

/** Set when the SDK says that the work failed. It keeps a text and no class, so the type is what the text begins with. */
export function readFailure({ error }: SdkSpan): Failure | undefined {
  if (error === null || error === undefined) return undefined;
  return { type: typeOf(error), message: textOf(error.message) };
}

function typeOf({ message, data }: SdkSpanError): string {
  for (const text of [data?.error, message]) {
    const found = typeof text === 'string' ? /^([A-Z]\w*Error)\b/.exec(text)?.[1] : undefined;
    if (found !== undefined && found !== 'Error') return found;
  }
  return ERROR_TYPE_VALUE_OTHER;
}

function toolContent({ input, output }: SpanData): Content[] {
  return [
    ...content('toolArguments', gen.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, parsed(input)),
    ...content('toolArguments', gen.ATTR_GEN_AI_TOOL_CALL_RESULT, parsed(output)),
  ];
}

/** A model that the SDK calls by messages. What the provider's own instrumentation says of the call counts more. */
function readGeneration({ model, usage, input, output }: SpanData): Ended {
  return {
    facts: {
      ...(typeof model === 'string' ? { [gen.ATTR_GEN_AI_REQUEST_MODEL]: model } : {}),
      ...usageFacts(usage),
    },
    content: modelContent(input, output),
    metadata: {},
  };
}

/** A model that the SDK calls through the Responses API. */
function readResponse({ response_id: id, _input: input, _response: response }: SpanData): Ended {
  const { model, usage, output } = fieldsOf(response);
  const facts: Facts = { ...usageFacts(usage) };
  if (typeof model === 'string') facts[gen.ATTR_GEN_AI_RESPONSE_MODEL] = model;
  if (typeof id === 'string') facts[gen.ATTR_GEN_AI_RESPONSE_ID] = id;
  return { facts, content: modelContent(input, output), metadata: {} };
}

/** Both spellings: the SDK passes on what the model gave. */
function usageFacts(usage: unknown): Facts {
  const fields = fieldsOf(usage);
  const facts: Facts = {};
  const input = numberOf(fields['input_tokens']) ?? numberOf(fields['prompt_tokens']);
  const output = numberOf(fields['output_tokens']) ?? numberOf(fields['completion_tokens']);
  if (input !== undefined) facts[gen.ATTR_GEN_AI_USAGE_INPUT_TOKENS] = input;
  if (output !== undefined) facts[gen.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] = output;
  return facts;
}

function modelContent(input: unknown, output: unknown): Content[] {
  return [
    ...content('input', ATTR_SPOOR_OBSERVATION_INPUT, withoutBytes(input, MAX_NESTING)),
    ...content('output', ATTR_SPOOR_OBSERVATION_OUTPUT, withoutBytes(output, MAX_NESTING)),
  ];
}

const MAX_NESTING = 8;

/** The value with `data:` URLs as parts that the kit takes the bytes out of. */
function withoutBytes(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    const mimeType = /^data:([^;,]+)[^,]*;base64,/.exec(value.slice(0, 200))?.[1];
    return mimeType === undefined ? value : mediaPart(modalityOf(mimeType), value);
  }
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withoutBytes(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBytes(item, depth - 1)]));
}

/** The SDK puts an empty text where it has nothing. */
function content(part: Content['part'], key: string, value: unknown): Content[] {
  return value === undefined || value === null || value === '' ? [] : [{ part, key, value }];
}

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? parsedOrText(value) : value;
}

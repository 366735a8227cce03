import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
} from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import {
  ATTR_SPOOR_COST_TOTAL,
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_TYPE,
} from '../spoor-attributes.js';
import { createAttributeReader, type AttributeReader } from './attribute-reader.js';
import { writeUsage } from './usage-buckets.js';
import { present } from './present.js';

/** Work that an event tells of when it is over: the event's time is the end. */
export interface EventWork {
  name: string;
  durationMs: number;
  /** What went wrong; absent when nothing did. */
  failure?: string;
  /** By the GenAI conventions and our own; what is not understood stays under its own name. */
  attributes: JsonObject;
}

type Reader = (reader: AttributeReader) => Omit<EventWork, 'durationMs'>;

/** Claude Code tells of its work by log events (https://code.claude.com/docs/en/monitoring-usage); spans are an option. */
const READERS: Readonly<Record<string, Reader>> = {
  'claude_code.user_prompt': (reader) => ({
    name: 'user prompt',
    attributes: present<JsonObject>({
      [ATTR_SPOOR_OBSERVATION_TYPE]: 'EVENT',
      [ATTR_SPOOR_OBSERVATION_INPUT]: reader.text('prompt'),
    }),
  }),
  'claude_code.api_request': readCall,
  'claude_code.api_error': readCall,
  'claude_code.tool_result': readTool,
};

const PREFIX = 'claude_code.';
const SCOPE = 'com.anthropic.claude_code';

/** True for the name of an event of Claude Code. */
export function isClaudeCodeEvent(eventName: string): boolean {
  return eventName.startsWith(PREFIX);
}

/** The whole name of an event: the attribute `event.name` leaves the prefix out. */
export function claudeCodeEventName(scope: string, named: string): string {
  return scope.startsWith(SCOPE) && !named.includes('.') ? PREFIX + named : named;
}

export const CLAUDE_CODE_CALL_EVENT = 'claude_code.api_request' as const;
const CALL_SPAN = 'claude_code.llm_request';

/** What an event of Claude Code tells; undefined for other events. */
export function readClaudeCodeEvent(
  eventName: string,
  attributes: { readonly [key: string]: JsonValue },
): EventWork | undefined {
  const read = Object.hasOwn(READERS, eventName) ? READERS[eventName] : undefined;
  if (read === undefined) return undefined;
  const reader = createAttributeReader(attributes);
  const durationMs = Math.max(0, reader.number('duration_ms') ?? 0);
  const work = read(reader);
  return { ...work, durationMs, attributes: { ...reader.rest(), ...work.attributes } };
}

/** What the event of a call knows and its span does not: the cost. */
export function claudeCodeSpanFacts(
  spanName: string,
  attributes: { readonly [key: string]: JsonValue },
): JsonObject {
  if (spanName !== CALL_SPAN) return {};
  const cost = createAttributeReader(attributes).number('cost_usd');
  return cost === undefined ? {} : { [ATTR_SPOOR_COST_TOTAL]: cost };
}

function readCall(reader: AttributeReader): Omit<EventWork, 'durationMs'> {
  const model = reader.text('model');
  const failure = reader.text('error');
  const status = reader.numberOrText('status_code');
  return present<Omit<EventWork, 'durationMs'>>({
    name: model === undefined ? 'chat' : `chat ${model}`,
    failure,
    attributes: present<JsonObject>({
      [ATTR_SPOOR_OBSERVATION_TYPE]: 'GENERATION',
      [ATTR_GEN_AI_OPERATION_NAME]: 'chat',
      [ATTR_GEN_AI_REQUEST_MODEL]: model,
      [ATTR_SPOOR_COST_TOTAL]: reader.number('cost_usd'),
      [ATTR_ERROR_TYPE]: failure === undefined || status === undefined ? undefined : String(status),
      // Its input does not include what the cache gave or took.
      ...writeUsage(
        present({
          input: reader.number('input_tokens'),
          cacheRead: reader.number('cache_read_tokens'),
          cacheWrite: reader.number('cache_creation_tokens'),
          output: reader.number('output_tokens'),
        }),
      ),
    }),
  });
}

function readTool(reader: AttributeReader): Omit<EventWork, 'durationMs'> {
  const tool = reader.text('tool_name');
  const failed = String(reader.flag('success') ?? reader.text('success') ?? 'true') === 'false';
  const input = reader.json('tool_input') ?? reader.json('tool_parameters');
  return present<Omit<EventWork, 'durationMs'>>({
    name: tool === undefined ? 'execute_tool' : `execute_tool ${tool}`,
    failure: failed ? (reader.text('error') ?? 'The tool failed.') : undefined,
    attributes: present<JsonObject>({
      [ATTR_SPOOR_OBSERVATION_TYPE]: 'TOOL',
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: tool,
      [ATTR_GEN_AI_TOOL_CALL_ID]: reader.text('tool_use_id'),
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: input === undefined ? undefined : JSON.stringify(input),
    }),
  });
}

import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import * as names from '../../semconv/attributes.js';
import { Message, MessagePart } from '../../semconv/model/message.js';
import { ToolDefinition } from '../../semconv/model/tool.js';
import type { ToolCallTruth, Truth, UsageTruth } from './truth.js';

/** What a span says of an answer, in the form of `Truth`. */
export function saidOf(span: ReadableSpan): Truth {
  const messages = outputMessages(span);
  const parts = messages.flatMap((message) => message.parts);
  const finishReasons = span.attributes[names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS];
  return {
    ...text('id', span.attributes[names.ATTR_GEN_AI_RESPONSE_ID]),
    ...text('model', span.attributes[names.ATTR_GEN_AI_RESPONSE_MODEL]),
    texts: messages.map((message) => textOf(message.parts)),
    toolCalls: parts.filter(({ type }) => type === 'tool_call').map(toolCall),
    ...(Array.isArray(finishReasons) ? { finishReasons: finishReasons.map(canonicalReason) } : {}),
    usage: usageOf(span),
    blocks: parts.length,
    others: [...strings(parts)],
  };
}

/** Holds every message, part and tool definition of a span against the schemas. Throws at the first that does not fit. */
export function validateContent(span: ReadableSpan): number {
  const messages = [...outputMessages(span), ...listOf(span, names.ATTR_GEN_AI_INPUT_MESSAGES)];
  for (const message of messages) Message.parse(message);
  const instructions = listOf(span, names.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS);
  for (const part of instructions) MessagePart.parse(part);
  const tools = listOf(span, names.ATTR_GEN_AI_TOOL_DEFINITIONS);
  for (const tool of tools) ToolDefinition.parse(tool);
  return messages.length + instructions.length + tools.length;
}

/** A span may keep the provider's own word or the convention's: here they are the same. */
function canonicalReason(word: unknown): string {
  return word === 'tool_calls' || word === 'function_call' ? 'tool_call' : String(word);
}

/** Every string anywhere in the content that a span has of the request, and every object as JSON: text may be parsed. */
export function inputStrings(span: ReadableSpan): Set<string> {
  return strings(
    [
      names.ATTR_GEN_AI_INPUT_MESSAGES,
      names.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
      names.ATTR_GEN_AI_TOOL_DEFINITIONS,
    ].map((name) => listOf(span, name)),
  );
}

function strings(value: unknown): Set<string> {
  const found = new Set<string>();
  collectStrings(value, found);
  return found;
}

function collectStrings(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') found.add(value);
  else if (typeof value === 'object' && value !== null) {
    found.add(JSON.stringify(value));
    for (const inner of Object.values(value)) collectStrings(inner, found);
  }
}

function outputMessages(span: ReadableSpan): Message[] {
  return listOf(span, names.ATTR_GEN_AI_OUTPUT_MESSAGES) as Message[];
}

function listOf(span: ReadableSpan, name: string): unknown[] {
  const value = span.attributes[name];
  return typeof value === 'string' ? (JSON.parse(value) as unknown[]) : [];
}

function textOf(parts: readonly MessagePart[]): string {
  return parts
    .filter(({ type }) => type === 'text')
    .map((part) => String((part as { content?: unknown }).content))
    .join('');
}

function toolCall(part: MessagePart): ToolCallTruth {
  const { id, name, arguments: args } = part as { id?: string; name: string; arguments?: unknown };
  return { ...(id ? { id } : {}), name, arguments: args };
}

function usageOf(span: ReadableSpan): UsageTruth {
  const usage = {
    input: span.attributes[names.ATTR_GEN_AI_USAGE_INPUT_TOKENS],
    output: span.attributes[names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS],
    cacheRead: span.attributes[names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
    cacheWrite: span.attributes[names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS],
    reasoning: span.attributes[names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS],
  };
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === 'number'));
}

function text(key: 'id' | 'model', value: unknown): Partial<Truth> {
  return typeof value === 'string' ? { [key]: value } : {};
}

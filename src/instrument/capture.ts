import { createHash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/attributes.js';
import { ATTR_SPOOR_TRUNCATED } from '../../semconv/spoor-attributes.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { currentContentPolicy, type ContentPolicy } from '../config/content-policy.js';
import { cutText, fitJson } from '../shared/limits.js';
import type { CallInput, CallOutput } from './records.js';

/**
 * Content on its way to attributes. Everything passes here: the policy is applied to each role and field, bytes are taken
 * out of messages, and what is too long is cut without breaking the JSON.
 */

/** True when anything of a request may be kept. */
export function wantsInput(policy: ContentPolicy): boolean {
  return policy.input || policy.system || policy.tools;
}

/** The same, of requests to come: for an SDK that gathers the content of a request over time. */
export function keepsInput(): boolean {
  return wantsInput(currentContentPolicy());
}

/** Adds the content of a request to `attributes`, as far as the policy allows. */
export function addInput(attributes: Attributes, input: CallInput, policy: ContentPolicy): void {
  if (policy.system && notEmpty(input.systemInstructions)) {
    putJson(attributes, ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, input.systemInstructions.map(slimPart), policy);
  }
  const messages = wantedMessages(input.messages, policy);
  if (notEmpty(messages)) {
    putJson(attributes, ATTR_GEN_AI_INPUT_MESSAGES, slimMessages(messages, policy), policy);
  }
  if (policy.input && input.query !== undefined) {
    addValue(attributes, ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT, input.query, policy);
  }
  if (policy.tools && notEmpty(input.toolDefinitions)) {
    putJson(attributes, ATTR_GEN_AI_TOOL_DEFINITIONS, input.toolDefinitions, policy);
  }
}

/** Adds the content of an answer to `attributes`, as far as the policy allows. */
export function addOutput(attributes: Attributes, output: CallOutput, policy: ContentPolicy): void {
  if (!policy.output) return;
  const roles = policy.roles;
  const messages =
    roles === undefined ? output.messages : output.messages?.filter(({ role }) => roles.includes(role));
  if (notEmpty(messages)) {
    putJson(attributes, ATTR_GEN_AI_OUTPUT_MESSAGES, slimMessages(messages, policy), policy);
  }
  if (notEmpty(output.documents)) {
    putJson(attributes, ATTR_GEN_AI_RETRIEVAL_DOCUMENTS, output.documents, policy);
  }
}

/** Adds any value as JSON, cut to the policy's length; a text stays as it is. The caller has asked the policy. */
export function addValue(attributes: Attributes, key: string, value: unknown, policy: ContentPolicy): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string') putJson(attributes, key, slimValue(value, MAX_NESTING), policy);
  else if (value.length <= policy.maxLength) attributes[key] = value;
  else {
    attributes[key] = cutText(value, policy.maxLength);
    attributes[`${ATTR_SPOOR_TRUNCATED}.${key}`] = value.length;
  }
}

function wantedMessages(messages: Message[] | undefined, policy: ContentPolicy): Message[] | undefined {
  if (policy.roles === undefined && policy.system && policy.input) return messages;
  return messages?.filter((message) => isWanted(message.role, policy));
}

function isWanted(role: string, policy: ContentPolicy): boolean {
  if (policy.roles !== undefined && !policy.roles.includes(role)) return false;
  return role === 'system' || role === 'developer' ? policy.system : policy.input;
}

function slimMessages(messages: Message[], policy: ContentPolicy): Message[] {
  const keepsAll = policy.toolArguments;
  // Most messages are text and pass as they are: no copy is made of them.
  if (keepsAll && !haveBytes(messages)) return messages;
  return messages.map((message) => {
    const parts = message.parts.map((part) => slimPart(keepsAll ? part : withoutArguments(part)));
    return { ...message, parts };
  });
}

/** On the path of every call, hence no function for each message. */
function haveBytes(messages: readonly Message[]): boolean {
  for (const { parts } of messages) {
    for (const part of parts) {
      const isText = part.type === 'text' && typeof part.content === 'string';
      if (!isText && mayHoldBytes(part)) return true;
    }
  }
  return false;
}

/** Where a part may have parts of its own: the result of a tool, a document that is a list of parts. */
interface NestingPart {
  response?: unknown;
  server_tool_call_response?: unknown;
  content?: unknown;
}
const MAX_NESTING = 5;

function mayHoldBytes(part: MessagePart): boolean {
  if (part.type === 'blob') return true;
  const { response, server_tool_call_response: served, content } = part as NestingPart;
  return typeof content === 'object' || typeof response === 'object' || typeof served === 'object';
}

/** What a tool was asked and what it said may be private even where messages are not. */
function withoutArguments(part: MessagePart): MessagePart {
  switch (part.type) {
    case 'tool_call': {
      const { arguments: _arguments, ...rest } = part as {
        type: 'tool_call';
        name: string;
        arguments?: never;
      };
      return rest;
    }
    case 'tool_call_response':
      return { ...part, response: null };
    case 'server_tool_call':
      return { ...part, server_tool_call: onlyType(part['server_tool_call']) };
    case 'server_tool_call_response':
      return { ...part, server_tool_call_response: onlyType(part['server_tool_call_response']) };
    default:
      return part;
  }
}

function onlyType(body: unknown): { type: string } {
  const type = (body as { type?: unknown } | null)?.type;
  return { type: typeof type === 'string' ? type : '' };
}

/** Bytes never sit in an attribute: a hash and a size stand for them. */
function slimPart(part: MessagePart): MessagePart {
  return mayHoldBytes(part) ? (slimValue(part, MAX_NESTING) as MessagePart) : part;
}

/** The value with every blob in it replaced; the value itself when there is none. */
function slimValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => slimValue(item, depth - 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields['type'] === 'blob' && typeof fields['content'] === 'string')
    return slimBlob(fields, fields['content']);
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    const slim = slimValue(fields[key], depth - 1);
    if (slim !== fields[key]) (copy ??= { ...fields })[key] = slim;
  }
  return copy ?? value;
}

function slimBlob(blob: Readonly<Record<string, unknown>>, content: string): unknown {
  const { content: _content, ...rest } = blob;
  const bytes = Buffer.from(content, 'base64');
  return { ...rest, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

function putJson(attributes: Attributes, key: string, value: unknown, policy: ContentPolicy): void {
  const whole = toJson(value);
  if (whole.length <= policy.maxLength) {
    attributes[key] = whole;
    return;
  }
  attributes[key] = fitJson(value, { maxLength: policy.maxLength });
  attributes[`${ATTR_SPOOR_TRUNCATED}.${key}`] = whole.length;
}

/** The SDK serialises the same objects for its request, so this runs no code of theirs that does not run anyway. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return fitJson(value, { maxLength: Number.MAX_SAFE_INTEGER });
  }
}

function notEmpty<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

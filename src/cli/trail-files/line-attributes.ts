import { isObject } from '../../../semconv/dialects/attribute-reader.js';
import { OBSERVATION_TYPES } from '../../../semconv/model/observation.js';
import type { JsonObject, JsonValue } from '../../../semconv/model/json.js';
import type { Attributes, AttributeValue } from '../../otlp/records.js';
import type { FileLine } from './file-lines.js';

/** Field of `usage`, or a field of its own in older files → the attribute. */
const USAGE: readonly (readonly [string, string])[] = [
  ['input_tokens', 'gen_ai.usage.input_tokens'],
  ['prompt_tokens', 'gen_ai.usage.input_tokens'],
  ['output_tokens', 'gen_ai.usage.output_tokens'],
  ['completion_tokens', 'gen_ai.usage.output_tokens'],
  ['cache_read_tokens', 'gen_ai.usage.cache_read.input_tokens'],
  ['cache_write_tokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['reasoning_tokens', 'gen_ai.usage.reasoning.output_tokens'],
];
const SPAN_PARTS: ReadonlySet<string> = new Set(['span.events', 'span.links', 'service.name']);
/** Attributes that no field of the line had room for stand among the metadata: their names have dots. */
const ATTRIBUTE_NAME = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/;

/** The attributes by which our own dialect says a line of the observations; `trace` is what its trace says beside it. */
export function observationAttributes({ fields }: FileLine, trace: FileLine | undefined): Attributes {
  const attributes = bare();
  const type = typeOf(fields);
  const metadata = isObject(fields.metadata) ? fields.metadata : {};
  // A step says what it is by its own attributes, and no type.
  if (type !== undefined && !isStep(fields, metadata)) attributes['spoor.observation.type'] = type;
  setTool(attributes, type, fields);
  setMessages(attributes, fields.input, 'input', type);
  setMessages(attributes, fields.output, 'output', type);
  set(attributes, 'spoor.observation.level', upper(fields.level));
  // The model that was asked for is beside it when it is another one.
  const isAnswer = metadata['gen_ai.request.model'] !== undefined;
  set(attributes, isAnswer ? 'gen_ai.response.model' : 'gen_ai.request.model', fields.model);
  set(attributes, 'spoor.cost.total', fields.cost);
  setUsage(attributes, fields);
  for (const [key, value] of Object.entries(isObject(fields.llm_parameters) ? fields.llm_parameters : {})) {
    set(attributes, `gen_ai.request.${key}`, value);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (SPAN_PARTS.has(key)) continue;
    set(attributes, ATTRIBUTE_NAME.test(key) ? key : `spoor.observation.metadata.${key}`, value);
  }
  if (trace !== undefined) setOwner(attributes, trace.fields);
  return attributes;
}

/** The attributes of the span that a session is. */
export function sessionAttributes({ fields }: FileLine): Attributes {
  const attributes = bare();
  setOwner(attributes, fields);
  set(attributes, 'spoor.session.task', fields.input);
  set(attributes, 'spoor.session.success_reason', fields.output);
  set(attributes, 'spoor.session.tags', fields.tags);
  set(attributes, 'spoor.session.experiment.id', fields.experiment_id);
  set(attributes, 'spoor.session.iteration', fields.iteration);
  if (typeof fields.name === 'string')
    attributes['spoor.session.name'] = fields.name.replace(/^session /, '');
  for (const [key, value] of Object.entries(isObject(fields.metadata) ? fields.metadata : {})) {
    if (SPAN_PARTS.has(key)) continue;
    set(attributes, ATTRIBUTE_NAME.test(key) ? key : `spoor.session.metadata.${key}`, value);
  }
  set(attributes, 'spoor.session.metadata.persona', fields.persona);
  return attributes;
}

function setOwner(attributes: Attributes, fields: JsonObject): void {
  set(attributes, 'session.id', fields.session_id);
  set(attributes, 'user.id', fields.user_id);
  set(attributes, 'spoor.tags', fields.tags);
}

/** What went into a tool are its arguments, what came out is its result. */
function setTool(attributes: Attributes, type: string | undefined, fields: JsonObject): void {
  if (type === 'TOOL' && typeof fields.name === 'string') set(attributes, 'gen_ai.tool.name', fields.name);
}

function setMessages(
  attributes: Attributes,
  value: JsonValue | undefined,
  side: 'input' | 'output',
  type: string | undefined,
): void {
  if (value === undefined) return;
  if (type === 'TOOL') {
    set(attributes, side === 'input' ? 'gen_ai.tool.call.arguments' : 'gen_ai.tool.call.result', value);
  } else if (
    type === 'GENERATION' &&
    Array.isArray(value) &&
    value.every((item) => isObject(item) && 'role' in item)
  ) {
    set(attributes, `gen_ai.${side}.messages`, value);
  } else set(attributes, `spoor.observation.${side}`, value);
}

function setUsage(attributes: Attributes, fields: JsonObject): void {
  const usage: JsonObject = { ...fields, ...(isObject(fields.usage) ? fields.usage : {}) };
  for (const [name, attribute] of USAGE) {
    const count = usage[name];
    if (typeof count === 'number') attributes[attribute] = count;
  }
}

function typeOf(fields: JsonObject): string | undefined {
  const named = typeof fields.type === 'string' ? fields.type.toUpperCase() : undefined;
  return OBSERVATION_TYPES.find((type) => type === named);
}

function isStep(fields: JsonObject, metadata: JsonObject): boolean {
  return metadata['spoor.step.index'] !== undefined && /^step(?: |$)/.test(wordOf(fields.name));
}

function upper(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? value.toUpperCase() : value;
}

/** Objects, and lists of anything but text, are JSON in an attribute, as senders write them. */
function set(attributes: Attributes, key: string, value: JsonValue | undefined): void {
  if (value === undefined || value === null) return;
  const isFlat =
    typeof value !== 'object' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
  attributes[key] = isFlat ? (value as AttributeValue) : JSON.stringify(value);
}

/** Text, and nothing else. */
export function wordOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function bare(): Attributes {
  return Object.create(null) as Attributes;
}

import type { JsonValue } from '../model/json.js';
import type { ToolDefinition } from '../model/tool.js';
import { isObject } from './attribute-reader.js';

/** Tool definitions in the conventions' flat shape or the chat shape (`{ type, function }`). Undefined when one is neither. */
export function readToolDefinitions(value: JsonValue): ToolDefinition[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const tools: ToolDefinition[] = [];
  for (const item of value) {
    const tool = readToolDefinition(item);
    if (tool === undefined) return undefined;
    tools.push(tool);
  }
  return tools;
}

function readToolDefinition(value: JsonValue): ToolDefinition | undefined {
  if (!isObject(value)) return undefined;
  const nested = isObject(value.function) ? value.function : {};
  const { function: _, ...outer } = value;
  const merged = { ...(isObject(value.function) ? outer : value), ...nested };
  const type = typeof value.type === 'string' ? value.type : 'function';
  // Tools that the provider runs are often known by their type alone.
  const name = typeof merged.name === 'string' ? merged.name : type;
  const { description, input_schema, inputSchema, ...others } = merged;
  // The schema of the arguments goes by several names; a bag of options may stand where a provider's own tool has none.
  const parameters = merged.parameters ?? input_schema ?? inputSchema;
  const rest = parameters === undefined ? others : { ...others, parameters };
  if (description !== undefined && description !== null && typeof description !== 'string') return undefined;
  return { ...rest, ...(typeof description === 'string' ? { description } : {}), type, name };
}

import type { GenericPart, Message } from '../model/message.js';
import type { ToolDefinition } from '../model/tool.js';
import { keysOf, text, type Fields } from './written-fields.js';

/** A message as this vocabulary has it: what is said, then the calls of tools, or the answer of one. */
interface FlatMessage {
  role: string;
  name?: string | undefined;
  contents: GenericPart[];
  calls: GenericPart[];
  answer?: GenericPart;
}

/**
 * `prefix.N.message.*` for a list of messages. A message that answers several calls of tools becomes several messages,
 * because one can name a single call.
 */
export function writeFlatMessages(prefix: string, messages: readonly Message[] | undefined): Fields {
  const fields: Fields = {};
  for (const [index, message] of (messages ?? []).flatMap((item) => flatten(item)).entries()) {
    writeMessage(fields, `${prefix}.${index}.message`, message);
  }
  return fields;
}

/** `llm.tools.N.tool.json_schema` in the shape of chat completions, as this vocabulary's readers expect it. */
export function writeToolSchemas(definitions: readonly ToolDefinition[] | undefined): Fields {
  return Object.fromEntries(
    (definitions ?? []).map(({ type, ...definition }, index) => [
      `llm.tools.${index}.tool.json_schema`,
      JSON.stringify(type === 'function' ? { type, function: definition } : { type, ...definition }),
    ]),
  );
}

function flatten({ role, name, parts }: Message): FlatMessage[] {
  const messages: FlatMessage[] = [];
  let open: FlatMessage | undefined;
  for (const part of parts.map((item) => keysOf(item))) {
    if (part.type === 'tool_call_response') {
      messages.push({ role: 'tool', name, contents: [], calls: [], answer: part });
      open = undefined;
      continue;
    }
    if (open === undefined) messages.push((open = { role, name, contents: [], calls: [] }));
    (part.type === 'tool_call' ? open.calls : open.contents).push(part);
  }
  return messages.length === 0 ? [{ role, name, contents: [], calls: [] }] : messages;
}

function writeMessage(
  fields: Fields,
  at: string,
  { role, name, contents, calls, answer }: FlatMessage,
): void {
  fields[`${at}.role`] = role;
  fields[`${at}.name`] = name;
  if (answer !== undefined) {
    fields[`${at}.tool_call_id`] = idOf(answer);
    fields[`${at}.content`] = text(answer.response);
    return;
  }
  const [only] = contents;
  if (contents.length === 1 && only?.type === 'text' && typeof only.content === 'string') {
    fields[`${at}.content`] = only.content;
  } else {
    for (const [index, part] of contents.entries()) {
      writeContent(fields, `${at}.contents.${index}.message_content`, part);
    }
  }
  for (const [index, call] of calls.entries()) {
    const prefix = `${at}.tool_calls.${index}.tool_call`;
    fields[`${prefix}.id`] = idOf(call);
    fields[`${prefix}.function.name`] = text(call.name);
    fields[`${prefix}.function.arguments`] = JSON.stringify(call.arguments ?? {});
  }
}

/** Text, thoughts and media have names; any other part is kept as JSON under its own type. */
function writeContent(fields: Fields, at: string, part: GenericPart): void {
  const content = part.content;
  if ((part.type === 'text' || part.type === 'reasoning') && typeof content === 'string') {
    fields[`${at}.type`] = part.type;
    fields[`${at}.text`] = content;
    return;
  }
  const url = mediaUrl(part);
  const modality = part.modality;
  if (url !== undefined && (modality === 'image' || modality === 'audio' || modality === 'video')) {
    fields[`${at}.type`] = modality;
    fields[`${at}.${modality}.${modality}.url`] = url;
    return;
  }
  fields[`${at}.type`] = part.type;
  fields[`${at}.text`] = JSON.stringify(part);
}

/** The address of a medium; bytes that are there become a `data:` address. */
function mediaUrl(part: GenericPart): string | undefined {
  if (part.type === 'uri' && typeof part.uri === 'string') return part.uri;
  if (part.type !== 'blob' || typeof part.content !== 'string') return undefined;
  const mediaType = typeof part.mime_type === 'string' ? part.mime_type : 'application/octet-stream';
  return `data:${mediaType};base64,${part.content}`;
}

function idOf(part: GenericPart): string | undefined {
  return typeof part.id === 'string' ? part.id : undefined;
}

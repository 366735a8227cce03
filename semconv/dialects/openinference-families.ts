import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { Score } from '../model/score.js';
import { isObject, parseJson, type AttributeReader } from './attribute-reader.js';
import type { DialectSpan } from './dialect.js';
import { present } from './present.js';
import { toConventionPart } from './provider-parts.js';
import { readMessages } from './read-messages.js';
import { unflatten } from './unflatten.js';

/** `N.message.{role,content,contents,tool_calls,…}` → messages; undefined when they are not that. */
export function readOpenInferenceMessages(members: JsonObject, defaultRole: string): Message[] | undefined {
  const list = unflatten(members);
  if (!Array.isArray(list)) return undefined;
  const messages: JsonObject[] = [];
  for (const item of list) {
    if (!isObject(item) || !isObject(item.message)) return undefined;
    messages.push(toMessage(item.message));
  }
  return readMessages(messages, defaultRole);
}

function toMessage(message: JsonObject): JsonObject {
  const { content, contents, tool_calls: toolCalls, tool_call_id: answers, ...rest } = message;
  const said = [
    ...(typeof content === 'string' && content !== '' ? [toAnswerOrText(content, answers)] : []),
    ...listOf(contents).map((item) => toPart(item)),
  ];
  const known = new Set(said.flatMap((part) => (isObject(part) && isCall(part) ? [part.id ?? null] : [])));
  const calls = listOf(toolCalls)
    .map((item) => toCall(item))
    // Some say a call twice: among the contents, in its place, and by itself.
    .filter((part) => !isObject(part) || part.id === undefined || !known.has(part.id));
  const kept = typeof content === 'string' || content === undefined ? {} : { content };
  return { ...rest, ...kept, parts: [...said, ...calls] };
}

function toAnswerOrText(content: string, answers: JsonValue | undefined): JsonValue {
  return typeof answers === 'string'
    ? { type: 'tool_call_response', id: answers, response: parseJson(content) ?? content }
    : { type: 'text', content };
}

function toPart(item: JsonValue): JsonValue {
  if (!isObject(item)) return item;
  if (item.tool_call !== undefined) return toCall(item);
  const inner = isObject(item.message_content) ? item.message_content : item;
  return toConventionPart(inner);
}

function toCall(item: JsonValue): JsonValue {
  const call = isObject(item) && isObject(item.tool_call) ? item.tool_call : item;
  const target = isObject(call) && isObject(call.function) ? call.function : undefined;
  if (!isObject(call) || target === undefined || typeof target.name !== 'string') return item;
  return {
    type: 'tool_call',
    ...(typeof call.id === 'string' ? { id: call.id } : {}),
    name: target.name,
    ...(target.arguments === undefined ? {} : { arguments: parseJson(target.arguments) ?? null }),
  };
}

function isCall(part: JsonObject): boolean {
  return part.type === 'tool_call';
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** What a retriever or a reranker found: `{ id, score, content, metadata }` each. */
export function readOpenInferenceDocuments(reader: AttributeReader): JsonValue | undefined {
  for (const prefix of ['retrieval.documents', 'reranker.output_documents']) {
    const found = reader.mappedFamily(prefix, (members) => {
      const list = unflatten(members);
      if (!Array.isArray(list)) return undefined;
      return list.map((item) => (isObject(item) ? (item.document ?? item) : item));
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

const JUDGED: readonly [prefix: string, item: string, kind: Score['target']['kind']][] = [
  ['annotations', 'annotation', 'observation'],
  ['evaluations', 'evaluation', 'observation'],
  ['trace.annotations', 'annotation', 'trace'],
  ['trace.evaluations', 'evaluation', 'trace'],
];

/** Judgements that sit on the span that they judge. */
export function readOpenInferenceScores(span: DialectSpan, reader: AttributeReader): Score[] | undefined {
  const scores: Score[] = [];
  for (const [prefix, item, kind] of JUDGED) {
    const id = (kind === 'trace' ? span.traceId : span.spanId) ?? '';
    const read = reader.mappedFamily(prefix, (members) => {
      const list = unflatten(members);
      if (!Array.isArray(list)) return undefined;
      const found = list.map((entry) => toScore(isObject(entry) ? entry[item] : entry, { kind, id }));
      return found.every((score) => score !== undefined) ? found : undefined;
    });
    scores.push(...(read ?? []));
  }
  return scores.length === 0 ? undefined : scores;
}

function toScore(value: JsonValue | undefined, target: Score['target']): Score | undefined {
  if (!isObject(value) || typeof value.name !== 'string') return undefined;
  return present<Score>({
    name: value.name,
    value: typeof value.score === 'number' ? value.score : undefined,
    label: textOf(value.label),
    explanation: textOf(value.explanation),
    source: textOf(value.annotator_kind)?.toLowerCase(),
    target,
  });
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

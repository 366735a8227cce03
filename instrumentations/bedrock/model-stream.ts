import type { JsonValue } from '../../semconv/model/json.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { ReportedUsage, StreamReducer } from '../../src/instrument/records.js';
import { bodyFields } from './body-json.js';
import { indexOf } from './content-parts.js';
import { createGrowingAnswer, type GrowingAnswer } from './growing-answer.js';
import { toolCallPart, typedPart } from './message-parts.js';
import { readBodyUsage, reasonOf, textOfChoice } from './model-response.js';
import { totalUsage } from './response.js';
import type { ConverseEvent } from './sdk-types.js';
import { addConverseEvent } from './stream.js';

/** Folds the chunks of one `InvokeModelWithResponseStreamCommand`: each is a JSON text of the model's own form. */
export function createInvokeReducer(keepContent: boolean): StreamReducer {
  const answer = createGrowingAnswer(keepContent);
  const places = textPlaces();
  let counted: ReportedUsage | undefined;
  return {
    add(event) {
      const { chunk } = fieldsOf(event);
      const body = bodyFields(fieldsOf(chunk)['bytes']);
      counted = readMetrics(body) ?? counted;
      addBody(answer, body, places);
    },
    response() {
      const response = answer.response();
      // What the model says of itself goes first; the service counts for those that say nothing.
      const usage = { ...counted, ...response.usage };
      return Object.keys(usage).length === 0 ? response : { ...response, usage };
    },
    output: answer.output,
    get finished() {
      return answer.finished;
    },
  };
}

/** The service's own counts, in the last chunk. */
function readMetrics(body: Fields): ReportedUsage | undefined {
  const metrics = fieldsOf(body['amazon-bedrock-invocationMetrics']);
  return totalUsage({
    input: numberOf(metrics['inputTokenCount']),
    output: numberOf(metrics['outputTokenCount']),
    read: numberOf(metrics['cacheReadInputTokenCount']),
    written: numberOf(metrics['cacheWriteInputTokenCount']),
  });
}

type Places = (body: ConverseEvent) => ConverseEvent;

function addBody(answer: GrowingAnswer, body: Fields, places: Places): void {
  const type = textOf(body['type']);
  if (type !== undefined && type !== 'completion') addTypedEvent(answer, type, body);
  else if (isConverseEvent(body)) addConverseEvent(answer, places(body));
  else addChunk(answer, body);
}

const CONVERSE_EVENTS = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
];

function isConverseEvent(body: Fields): body is Fields & ConverseEvent {
  return CONVERSE_EVENTS.some((name) => body[name] !== undefined);
}

/** In this form each piece of a text comes with an index of its own: neighbours are one text, as in a whole answer. */
function textPlaces(): Places {
  let lastText: number | undefined;
  return (event) => {
    if (event.contentBlockStart) lastText = undefined;
    const block = event.contentBlockDelta;
    if (!block) return event;
    if (typeof fieldsOf(block.delta)['text'] !== 'string') {
      lastText = undefined;
      return event;
    }
    lastText ??= indexOf(block.contentBlockIndex);
    return { contentBlockDelta: { ...block, contentBlockIndex: lastText } };
  };
}

/** Events with a `type`: Claude's. */
function addTypedEvent(answer: GrowingAnswer, type: string, event: Fields): void {
  const index = indexOf(event['index']);
  switch (type) {
    case 'message_start':
      startMessage(answer, fieldsOf(event['message']));
      break;
    case 'content_block_start': {
      const block = fieldsOf(event['content_block']);
      const { input: _input, ...start } = block;
      answer.begin(0, index, typedPart(start));
      break;
    }
    case 'content_block_delta':
      growTyped(answer, index, fieldsOf(event['delta']));
      break;
    case 'message_delta': {
      const reason = reasonOf(fieldsOf(event['delta']));
      if (reason !== undefined) answer.finish(0, reason);
      mergeUsage(answer, fieldsOf(event['usage']));
      break;
    }
    default:
  }
}

/** The count of output tokens that comes with the start is a placeholder: only a later event has the real one. */
function startMessage(answer: GrowingAnswer, message: Fields): void {
  const { facts } = answer;
  const id = textOf(message['id']);
  const model = textOf(message['model']);
  const role = textOf(message['role']);
  if (id !== undefined) facts.id = id;
  if (model !== undefined) facts.model = model;
  if (role !== undefined) facts.role = role;
  mergeUsage(answer, { ...fieldsOf(message['usage']), output_tokens: undefined });
}

/** Counts of a later event are running totals; those that it leaves out stand. */
function mergeUsage(answer: GrowingAnswer, usage: Fields): void {
  const later = readBodyUsage({ usage });
  if (later !== undefined) answer.facts.usage = { ...answer.facts.usage, ...later };
}

function growTyped(answer: GrowingAnswer, index: number, delta: Fields): void {
  const { text, thinking, partial_json: json, citation } = delta;
  if (typeof text === 'string') answer.grow(0, index, 'text', text);
  else if (typeof thinking === 'string') answer.grow(0, index, 'reasoning', thinking);
  else if (typeof json === 'string') answer.grow(0, index, 'tool_call', json);
  else if (citation !== undefined) answer.append(0, index, citation as JsonValue);
}

/** Everything else: one text a choice, with the choice's own end, and counts that grow. */
function addChunk(answer: GrowingAnswer, body: Fields): void {
  const whole = fieldsOf(body['response']);
  const id = textOf(body['id']) ?? textOf(whole['generation_id']) ?? textOf(body['generation_id']);
  const model = textOf(body['model']);
  if (id !== undefined && id !== '') answer.facts.id = id;
  if (model !== undefined && model !== '') answer.facts.model = model;
  const usage = readBodyUsage(body) ?? readBodyUsage(whole);
  if (usage !== undefined) answer.facts.usage = { ...answer.facts.usage, ...usage };
  for (const [place, choice] of choicesOf(body).entries()) {
    addChoice(answer, numberOf(choice['index']) ?? place, choice);
  }
  const reason = reasonOf(whole);
  if (reason !== undefined) answer.finish(0, reason);
}

function choicesOf(body: Fields): readonly Fields[] {
  const list = body['choices'] ?? body['outputs'] ?? body['generations'];
  return Array.isArray(list) ? list.map(fieldsOf) : [body];
}

const TEXT = 1;
const REASONING = 0;
const FIRST_TOOL = 2;

function addChoice(answer: GrowingAnswer, choice: number, fields: Fields): void {
  const delta = fieldsOf(fields['delta'] ?? fields['message']);
  const text = textOf(delta['content']) ?? textOfChoice(fields);
  const thought = textOf(delta['reasoning_content']) ?? textOf(delta['reasoning']);
  if (thought !== undefined && thought !== '') answer.grow(choice, REASONING, 'reasoning', thought);
  if (text !== undefined && text !== '') answer.grow(choice, TEXT, 'text', text);
  const calls = listOf(delta['tool_calls'] ?? fields['tool_calls']);
  for (const [place, call] of calls.entries()) addToolCall(answer, choice, place, fieldsOf(call));
  const reason = reasonOf(fields);
  if (reason !== undefined) answer.finish(choice, reason);
}

/** A call comes whole, or its name first and its arguments in pieces. */
function addToolCall(answer: GrowingAnswer, choice: number, place: number, call: Fields): void {
  const index = FIRST_TOOL + (numberOf(call['index']) ?? place);
  const piece = textOf(fieldsOf(call['function'])['arguments']);
  const { arguments: given, ...start } = toolCallPart(call) as { arguments?: JsonValue } & ReturnType<
    typeof toolCallPart
  >;
  answer.begin(
    choice,
    index,
    piece === undefined && given !== undefined ? { ...start, arguments: given } : start,
  );
  if (piece !== undefined) answer.grow(choice, index, 'tool_call', piece);
}

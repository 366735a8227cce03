import type { JsonValue } from '../../semconv/model/json.js';
import { fieldsOf, listOf, textOf } from '../../src/instrument/read.js';
import type { StreamReducer } from '../../src/instrument/records.js';
import {
  conversationParts,
  indexOf,
  knownBlock,
  toolResultPart,
  toolUsePart,
  withoutBytes,
} from './content-parts.js';
import { createGrowingAnswer, type GrowingAnswer } from './growing-answer.js';
import { readUsage, routedModel } from './response.js';
import type { ConverseEvent } from './sdk-types.js';

/** Folds the events of one `ConverseStreamCommand`. */
export function createConverseReducer(keepContent: boolean): StreamReducer {
  const answer = createGrowingAnswer(keepContent);
  return {
    add: (event) => addConverseEvent(answer, fieldsOf(event)),
    response: answer.response,
    output: answer.output,
    get finished() {
      return answer.finished;
    },
  };
}

/** Adds one event of a streamed conversation to `answer`. */
export function addConverseEvent(answer: GrowingAnswer, event: ConverseEvent): void {
  const { messageStart, contentBlockStart, contentBlockDelta, messageStop, metadata } = event;
  const role = textOf(messageStart?.role);
  if (role !== undefined) answer.facts.role = role;
  if (contentBlockStart) {
    beginBlock(answer, indexOf(contentBlockStart.contentBlockIndex), contentBlockStart.start);
  }
  if (contentBlockDelta) {
    growBlock(answer, indexOf(contentBlockDelta.contentBlockIndex), contentBlockDelta.delta);
  }
  const reason = textOf(messageStop?.stopReason);
  if (reason !== undefined) answer.finish(0, reason);
  if (metadata) {
    answer.facts.usage = readUsage(metadata.usage) ?? answer.facts.usage;
    const model = routedModel(metadata);
    if (model !== undefined) answer.facts.model = model;
  }
}

function beginBlock(answer: GrowingAnswer, index: number, value: unknown): void {
  const { toolUse, toolResult } = fieldsOf(value);
  if (toolUse !== undefined) answer.begin(0, index, toolUsePart(fieldsOf(toolUse)));
  else if (toolResult !== undefined) answer.begin(0, index, toolResultPart(fieldsOf(toolResult), []));
}

function growBlock(answer: GrowingAnswer, index: number, value: unknown): void {
  const { text, toolUse, toolResult, reasoningContent, citation, image } = knownBlock(fieldsOf(value));
  if (typeof text === 'string') answer.grow(0, index, 'text', text);
  else if (toolUse !== undefined) {
    answer.grow(0, index, 'tool_call', textOf(fieldsOf(toolUse)['input']) ?? '');
  } else if (reasoningContent !== undefined) growReasoning(answer, index, fieldsOf(reasoningContent));
  else if (toolResult !== undefined) appendResult(answer, index, toolResult);
  else if (citation !== undefined) answer.append(0, index, withoutBytes(citation));
  else if (image !== undefined) {
    const [part] = conversationParts([{ image }]);
    if (part !== undefined) answer.begin(0, index, part);
  }
}

function growReasoning(answer: GrowingAnswer, index: number, delta: Readonly<Record<string, unknown>>): void {
  answer.grow(0, index, 'reasoning', textOf(delta['text']) ?? '');
  if (delta['redactedContent'] !== undefined) answer.mark(0, index, { redacted: true });
}

function appendResult(answer: GrowingAnswer, index: number, pieces: unknown): void {
  for (const part of conversationParts(listOf(pieces))) answer.append(0, index, part as unknown as JsonValue);
}

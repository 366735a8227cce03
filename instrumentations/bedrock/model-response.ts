import type { Message, MessagePart } from '../../semconv/model/message.js';
import { blobPart } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import { bodyMessage, bodyParts, toolCallPart } from './message-parts.js';
import { finishReason, readConverse, readConverseOutput, totalUsage, type Counts } from './response.js';

/** Answers of models in their own forms. The form is told from the body, as in the request. */

/** One thing that the model said, in any of the forms. */
interface Said {
  parts: MessagePart[];
  role?: string;
  reason?: unknown;
}

/** Facts of the body of a whole answer. */
export function readInvoke(body: Fields): CallResponse {
  if (fieldsOf(body['output'])['message'] !== undefined) return readConverse(body);
  const id = textOf(body['id']) ?? textOf(body['generation_id']);
  const model = textOf(body['model']);
  const reasons = reasonsOf(body);
  const usage = readBodyUsage(body);
  return {
    ...(id === undefined || id === '' ? {} : { id }),
    ...(model === undefined || model === '' ? {} : { model }),
    ...(reasons.length === 0 ? {} : { finishReasons: reasons }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Content of the body of a whole answer. */
export function readInvokeOutput(body: Fields): CallOutput {
  if (fieldsOf(body['output'])['message'] !== undefined) return readConverseOutput(body);
  const messages = saidOf(body)
    .filter(({ parts }) => parts.length > 0)
    .map(({ parts, role, reason }): Message => {
      const word = textOf(reason);
      const message: Message = { role: role ?? 'assistant', parts };
      return word === undefined ? message : { ...message, finish_reason: finishReason(word) };
    });
  return messages.length === 0 ? {} : { messages };
}

function reasonsOf(body: Fields): string[] {
  const words = choicesOf(body)
    .map(reasonOf)
    .filter((word) => word !== undefined);
  return words.map(finishReason);
}

/** What the body has one of for each answer: itself, when it has no list. */
function choicesOf(body: Fields): readonly Fields[] {
  for (const name of ['choices', 'results', 'outputs', 'generations', 'completions']) {
    if (Array.isArray(body[name])) return body[name].map(fieldsOf);
  }
  return [body];
}

/** The word by which a choice says why it ended, under the names of all models. */
export function reasonOf(choice: Fields): string | undefined {
  return (
    textOf(choice['stop_reason']) ??
    textOf(choice['finish_reason']) ??
    textOf(choice['completionReason']) ??
    textOf(fieldsOf(choice['finishReason'])['reason'])
  );
}

function saidOf(body: Fields): Said[] {
  const images = listOf(body['images']).filter((image) => typeof image === 'string');
  if (images.length > 0) return [{ parts: images.map((image) => blobPart('image', undefined, image)) }];
  return choicesOf(body).map((choice) => ({ ...choiceSaid(choice), reason: reasonOf(choice) }));
}

function choiceSaid(choice: Fields): Said {
  if (Array.isArray(choice['content'])) {
    const role = textOf(choice['role']);
    return { parts: bodyParts(choice['content']), ...(role === undefined ? {} : { role }) };
  }
  if (choice['message'] !== undefined) {
    const { role, parts } = bodyMessage({ role: 'assistant', ...fieldsOf(choice['message']) });
    return { role, parts };
  }
  return { parts: [...bodyParts(textOfChoice(choice)), ...listOf(choice['tool_calls']).map(toolCallPart)] };
}

/** The text of a choice, under the names of all models. */
export function textOfChoice(choice: Fields): string | undefined {
  return (
    textOf(choice['text']) ??
    textOf(choice['generation']) ??
    textOf(choice['completion']) ??
    textOf(choice['outputText']) ??
    textOf(fieldsOf(choice['data'])['text'])
  );
}

/** Token counts of a body, under the names of all models. A count that the model did not give is absent. */
export function readBodyUsage(body: Fields): ReportedUsage | undefined {
  const usage = fieldsOf(body['usage']);
  if (usage['prompt_tokens'] !== undefined) return completionsUsage(usage);
  const billed = fieldsOf(fieldsOf(body['meta'])['billed_units']);
  const results = listOf(body['results']).map((result) => numberOf(fieldsOf(result)['tokenCount']));
  const counts: Counts = {
    input:
      numberOf(usage['input_tokens']) ??
      numberOf(body['prompt_token_count']) ??
      numberOf(body['inputTextTokenCount']) ??
      numberOf(billed['input_tokens']),
    output:
      numberOf(usage['output_tokens']) ??
      numberOf(body['generation_token_count']) ??
      numberOf(body['totalOutputTextTokenCount']) ??
      sumOf(results) ??
      numberOf(billed['output_tokens']),
    read: numberOf(usage['cache_read_input_tokens']),
    written: numberOf(usage['cache_creation_input_tokens']),
    reasoning: numberOf(fieldsOf(usage['output_tokens_details'])['thinking_tokens']),
  };
  return totalUsage(counts);
}

/** In this form the prompt's count includes what the cache had. */
function completionsUsage(usage: Fields): ReportedUsage {
  const cached = numberOf(fieldsOf(usage['prompt_tokens_details'])['cached_tokens']);
  const reasoning = numberOf(fieldsOf(usage['completion_tokens_details'])['reasoning_tokens']);
  return {
    inputTokens: numberOf(usage['prompt_tokens']),
    outputTokens: numberOf(usage['completion_tokens']),
    ...(cached === undefined ? {} : { cacheReadTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
}

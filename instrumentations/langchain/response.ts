import type { Message } from '../../semconv/model/message.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import { canonicalMessage } from './messages.js';

/** What `_generate` gives: `{ generations, llmOutput }`, with a list of generations for each prompt of a completion model. */

/** Cheap facts of an answer. */
export function chatResponse(value: unknown): CallResponse {
  const result = fieldsOf(value);
  const generations = generationsOf(result);
  const [first] = generations;
  const message = fieldsOf(first?.['message']);
  const metadata = fieldsOf(message['response_metadata']);
  const output = fieldsOf(result['llmOutput']);
  const reasons = generations.map(reasonOf).filter((reason) => reason !== undefined);
  return {
    id: responseId(message),
    model: textOf(metadata['model_name']) ?? textOf(metadata['model']) ?? textOf(output['model']),
    ...(reasons.length === 0 ? {} : { finishReasons: reasons }),
    usage: usageOf(message['usage_metadata']) ?? tokenUsage(output['tokenUsage']),
  };
}

/** Content of an answer. */
export function chatOutput(value: unknown): CallOutput {
  return { messages: generationsOf(fieldsOf(value)).map(outputMessage) };
}

function generationsOf(result: Fields): Fields[] {
  return listOf(result['generations'])
    .flat()
    .map((generation) => fieldsOf(generation));
}

function outputMessage(generation: Fields): Message {
  const { message } = generation;
  const reason = reasonOf(generation);
  const whole: Message =
    message === undefined
      ? { role: 'assistant', parts: [{ type: 'text', content: textOf(generation['text']) ?? '' }] }
      : { ...canonicalMessage(message), role: 'assistant' };
  return reason === undefined ? whole : { ...whole, finish_reason: finishReason(reason) };
}

function reasonOf(generation: Fields): string | undefined {
  const message = fieldsOf(generation['message']);
  return (
    reasonIn(fieldsOf(generation['generationInfo'])) ??
    reasonIn(fieldsOf(message['response_metadata'])) ??
    reasonIn(fieldsOf(message['additional_kwargs']))
  );
}

/** Providers have names of their own for it. */
export function reasonIn(fields: Fields): string | undefined {
  for (const key of ['finish_reason', 'stop_reason', 'finishReason', 'stopReason', 'done_reason']) {
    const reason = textOf(fields[key]);
    if (reason !== undefined && reason !== '') return reason;
  }
  return undefined;
}

/** The conventions' word for why an answer ended. */
export function finishReason(reason: string): string {
  return reason === 'tool_calls' || reason === 'tool_use' || reason === 'function_call'
    ? 'tool_call'
    : reason;
}

/** Ids that LangChain makes up for its runs say nothing about the provider's answer. */
export function responseId(message: Fields): string | undefined {
  const id = textOf(fieldsOf(message['response_metadata'])['id']) ?? textOf(message['id']);
  return id === undefined || /^(run-|lc_run|call-)/.test(id) ? undefined : id;
}

/** Usage as the integration took it from the provider's answer; totals include the parts. */
export function usageOf(value: unknown): ReportedUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const usage = fieldsOf(value);
  const input = fieldsOf(usage['input_token_details']);
  const output = fieldsOf(usage['output_token_details']);
  return {
    inputTokens: numberOf(usage['input_tokens']),
    outputTokens: numberOf(usage['output_tokens']),
    cacheReadTokens: numberOf(input['cache_read']),
    cacheWriteTokens: numberOf(input['cache_creation']),
    reasoningTokens: numberOf(output['reasoning']),
  };
}

/** What completion models report. `estimatedTokenUsage` beside it is a guess of LangChain's and is not read. */
function tokenUsage(value: unknown): ReportedUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const usage = fieldsOf(value);
  return { inputTokens: numberOf(usage['promptTokens']), outputTokens: numberOf(usage['completionTokens']) };
}

import type { Message } from '../../semconv/model/message.js';
import { fieldsOf, numberOf, textOf } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import { conversationMessage } from './content-parts.js';
import type { ConverseAnswer, ConverseUsage } from './sdk-types.js';

/** Words of the API and of the models that it serves, in lower case → words of the conventions. Others stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  stop_criteria_met: 'stop',
  complete: 'stop',
  finish: 'stop',
  finished: 'stop',
  endoftext: 'stop',
  stop: 'stop',
  max_tokens: 'length',
  length: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  tool_call: 'tool_call',
  tool_calls: 'tool_call',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
  content_filter: 'content_filter',
  refusal: 'content_filter',
  error_toxic: 'content_filter',
  error: 'error',
};

/** The convention's word for a stop reason, or the reason itself when there is none. */
export function finishReason(reason: string): string {
  return FINISH_REASONS[reason.toLowerCase()] ?? reason;
}

/** Facts of an answer of `ConverseCommand`. */
export function readConverse(answer: ConverseAnswer): CallResponse {
  const reason = textOf(answer.stopReason);
  const usage = readUsage(answer.usage);
  const model = routedModel(answer);
  return {
    ...(model === undefined ? {} : { model }),
    ...(reason === undefined ? {} : { finishReasons: [finishReason(reason)] }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Content of an answer of `ConverseCommand`. */
export function readConverseOutput(answer: ConverseAnswer): CallOutput {
  const message = answer.output?.message;
  if (message === undefined || message === null) return {};
  const reason = textOf(answer.stopReason);
  const output: Message = {
    ...conversationMessage({ role: 'assistant', ...fieldsOf(message) }),
    ...(reason === undefined ? {} : { finish_reason: finishReason(reason) }),
  };
  return { messages: [output] };
}

/** The model that a prompt router chose; the API says nothing of the model otherwise. */
export function routedModel(answer: Pick<ConverseAnswer, 'trace'>): string | undefined {
  return textOf(answer.trace?.promptRouter?.invokedModelId);
}

/**
 * Token counts with the input total as the conventions define it: the API's `inputTokens` plus what was read from and
 * written to the cache. A count that the API did not give is absent.
 */
export function readUsage(usage: ConverseUsage | null | undefined): ReportedUsage | undefined {
  return totalUsage({
    input: numberOf(usage?.inputTokens),
    output: numberOf(usage?.outputTokens),
    read: numberOf(usage?.cacheReadInputTokens) ?? numberOf(usage?.cacheReadInputTokenCount),
    written: numberOf(usage?.cacheWriteInputTokens) ?? numberOf(usage?.cacheWriteInputTokenCount),
  });
}

/** Counts of which the input leaves out what was read from and written to the cache. */
export interface Counts {
  input?: number | undefined;
  output?: number | undefined;
  read?: number | undefined;
  written?: number | undefined;
  reasoning?: number | undefined;
}

/** Adds what the cache has to the input. */
export function totalUsage({ input, output, read, written, reasoning }: Counts): ReportedUsage | undefined {
  const usage: ReportedUsage = {};
  if (input !== undefined) usage.inputTokens = input + (read ?? 0) + (written ?? 0);
  if (output !== undefined) usage.outputTokens = output;
  if (read !== undefined) usage.cacheReadTokens = read;
  if (written !== undefined) usage.cacheWriteTokens = written;
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  return Object.keys(usage).length === 0 ? undefined : usage;
}

import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { blobPart, modalityOf } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import type { ApiResponse, ApiUsage, Candidate, EmbedResponse, Media, Part } from './sdk-types.js';

/** Words of the API → words of the conventions. Others stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  MODEL_ARMOR: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
  MALFORMED_FUNCTION_CALL: 'error',
  MALFORMED_RESPONSE: 'error',
  UNEXPECTED_TOOL_CALL: 'error',
  TOO_MANY_TOOL_CALLS: 'error',
};
const ROLES: Readonly<Record<string, string>> = { model: 'assistant', function: 'tool' };

/** Facts of a whole answer of `generateContent`, or of a stream that was put together. */
export function generateResponse(answer: ApiResponse): CallResponse {
  const reasons = candidatesOf(answer).flatMap(({ finishReason }) => textOf(finishReason) ?? []);
  const blocked = textOf(answer.promptFeedback?.blockReason);
  return withoutGaps<CallResponse>({
    id: textOf(answer.responseId),
    model: textOf(answer.modelVersion),
    finishReasons: finishReasons(reasons, blocked),
    usage: usageOf(answer.usageMetadata),
    providerAttributes: providerAttributes(reasons, blocked),
  });
}

/** Content of a whole answer: one message a candidate. */
export function generateOutput(answer: ApiResponse): CallOutput {
  const messages = candidatesOf(answer).flatMap((candidate) => {
    const reason = textOf(candidate.finishReason);
    const message = messageOf({ role: 'model', ...candidate.content });
    if (message.parts.length === 0 && reason === undefined) return [];
    return reason === undefined ? message : { ...message, finish_reason: finishReasonOf(reason) };
  });
  return messages.length === 0 ? {} : { messages };
}

/** Facts of an answer of `embedContent`. The vectors are never kept. */
export function embedResponse(answer: EmbedResponse): CallResponse {
  const whole = numberOf(answer.usageMetadata?.promptTokenCount);
  const counts = listOf(answer.embeddings).map((one) =>
    numberOf(fieldsOf(fieldsOf(one)['statistics'])['tokenCount']),
  );
  const known = counts.filter((count) => count !== undefined);
  const inputTokens = whole ?? (known.length > 0 ? known.reduce((sum, count) => sum + count) : undefined);
  return inputTokens === undefined ? {} : { usage: { inputTokens } };
}

/** The answer of `countTokens`. It is not usage: nothing was consumed. */
export function countResponse(answer: { totalTokens?: unknown }): CallResponse {
  const total = numberOf(answer.totalTokens);
  return total === undefined ? {} : { providerAttributes: { 'gcp.gen_ai.count_tokens.total_tokens': total } };
}

/** One content as a message. */
export function messageOf(content: unknown): Message {
  if (typeof content === 'string') return { role: 'user', parts: partsOf([content]) };
  const { role, parts } = fieldsOf(content);
  const list = listOf(parts);
  // Results of the program's tools come in the name of the user.
  const isResult = list.length > 0 && list.every((part) => fieldsOf(part)['functionResponse'] !== undefined);
  const name = textOf(role) ?? 'user';
  return { role: isResult ? 'tool' : (ROLES[name] ?? name), parts: partsOf(list) };
}

export function candidatesOf(answer: ApiResponse): Candidate[] {
  return listOf(answer.candidates).map((candidate) => fieldsOf(candidate));
}

/** The convention's word for a reason; a reason that is not known stays. */
export function finishReasonOf(reason: string): string {
  return FINISH_REASONS[reason] ?? reason;
}

/** A prompt that was blocked has no candidates, and so no reason of its own. */
function finishReasons(reasons: readonly string[], blocked: string | undefined): string[] | undefined {
  if (reasons.length > 0) return reasons.map(finishReasonOf);
  return blocked === undefined ? undefined : ['content_filter'];
}

/** Which filter it was is lost in the convention's word. */
function providerAttributes(
  reasons: string[],
  blocked: string | undefined,
): CallResponse['providerAttributes'] {
  const isFiltered = reasons.some((reason) => reason !== 'STOP' && reason !== 'MAX_TOKENS');
  if (!isFiltered && blocked === undefined) return undefined;
  return withoutGaps({
    'gcp.gen_ai.response.finish_reasons': isFiltered ? reasons : undefined,
    'gcp.gen_ai.response.block_reason': blocked,
  });
}

/** The API counts what its own tools put into the prompt, and what the model thought, apart from the rest. */
export function usageOf(usage: ApiUsage | null | undefined): ReportedUsage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const reasoning = numberOf(usage.thoughtsTokenCount);
  return withoutGaps<ReportedUsage>({
    inputTokens: plus(numberOf(usage.promptTokenCount), numberOf(usage.toolUsePromptTokenCount)),
    outputTokens: plus(numberOf(usage.candidatesTokenCount), reasoning),
    cacheReadTokens: numberOf(usage.cachedContentTokenCount),
    reasoningTokens: reasoning,
  });
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}

/** The parts of a content. */
export function partsOf(parts: readonly unknown[]): MessagePart[] {
  return parts.flatMap((part) =>
    typeof part === 'string' ? { type: 'text', content: part } : partOf(fieldsOf(part)),
  );
}

/** `thoughtSignature` is an opaque token of the API, not content: a part that is nothing else is left out. */
function partOf(part: Part): MessagePart[] {
  const text = textOf(part.text);
  if (text !== undefined) return [{ type: part.thought === true ? 'reasoning' : 'text', content: text }];
  if (part.inlineData) return [inlinePart(part.inlineData)];
  if (part.fileData) return [uriPart(part.fileData)];
  return toolPart(part) ?? otherPart(part);
}

function toolPart({ functionCall, functionResponse, ...part }: Part): MessagePart[] | undefined {
  if (functionCall) {
    const { id, name, args } = functionCall;
    return [
      withoutGaps<MessagePart>({
        type: 'tool_call',
        id: textOf(id),
        name: textOf(name) ?? '',
        arguments: args as JsonValue | undefined,
      }),
    ];
  }
  if (functionResponse) {
    const { id, name, response, parts } = functionResponse;
    const media = listOf(parts);
    const whole = media.length === 0 ? response : { ...fieldsOf(response), parts: partsOf(media) };
    return [
      {
        type: 'tool_call_response',
        ...withoutGaps<{ id?: string; name?: string }>({ id: textOf(id), name: textOf(name) }),
        response: (whole ?? null) as JsonValue,
      },
    ];
  }
  return serverToolPart(part);
}

/** Code that the provider runs, and the other tools of its own. */
function serverToolPart(part: Part): MessagePart[] | undefined {
  const { executableCode, codeExecutionResult, toolCall, toolResponse } = part;
  if (executableCode) {
    const { id, ...rest } = executableCode;
    return [serverToolCall(id, 'code_execution', rest)];
  }
  if (codeExecutionResult) {
    const { id, ...rest } = codeExecutionResult;
    return [serverToolResponse(id, 'code_execution', rest)];
  }
  if (toolCall)
    return [serverToolCall(toolCall.id, toolType(toolCall), { arguments: toolCall.args ?? null })];
  if (toolResponse) {
    return [
      serverToolResponse(toolResponse.id, toolType(toolResponse), {
        response: toolResponse.response ?? null,
      }),
    ];
  }
  return undefined;
}

function toolType(tool: { toolType?: unknown }): string {
  return textOf(tool.toolType)?.toLowerCase() ?? '';
}

function serverToolCall(id: unknown, name: string, body: object): MessagePart {
  return { type: 'server_tool_call', ...idOf(id), name, server_tool_call: { type: name, ...body } };
}

function serverToolResponse(id: unknown, type: string, body: object): MessagePart {
  return { type: 'server_tool_call_response', ...idOf(id), server_tool_call_response: { type, ...body } };
}

function idOf(id: unknown): { id?: string } {
  return typeof id === 'string' ? { id } : {};
}

function inlinePart({ data, mimeType }: Media): MessagePart {
  const type = textOf(mimeType);
  return blobPart(modalityOf(type), type, textOf(data) ?? '');
}

function uriPart({ fileUri, mimeType }: Media): MessagePart {
  const type = textOf(mimeType);
  return {
    type: 'uri',
    modality: modalityOf(type),
    ...(type && { mime_type: type }),
    uri: textOf(fileUri) ?? '',
  };
}

/** A part that the conventions have no shape for is kept as it came, under the name of its field. */
function otherPart({ thoughtSignature: _signature, thought: _thought, ...part }: Part): MessagePart[] {
  const [kind] = Object.keys(part);
  return kind === undefined ? [] : [{ ...(part as Record<string, JsonValue>), type: kind }];
}

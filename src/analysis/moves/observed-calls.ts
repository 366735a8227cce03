import type { MessagePart, ToolCallPart, ToolCallResponsePart } from '../../../semconv/model/message.js';
import type { Observation } from '../../../semconv/model/observation.js';

/** The calls of tools that a generation asks for. */
export function askedCalls({ outputMessages }: Observation): ToolCallPart[] {
  return partsOf(outputMessages).filter((part): part is ToolCallPart => part.type === 'tool_call');
}

/** What a generation says in words. */
export function saidText({ outputMessages, output }: Observation): string {
  const texts = partsOf(outputMessages).flatMap((part) =>
    part.type === 'text' && typeof part['content'] === 'string' ? [part['content']] : [],
  );
  if (texts.length > 0) return texts.join('\n');
  return typeof output === 'string' ? output : '';
}

/** Results of tools by the id of the call, as later requests carry them. */
export function answeredCalls(observations: readonly Observation[]): Map<string, unknown> {
  const results = new Map<string, unknown>();
  for (const { inputMessages } of observations) {
    for (const part of partsOf(inputMessages)) {
      if (part.type !== 'tool_call_response') continue;
      const { id, response } = part as ToolCallResponsePart;
      if (typeof id === 'string' && !results.has(id)) results.set(id, response);
    }
  }
  return results;
}

function partsOf(messages: Observation['inputMessages']): MessagePart[] {
  return (messages ?? []).flatMap(({ parts }) => parts);
}

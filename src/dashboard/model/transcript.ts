import type { Message, MessagePart } from '../../../semconv/model/message.js';
import type { Observation } from '../../../semconv/model/observation.js';

/** What one call added to the conversation. */
export interface TranscriptTurn {
  observation: Observation;
  /** Messages of the prompt that no earlier call of the session showed. */
  input: Message[];
  output: Message[];
  /** How many messages of the prompt were shown before. */
  repeated: number;
}

/** The conversation of a session without its repetitions: an agent sends its whole history with every call. */
export function sessionTranscript(observations: readonly Observation[]): TranscriptTurn[] {
  const shown = new Set<string>();
  const turns: TranscriptTurn[] = [];
  for (const observation of observations) {
    // What is embedded is said to nobody.
    if (observation.type === 'EMBEDDING') continue;
    const prompt = promptMessages(observation);
    const output = observation.outputMessages ?? [];
    if (prompt.length === 0 && output.length === 0) continue;
    const input = prompt.filter((message) => !shown.has(fingerprint(message)));
    for (const message of [...prompt, ...output]) shown.add(fingerprint(message));
    turns.push({ observation, input, output, repeated: prompt.length - input.length });
  }
  return turns;
}

/** System instructions, as a message of their own, before the messages. */
export function promptMessages(observation: Observation): Message[] {
  const system = observation.systemInstructions ?? [];
  const messages = observation.inputMessages ?? [];
  return system.length === 0 ? messages : [{ role: 'system', parts: system }, ...messages];
}

/** The finish reason belongs to an answer, not to its text when it comes back in a prompt. */
function fingerprint({ role, parts }: Message): string {
  return JSON.stringify([role, parts.filter((part) => part.type !== 'reasoning')]);
}

/** A part, sorted by how it is shown. */
export type PartView =
  | { kind: 'text'; text: string }
  | { kind: 'reasoning'; text: string }
  | { kind: 'call'; name: string; id?: string; value: unknown; byProvider: boolean }
  | { kind: 'result'; id?: string; value: unknown; byProvider: boolean }
  | { kind: 'attachment'; text: string }
  | { kind: 'other'; type: string; value: unknown };

/** Reads a part without trusting it: a known type with a wrong shape is shown as it came. */
export function viewPart(part: MessagePart): PartView {
  const fields = part as Record<string, unknown> & { type: string };
  const id = typeof fields['id'] === 'string' ? { id: fields['id'] } : {};
  const name = typeof fields['name'] === 'string' ? fields['name'] : '(no name)';
  switch (part.type) {
    case 'text':
    case 'reasoning':
      if (typeof fields['content'] !== 'string') break;
      return { kind: part.type, text: fields['content'] };
    case 'tool_call':
      return { kind: 'call', name, ...id, value: fields['arguments'], byProvider: false };
    case 'server_tool_call':
      return { kind: 'call', name, ...id, value: fields['server_tool_call'], byProvider: true };
    case 'tool_call_response':
      return { kind: 'result', ...id, value: fields['response'], byProvider: false };
    case 'server_tool_call_response':
      return { kind: 'result', ...id, value: fields['server_tool_call_response'], byProvider: true };
    case 'blob':
    case 'uri':
    case 'file':
      return { kind: 'attachment', text: attachmentText(fields) };
    default:
  }
  const { type, ...value } = fields;
  return { kind: 'other', type, value };
}

/** Names an attachment; nothing is loaded from where it lies. */
function attachmentText(fields: Record<string, unknown> & { type: string }): string {
  const said = ['modality', 'mime_type', 'uri', 'file_id', 'sha256']
    .map((key) => fields[key])
    .filter((value) => typeof value === 'string' && value !== '');
  const size = typeof fields['bytes'] === 'number' ? [`${fields['bytes']} bytes`] : [];
  const inline =
    typeof fields['content'] === 'string' ? [`${fields['content'].length} base64 characters`] : [];
  return [fields.type, ...said, ...size, ...inline].join(' · ');
}

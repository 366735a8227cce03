import { isEvents, type Recording } from './recordings.js';
import type { Endpoint } from './calls.js';

/**
 * What a recorded answer says, read straight from the pair. It shares no code with the mappers on purpose: both would have
 * to be wrong in the same way to agree on something false.
 */
export interface Truth {
  id?: string;
  model?: string;
  /** Text of each answer: choices apart. */
  texts: string[];
  toolCalls: ToolCallTruth[];
  finishReasons?: string[];
  usage: UsageTruth;
  /** How many blocks the provider sent, where each must become one part. */
  blocks?: number;
  /** Texts inside blocks that are neither plain text nor a call of the program's tools: kept all the same. */
  others?: string[];
}

export interface ToolCallTruth {
  id?: string;
  name: string;
  arguments: unknown;
}

export interface UsageTruth {
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  reasoning?: number;
}

/** Parsed JSON of any shape. */
type Json = ReturnType<typeof JSON.parse>;

/** Reads the answer; undefined when the pair has none that could be read (an error, or no JSON). */
export function truthOf(shape: NonNullable<Endpoint['shape']>, recording: Recording): Truth | undefined {
  if (recording.status >= 400) return undefined;
  const whole = isEvents(recording.answer)
    ? joined(shape, eventsOf(recording.answer))
    : parsed(recording.answer);
  if (whole === undefined || whole === null || typeof whole !== 'object') return undefined;
  return READERS[shape](whole);
}

export function eventsOf(text: string): Json[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n'),
    )
    .filter((data) => data !== '' && data !== '[DONE]')
    .map(parsed)
    .filter((data) => data !== undefined);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const READERS: Record<NonNullable<Endpoint['shape']>, (whole: Json) => Truth> = {
  chat: chatTruth,
  completions: completionsTruth,
  responses: responsesTruth,
  embeddings: embeddingsTruth,
  messages: messagesTruth,
  complete: (whole) => ({ texts: [whole.completion], toolCalls: [], usage: {} }),
};

/** One whole answer out of its events. */
function joined(shape: NonNullable<Endpoint['shape']>, events: Json[]): Json {
  if (shape === 'responses') return events.findLast((event) => event.response)?.response;
  if (shape === 'messages') return joinedMessage(events);
  return joinedChunks(events);
}

const CHAT_FINISH: Record<string, string> = { tool_calls: 'tool_call', function_call: 'tool_call' };

function chatTruth(whole: Json): Truth {
  const choices: Json[] = whole.choices ?? [];
  return {
    ...head(whole),
    texts: choices.map((choice) => choice.message?.content ?? '').map(flatText),
    toolCalls: choices.flatMap((choice) => chatToolCalls(choice.message ?? {})),
    ...finish(choices.map((choice) => choice.finish_reason).map((word) => CHAT_FINISH[word] ?? word)),
    usage: chatUsage(whole.usage),
  };
}

function chatToolCalls(message: Json): ToolCallTruth[] {
  const calls: Json[] = message.tool_calls ?? [];
  const legacy = message.function_call ? [{ function: message.function_call }] : [];
  return [...calls, ...legacy]
    .filter((call) => call.function)
    .map((call) => ({
      ...(call.id ? { id: call.id } : {}),
      name: call.function.name,
      arguments: looseJson(call.function.arguments),
    }));
}

function chatUsage(usage: Json): UsageTruth {
  return numbers({
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    cacheRead: usage?.prompt_tokens_details?.cached_tokens,
    cacheWrite: usage?.prompt_tokens_details?.cache_write_tokens,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens,
  });
}

function completionsTruth(whole: Json): Truth {
  const choices: Json[] = whole.choices ?? [];
  return {
    ...head(whole),
    texts: choices.map((choice) => choice.text ?? ''),
    toolCalls: [],
    ...finish(choices.map((choice) => choice.finish_reason)),
    usage: chatUsage(whole.usage),
  };
}

function embeddingsTruth(whole: Json): Truth {
  const { id: _id, ...rest } = head(whole);
  return { ...rest, texts: [], toolCalls: [], usage: chatUsage(whole.usage) };
}

function responsesTruth(whole: Json): Truth {
  const items: Json[] = whole.output ?? [];
  const texts = items
    .filter((item) => item.type === 'message')
    .flatMap((item) => item.content ?? [])
    .filter((content: Json) => content.type === 'output_text')
    .map((content: Json) => content.text);
  return {
    ...head(whole),
    texts: [texts.join('')],
    toolCalls: items
      .filter((item) => item.type === 'function_call')
      .map((item) => ({ id: item.call_id, name: item.name, arguments: looseJson(item.arguments) })),
    ...finish([whole.incomplete_details?.reason]),
    usage: numbers({
      input: whole.usage?.input_tokens,
      output: whole.usage?.output_tokens,
      cacheRead: whole.usage?.input_tokens_details?.cached_tokens,
      reasoning: whole.usage?.output_tokens_details?.reasoning_tokens,
    }),
  };
}

const ANTHROPIC_FINISH: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_call',
  refusal: 'content_filter',
};

function messagesTruth(whole: Json): Truth {
  const blocks: Json[] = whole.content ?? [];
  const {
    input_tokens: fresh,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: write,
  } = whole.usage ?? {};
  return {
    ...head(whole),
    texts: [
      blocks
        .filter(({ type }) => type === 'text')
        .map(({ text }) => text)
        .join(''),
    ],
    toolCalls: blocks
      .filter(({ type }) => type === 'tool_use')
      .map(({ id, name, input }) => ({ id, name, arguments: input })),
    ...finish([whole.stop_reason].filter(Boolean).map((word) => ANTHROPIC_FINISH[word] ?? word)),
    usage: numbers({
      ...(typeof fresh === 'number' ? { input: fresh + (read ?? 0) + (write ?? 0) } : {}),
      output: whole.usage?.output_tokens,
      cacheRead: read,
      cacheWrite: write,
      reasoning: whole.usage?.output_tokens_details?.thinking_tokens,
    }),
    blocks: blocks.length,
    others: blocks.filter(({ type }) => type !== 'text' && type !== 'tool_use').flatMap(leaves),
  };
}

/** Tokens of the API's own, which say nothing to a reader. */
const OPAQUE = new Set(['signature', 'data', 'type', 'media_type']);

function leaves(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    OPAQUE.has(key) || key === 'caller' ? [] : leaves(inner),
  );
}

function joinedMessage(events: Json[]): Json {
  const start = events.find(({ type }) => type === 'message_start')?.message;
  if (!start) return undefined;
  const message = { ...start, content: [] as Json[], usage: { ...start.usage } };
  const partial: string[] = [];
  for (const event of events) {
    if (event.type === 'content_block_start') message.content[event.index] = { ...event.content_block };
    if (event.type === 'content_block_delta') {
      const { type, text, partial_json: json } = event.delta;
      if (type === 'text_delta') message.content[event.index].text += text;
      if (type === 'thinking_delta') message.content[event.index].thinking += event.delta.thinking;
      if (type === 'input_json_delta') partial[event.index] = (partial[event.index] ?? '') + json;
    }
    if (event.type === 'message_delta') {
      message.stop_reason = event.delta.stop_reason ?? message.stop_reason;
      for (const [key, value] of Object.entries(event.usage ?? {}))
        if (value !== null) message.usage[key] = value;
    }
  }
  partial.forEach((json, index) => {
    if (json !== '') message.content[index].input = looseJson(json);
  });
  return message;
}

/** Chat and text completions: one object out of chunks, choices by their index. */
function joinedChunks(events: Json[]): Json {
  const first = events.find((event) => event.id) ?? {};
  const choices: Json[] = [];
  for (const piece of events.flatMap((event) => event.choices ?? [])) {
    const index = piece.index ?? 0;
    choices[index] ??= { text: '', finish_reason: null, message: { content: '', tool_calls: [] } };
    growChoice(choices[index], piece);
  }
  for (const { message } of choices.filter(Boolean)) message.tool_calls = message.tool_calls.filter(Boolean);
  return {
    id: first.id,
    model: events.find((event) => event.model)?.model,
    choices: choices.filter(Boolean),
    // One provider of this protocol puts the counts of a stream under its own name.
    usage: events.map((event) => event.usage ?? event.x_groq?.usage).findLast(Boolean),
  };
}

function growChoice(choice: Json, piece: Json): void {
  if (piece.finish_reason) choice.finish_reason = piece.finish_reason;
  choice.text += piece.text ?? '';
  choice.message.content += flatText(piece.delta?.content ?? '');
  const calls: Json[] = choice.message.tool_calls;
  for (const { index = 0, id, function: called } of piece.delta?.tool_calls ?? []) {
    const call = (calls[index] ??= { function: { name: '', arguments: '' } });
    if (id) call.id = id;
    call.function.name += called?.name ?? '';
    call.function.arguments += called?.arguments ?? '';
  }
}

function head(whole: Json): Pick<Truth, 'id' | 'model'> {
  return {
    ...(typeof whole.id === 'string' && whole.id !== '' ? { id: whole.id } : {}),
    ...(typeof whole.model === 'string' && whole.model !== '' ? { model: whole.model } : {}),
  };
}

function finish(words: unknown[]): Pick<Truth, 'finishReasons'> {
  const given = words.filter((word): word is string => typeof word === 'string' && word !== '');
  return given.length > 0 ? { finishReasons: given } : {};
}

function flatText(content: Json): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => part?.text ?? '').join('');
}

function looseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return parsed(value) ?? value;
}

function numbers(usage: Record<string, unknown>): UsageTruth {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === 'number'));
}

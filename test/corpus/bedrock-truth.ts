import { eventsOf, type BedrockRecording } from './bedrock-recordings.js';
import type { ToolCallTruth, Truth, UsageTruth } from './truth.js';

/**
 * What a recorded answer says, read straight from the pair. It shares no code with the mappers on purpose: both would have
 * to be wrong in the same way to agree on something false.
 */

/** Parsed JSON of any shape. */
type Json = ReturnType<typeof JSON.parse>;

export function bedrockTruthOf(recording: BedrockRecording): Truth | undefined {
  if (recording.status >= 400) return undefined;
  const isConverse = recording.action.startsWith('converse');
  if (!recording.isEvents) {
    const body: Json = JSON.parse(recording.answer.toString('utf8'));
    return isConverse || body.output?.message ? converseTruth(body) : bodyTruth(body);
  }
  const events = eventsOf(recording.answer);
  if (isConverse)
    return converseTruth(joinedConverse(events.map(({ type, payload }) => ({ [type]: payload }))));
  const chunks: Json[] = events.map(({ payload }) =>
    JSON.parse(Buffer.from((payload as { bytes: string }).bytes, 'base64').toString('utf8')),
  );
  if (chunks.some((chunk) => chunk.messageStart)) return converseTruth(joinedConverse(chunks));
  if (chunks[0]?.type === 'message_start') return bodyTruth(joinedClaude(chunks));
  return joinedChunks(chunks);
}

const WORDS: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  COMPLETE: 'stop',
  FINISH: 'stop',
  max_tokens: 'length',
  MAX_TOKENS: 'length',
  LENGTH: 'length',
  tool_use: 'tool_call',
  tool_calls: 'tool_call',
  guardrail_intervened: 'content_filter',
};

function finish(words: readonly unknown[]): Pick<Truth, 'finishReasons'> {
  const given = words.filter((word) => typeof word === 'string').map((word) => WORDS[word] ?? word);
  return given.length === 0 ? {} : { finishReasons: given };
}

/** The total is all of the input and the output, so what is not output went in: cached or not. */
function converseUsage(usage: Json): UsageTruth {
  const cacheRead = usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount;
  const cacheWrite = usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount;
  const input = usage.totalTokens
    ? usage.totalTokens - usage.outputTokens
    : usage.inputTokens + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return numbers({ input, output: usage.outputTokens, cacheRead, cacheWrite });
}

function converseTruth(whole: Json): Truth {
  const blocks: Json[] = whole.output?.message?.content ?? [];
  return {
    texts: [
      blocks
        .map(
          (block) => block.text ?? (block.citationsContent?.content ?? []).map((c: Json) => c.text).join(''),
        )
        .join(''),
    ],
    toolCalls: blocks
      .filter((block) => block.toolUse && block.toolUse.type !== 'server_tool_use')
      .map(({ toolUse }) => ({ id: toolUse.toolUseId, name: toolUse.name, arguments: toolUse.input })),
    ...finish([whole.stopReason]),
    usage: whole.usage ? converseUsage(whole.usage) : {},
    blocks: blocks.length,
    others: blocks.map((block) => block.reasoningContent?.reasoningText?.text).filter(Boolean),
  };
}

/** One whole answer out of its events; texts that follow each other are one. */
function joinedConverse(events: Json[]): Json {
  const blocks: Json[] = [];
  const byIndex = new Map<number, Json>();
  let usage: Json;
  let stopReason: unknown;
  for (const event of events) {
    const { contentBlockStart: start, contentBlockDelta: delta } = event;
    if (start?.start?.toolUse) {
      const block = { toolUse: { ...start.start.toolUse }, json: '' };
      byIndex.set(start.contentBlockIndex, block);
      blocks.push(block);
    }
    if (delta) growConverse(blocks, byIndex, delta);
    stopReason = event.messageStop?.stopReason ?? stopReason;
    usage = event.metadata?.usage ?? usage;
  }
  for (const block of blocks) if (block.toolUse) block.toolUse.input = JSON.parse(block.json);
  return { output: { message: { content: blocks } }, stopReason, usage };
}

function growConverse(blocks: Json[], byIndex: Map<number, Json>, { contentBlockIndex, delta }: Json): void {
  const known = byIndex.get(contentBlockIndex);
  if (delta.toolUse) {
    known.json += delta.toolUse.input;
    return;
  }
  if (delta.reasoningContent) {
    if (known === undefined) {
      const block = { reasoningContent: { reasoningText: { text: delta.reasoningContent.text ?? '' } } };
      byIndex.set(contentBlockIndex, block);
      blocks.push(block);
    }
    return;
  }
  const last = blocks.at(-1);
  const target = known ?? (last && 'text' in last ? last : undefined);
  if (target) target.text += delta.text;
  else {
    const block = { text: delta.text };
    byIndex.set(contentBlockIndex, block);
    blocks.push(block);
  }
}

/** Bodies of the models' own. */
function bodyTruth(body: Json): Truth {
  const head = { ...named('id', body.id), ...named('model', body.model) };
  if (Array.isArray(body.content)) return { ...head, ...claudeTruth(body) };
  const list: Json[] = body.choices ?? body.results ?? body.outputs ?? body.generations ?? [body];
  return {
    ...head,
    texts: list.map(
      (one) => one.message?.content ?? one.text ?? one.outputText ?? one.generation ?? one.completion ?? '',
    ),
    toolCalls: [],
    ...finish(list.map((one) => one.stop_reason ?? one.finish_reason ?? one.completionReason)),
    usage: bodyUsage(body),
  };
}

function bodyUsage(body: Json): UsageTruth {
  const { usage } = body;
  if (usage) {
    return numbers({
      input: usage.prompt_tokens ?? usage.input_tokens,
      output: usage.completion_tokens ?? usage.output_tokens,
    });
  }
  return numbers({
    input: body.prompt_token_count ?? body.inputTextTokenCount,
    output: body.generation_token_count ?? body.results?.[0]?.tokenCount,
  });
}

function claudeTruth(body: Json): Pick<Truth, 'texts' | 'toolCalls' | 'finishReasons' | 'usage' | 'blocks'> {
  const blocks: Json[] = body.content;
  const { input_tokens: input, output_tokens: output } = body.usage;
  const cacheRead = body.usage.cache_read_input_tokens;
  const cacheWrite = body.usage.cache_creation_input_tokens;
  return {
    texts: [blocks.map((block) => block.text ?? '').join('')],
    toolCalls: blocks
      .filter(({ type }) => type === 'tool_use')
      .map(({ id, name, input: given }): ToolCallTruth => ({ id, name, arguments: given })),
    ...finish([body.stop_reason]),
    usage: numbers({
      input: input + (cacheRead ?? 0) + (cacheWrite ?? 0),
      output,
      cacheRead,
      cacheWrite,
      reasoning: body.usage.output_tokens_details?.thinking_tokens,
    }),
    blocks: blocks.length,
  };
}

function joinedClaude(events: Json[]): Json {
  const { message } = events[0];
  const content: Json[] = [];
  for (const event of events) {
    if (event.type === 'content_block_start') content[event.index] = { ...event.content_block, json: '' };
    if (event.type !== 'content_block_delta') continue;
    const block = content[event.index];
    if (event.delta.text !== undefined) block.text += event.delta.text;
    if (event.delta.partial_json !== undefined) block.json += event.delta.partial_json;
  }
  for (const block of content) if (block.type === 'tool_use') block.input = JSON.parse(block.json || '{}');
  const end = events.find(({ type }) => type === 'message_delta');
  return {
    ...message,
    content,
    stop_reason: end.delta.stop_reason,
    usage: { ...message.usage, ...end.usage },
  };
}

/** Chunks that hold the next piece of one text, and in the last one the service's own counts. */
function joinedChunks(chunks: Json[]): Truth {
  const last = chunks.at(-1);
  const metrics = last['amazon-bedrock-invocationMetrics'] ?? {};
  const one = (chunk: Json): Json => chunk.outputs?.[0] ?? chunk.generations?.[0] ?? chunk;
  const id =
    last.response?.generation_id ?? chunks.map((chunk) => chunk.id ?? chunk.generation_id).find(Boolean);
  return {
    ...named('id', id),
    texts: [
      chunks
        .map(one)
        .map((chunk) => chunk.text ?? chunk.generation ?? chunk.outputText ?? chunk.completion ?? '')
        .join(''),
    ],
    toolCalls: [],
    ...finish([
      one(last).stop_reason ??
        one(last).finish_reason ??
        one(last).completionReason ??
        last.finish_reason ??
        last.response?.finish_reason,
    ]),
    usage: numbers({ input: metrics.inputTokenCount, output: metrics.outputTokenCount }),
  };
}

function named(key: 'id' | 'model', value: unknown): Partial<Truth> {
  return typeof value === 'string' && value !== '' ? { [key]: value } : {};
}

function numbers(usage: Record<string, unknown>): UsageTruth {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === 'number'));
}

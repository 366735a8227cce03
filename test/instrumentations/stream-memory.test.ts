import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Anthropic, * as anthropicModule from '@anthropic-ai/sdk';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI, * as openaiModule from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnthropicInstrumentation } from '../../instrumentations/anthropic/index.js';
import { OpenAIInstrumentation } from '../../instrumentations/openai/index.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';

/** What a long stream leaves in memory while it is read, beside the same stream without us. */
const CHUNKS = 100_000;
const WORD = 'parcel ';
/** Room for what the collector and the compiler do meanwhile. */
const SLACK = 1_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

type Wire = (at: number) => string;

/** Lines are made when they are read: a list of them would be all that is measured. */
function streaming(head: string, chunk: Wire, tail: string): typeof fetch {
  return async () => {
    const encoder = new TextEncoder();
    let at = -1;
    const body = new ReadableStream({
      pull(controller) {
        at += 1;
        if (at === 0 && head !== '') controller.enqueue(encoder.encode(head));
        else if (at <= CHUNKS) controller.enqueue(encoder.encode(chunk(at)));
        else {
          controller.enqueue(encoder.encode(tail));
          controller.close();
        }
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
}

const event = (value: { type: string }): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const chatChunk: Wire = () =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'model-a', choices: [{ index: 0, delta: { content: WORD } }] })}\n\n`;
const blockDelta: Wire = () =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: WORD } } as never);
const blockStart = event({
  type: 'content_block_start',
  index: 0,
  content_block: { type: 'text', text: '' },
} as never);

const openai = new OpenAI({
  apiKey: 'none',
  maxRetries: 0,
  fetch: streaming('', chatChunk, 'data: [DONE]\n\n'),
});
const anthropic = new Anthropic({
  openTelemetry: false,
  apiKey: 'none',
  maxRetries: 0,
  fetch: streaming(blockStart, blockDelta, event({ type: 'message_stop' })),
});
const MESSAGES = [{ role: 'user' as const, content: 'Where is parcel 7?' }];
const STREAMS = {
  openai: () => openai.chat.completions.create({ model: 'model-a', messages: MESSAGES, stream: true }),
  anthropic: () =>
    anthropic.messages.create({ model: 'model-b', max_tokens: 10, messages: MESSAGES, stream: true }),
};

/** Bytes that are alive near the end of the stream and were not near its start. */
async function growth(open: () => Promise<AsyncIterable<unknown>>): Promise<number> {
  let read = 0;
  let before = 0;
  let after = 0;
  for await (const chunk of await open()) {
    if (chunk === undefined) throw new Error('A chunk is missing.');
    read += 1;
    if (read !== 1000 && read !== CHUNKS - 1) continue;
    collect();
    if (read === 1000) before = process.memoryUsage().heapUsed;
    else after = process.memoryUsage().heapUsed;
  }
  expect(read).toBeGreaterThanOrEqual(CHUNKS);
  return after - before;
}

const texts: number[] = [];
const provider = new NodeTracerProvider({
  spanProcessors: [
    {
      onStart: () => undefined,
      onEnd: (span) => texts.push(String(span.attributes['gen_ai.output.messages'] ?? '').length),
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    },
  ],
});
beforeAll(() => provider.register());
afterAll(async () => {
  resetSettings();
  await provider.shutdown();
});

describe.each([
  { name: 'openai' as const, patch: () => patched(new OpenAIInstrumentation(), openaiModule) },
  { name: 'anthropic' as const, patch: () => patched(new AnthropicInstrumentation(), anthropicModule) },
])('a stream of 100 000 chunks of $name', ({ name, patch }) => {
  it('keeps the text and no more', { timeout: 60_000 }, async () => {
    texts.length = 0;
    const bare = await growth(STREAMS[name]);
    const unpatch = patch();
    applyOptions({ captureContent: true });
    const withContent = await growth(STREAMS[name]);
    applyOptions({ captureContent: false });
    const withoutContent = await growth(STREAMS[name]);
    unpatch();
    expect(texts).toHaveLength(2);
    expect(texts[0]).toBeGreaterThan(100_000);
    expect(texts[1]).toBe(0);
    expect(withContent - bare).toBeLessThan(CHUNKS * WORD.length + SLACK);
    expect(withoutContent - bare).toBeLessThan(SLACK);
  });
});

function patched(
  instrumentation: OpenAIInstrumentation | AnthropicInstrumentation,
  module: unknown,
): () => void {
  instrumentation.patch(module);
  return () => instrumentation.disable();
}

import * as sdk from '@anthropic-ai/sdk';
import { trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { definition } from '../../../instrumentations/anthropic/instrumentation.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import type { Unpatch } from '../../../src/instrument/call-mapper.js';
import { patchModule } from '../../../src/instrument/patch-sdk.js';
import { startLlmServer, type LlmServer } from '../../../src/testing/llm-server.js';
import { setIsolated, setProviderStarter } from '../../../src/tracing/provider.js';

const NATIVE_SCOPE = 'com.anthropic.sdk.typescript';
const BODY = {
  model: 'claude-test',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Where to?' }],
};

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let server: LlmServer;
let undo: Unpatch[] = [];

beforeAll(async () => {
  provider.register();
  setContentPolicy(true);
  server = await startLlmServer({ respond: () => ({ text: 'North.', usage: { input: 3, output: 2 } }) });
});

afterEach(() => {
  for (const unpatch of undo) unpatch();
  undo = [];
  exporter.reset();
  setIsolated(false);
  setProviderStarter(undefined);
});

afterAll(async () => {
  setContentPolicy(undefined);
  await server.close();
  await provider.shutdown();
});

function makeClient(options: sdk.ClientOptions = {}): sdk.Anthropic {
  return new sdk.Anthropic({ baseURL: server.anthropicBaseUrl, apiKey: 'any', maxRetries: 0, ...options });
}

function patch(): void {
  undo = patchModule('anthropic', definition, sdk);
}

function scopesAndNames(spans: readonly ReadableSpan[]): string[] {
  return spans.map((span) => `${span.instrumentationScope.name}: ${span.name}`);
}

async function read(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const event of stream) void event;
}

const OURS = ['spoor/anthropic: chat claude-test'];

describe('an app whose tracer provider makes the SDK trace itself', () => {
  it('has one span of the SDK as long as nothing is patched', async () => {
    await makeClient().messages.create(BODY);
    expect(scopesAndNames(exporter.getFinishedSpans())).toEqual([
      `${NATIVE_SCOPE}: anthropic.messages.create`,
    ]);
  });

  it.each<[string, (client: sdk.Anthropic) => Promise<unknown>]>([
    ['create', (client) => client.messages.create(BODY)],
    ['create with a stream', async (client) => read(await client.messages.create({ ...BODY, stream: true }))],
    ['withResponse', (client) => client.messages.create(BODY).withResponse()],
    ['the stream helper', (client) => client.messages.stream(BODY).finalMessage()],
    ['parse', (client) => client.messages.parse(BODY)],
    ['beta create', (client) => client.beta.messages.create(BODY)],
    ['the beta stream helper', (client) => client.beta.messages.stream(BODY).finalMessage()],
    ['a copy of the client', (client) => client.withOptions({ timeout: 9000 }).messages.create(BODY)],
  ])('has one span a call through %s, ours, with the content', async (_title, call) => {
    patch();
    await call(makeClient());
    const spans = exporter.getFinishedSpans();
    expect(scopesAndNames(spans)).toEqual(OURS);
    expect(JSON.parse(String(spans[0]?.attributes['gen_ai.output.messages']))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'North.' }], finish_reason: 'stop' },
    ]);
    expect(spans[0]?.attributes['gen_ai.usage.input_tokens']).toBe(3);
  });

  it('sends the context of our span with the request, as the SDK does with its own', async () => {
    patch();
    await trace.getTracer('app').startActiveSpan('work', async (work) => {
      await makeClient().messages.create(BODY);
      work.end();
    });
    const [call, work] = exporter.getFinishedSpans();
    expect(call?.parentSpanContext?.spanId).toBe(work?.spanContext().spanId);
    const { traceId, spanId } = call?.spanContext() ?? {};
    expect(server.requests.at(-1)?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
  });

  it('gives the caller`s options to the SDK and leaves them as they are', async () => {
    patch();
    const options = Object.freeze({ headers: Object.freeze({ 'x-mine': '1' }) });
    await makeClient().messages.create(BODY, options);
    expect(server.requests.at(-1)?.headers['x-mine']).toBe('1');
    expect(options).toEqual({ headers: { 'x-mine': '1' } });
  });

  it('has one span for a call that fails, and the SDK`s own error', async () => {
    const failing = await startLlmServer({
      respond: () => ({ fault: { status: 429, message: 'Slow down' } }),
    });
    patch();
    const call = makeClient({ baseURL: failing.anthropicBaseUrl }).messages.create(BODY);
    await expect(call).rejects.toBeInstanceOf(sdk.RateLimitError);
    const spans = exporter.getFinishedSpans();
    expect(scopesAndNames(spans)).toEqual(OURS);
    expect(spans[0]?.attributes['error.type']).toBe('RateLimitError');
    await failing.close();
  });

  it('keeps our span for a client that was told not to trace', async () => {
    patch();
    await makeClient({ openTelemetry: false }).messages.create(BODY);
    expect(scopesAndNames(exporter.getFinishedSpans())).toEqual(OURS);
  });

  it('leaves a client to itself that was given a provider for these spans', async () => {
    const mine = new InMemorySpanExporter();
    const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(mine)] });
    patch();
    const client = makeClient({ openTelemetry: { tracerProvider } });
    await client.messages.create(BODY);
    await client.messages.stream(BODY).finalMessage();
    expect(scopesAndNames(exporter.getFinishedSpans())).toEqual([]);
    expect(scopesAndNames(mine.getFinishedSpans())).toEqual(
      Array(2).fill(`${NATIVE_SCOPE}: anthropic.messages.create`),
    );
    await tracerProvider.shutdown();
  });

  it('makes one span for each turn of the tool runner, below the SDK`s span of the run', async () => {
    patch();
    await makeClient().beta.messages.toolRunner({ ...BODY, tools: [] });
    const spans = exporter.getFinishedSpans();
    expect(scopesAndNames(spans)).toEqual([...OURS, `${NATIVE_SCOPE}: anthropic.messages.tool_runner`]);
    expect(spans[0]?.parentSpanContext?.spanId).toBe(spans[1]?.spanContext().spanId);
  });

  it('keeps both apart in mode own: the app has the SDK`s span, we have ours', async () => {
    const mine = new InMemorySpanExporter();
    const own = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(mine)] });
    setProviderStarter(() => own);
    setIsolated(true);
    patch();
    await makeClient().messages.create(BODY);
    await makeClient().messages.stream(BODY).finalMessage();
    expect(scopesAndNames(exporter.getFinishedSpans())).toEqual(
      Array(2).fill(`${NATIVE_SCOPE}: anthropic.messages.create`),
    );
    expect(scopesAndNames(mine.getFinishedSpans())).toEqual([...OURS, ...OURS]);
    await own.shutdown();
  });
});

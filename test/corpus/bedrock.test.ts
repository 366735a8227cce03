import { setImmediate as turn } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-bedrock-runtime';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { definition } from '../../instrumentations/bedrock/instrumentation.js';
import { setContentPolicy } from '../../src/config/content-policy.js';
import { patchModule } from '../../src/instrument/patch-sdk.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { readBedrockRecordings, startBedrockServer, type BedrockRecording } from './bedrock-recordings.js';
import { bedrockTruthOf } from './bedrock-truth.js';
import { corpusFolder } from './recordings.js';
import { inputStrings, saidOf, validateContent } from './said.js';

/** What a program saw of one call. */
type Outcome = { value?: unknown; chunks?: unknown[]; error?: unknown };
interface Result {
  bare: Outcome;
  traced: Outcome;
  spans: ReadableSpan[];
  path: string | undefined;
}

const TRACED = ['converse', 'converse-stream', 'invoke', 'invoke-with-response-stream'];
const found = corpusFolder();
const recordings = 'folder' in found ? readBedrockRecordings(found.folder) : [];
const titleOf = (recording: BedrockRecording): string =>
  `${recording.action} ${recording.modelId} ${recording.id}`;

describe('recorded traffic through bedrock', () => {
  if ('reason' in found) {
    it.skip(`is replayed (${found.reason})`, () => undefined);
    return;
  }
  const results = new Map<string, Result>();

  beforeAll(async () => {
    const server = await startBedrockServer(recordings);
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const bare = new Map<string, Outcome>();
    for (const recording of recordings) bare.set(recording.id, await outcomeOf(recording, server.origin));
    setProviderStarter(() => provider);
    setContentPolicy(true, Number.MAX_SAFE_INTEGER);
    const undo = patchModule('bedrock', definition, sdk);
    for (const recording of recordings) {
      const traced = await outcomeOf(recording, server.origin);
      await turn();
      await turn();
      results.set(recording.id, {
        bare: bare.get(recording.id) as Outcome,
        traced,
        spans: exporter.getFinishedSpans(),
        path: server.paths.get(recording.id),
      });
      exporter.reset();
    }
    for (const unpatch of undo) unpatch();
    setProviderStarter(undefined);
    setContentPolicy(undefined);
    await provider.shutdown();
    await server.close();
  }, 120_000);

  it('is there, and most of its answers can be held against their spans', () => {
    const answers = recordings.filter((recording) => bedrockTruthOf(recording) !== undefined);
    expect(recordings.length).toBeGreaterThan(100);
    expect(answers.length).toBeGreaterThan(recordings.length / 2);
  });

  for (const recording of recordings) {
    it(titleOf(recording), () => {
      const result = results.get(recording.id);
      if (result === undefined) throw new Error('the call was not made');
      check(recording, result);
    });
  }
});

function check(recording: BedrockRecording, { bare, traced, spans, path }: Result): void {
  expect(traced, 'what the program saw').toEqual(bare);
  expect(withoutEscapes(path ?? ''), 'what the SDK asked for').toBe(
    withoutEscapes(recording.path.slice(recording.path.indexOf('/model/'))),
  );
  const isTraced = TRACED.includes(recording.action);
  expect(
    spans.map(({ name }) => name),
    'spans',
  ).toHaveLength(isTraced ? 1 : 0);
  const [span] = spans;
  if (span === undefined) return;
  expect(span.attributes['gen_ai.request.model']).toBe(recording.modelId);
  expect(span.attributes['server.address']).toBe('127.0.0.1');
  validateContent(span);
  const kept = inputStrings(span);
  expect(textsOf(recording.body).filter((text) => !kept.has(text))).toEqual([]);
  const parameters = parametersOf(recording.body);
  expect(span.attributes).toMatchObject(parameters);
  const truth = bedrockTruthOf(recording);
  if (truth === undefined || traced.error !== undefined) {
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toEqual(expect.any(String));
    return;
  }
  const { blocks, others = [], texts, ...rest } = truth;
  const { blocks: saidBlocks, others: saidOthers, texts: saidTexts, ...said } = saidOf(span);
  expect({ ...said, text: saidTexts.join('\n') }).toEqual({ ...rest, text: texts.join('\n') });
  if (blocks !== undefined) expect(saidBlocks, 'number of parts').toBe(blocks);
  expect(saidOthers).toEqual(expect.arrayContaining(others));
}

function withoutEscapes(path: string): string {
  return decodeURIComponent(path);
}

/** Makes the recorded call as a program does: a stream is read to its end. Never throws. */
async function outcomeOf(recording: BedrockRecording, origin: string): Promise<Outcome> {
  const client = new sdk.BedrockRuntimeClient({
    endpoint: `${origin}/${recording.id}`,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  const chunks: unknown[] = [];
  try {
    const { $metadata: _metadata, ...value } = (await client.send(commandOf(recording) as never)) as {
      $metadata: unknown;
      stream?: unknown;
      body?: unknown;
    };
    const stream = value.stream ?? value.body;
    if (!isStream(stream)) return { value: plain(value) };
    for await (const chunk of stream) chunks.push(plain(chunk));
    return { chunks };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message }, ...(chunks.length > 0 ? { chunks } : {}) };
  } finally {
    client.destroy();
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function commandOf({ action, modelId, body }: BedrockRecording): unknown {
  const input = { modelId, ...(withBytes(body) as object) } as never;
  const model = { modelId, body: JSON.stringify(body), contentType: 'application/json' };
  switch (action) {
    case 'converse':
      return new sdk.ConverseCommand(input);
    case 'converse-stream':
      return new sdk.ConverseStreamCommand(input);
    case 'invoke':
      return new sdk.InvokeModelCommand(model);
    case 'invoke-with-response-stream':
      return new sdk.InvokeModelWithResponseStreamCommand(model);
    default:
      return new sdk.CountTokensCommand(input);
  }
}

/** On the wire bytes are base64. */
function withBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withBytes);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item === 'string' && (key === 'bytes' || key === 'redactedContent')
        ? Buffer.from(item, 'base64')
        : withBytes(item),
    ]),
  );
}

/** Every text of the request, under the keys by which the models take it. */
function textsOf(body: Record<string, unknown>): string[] {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null) {
      for (const key of ['content', 'text', 'message', 'toolResult', 'guardContent', 'reasoningText']) {
        collect((value as Record<string, unknown>)[key]);
      }
    }
  };
  for (const key of ['messages', 'system', 'prompt', 'inputText', 'message', 'texts']) collect(body[key]);
  return texts.filter((text) => text !== '');
}

const PARAMETERS: Record<string, string> = {
  max_tokens: 'max_tokens',
  maxTokens: 'max_tokens',
  max_new_tokens: 'max_tokens',
  max_tokens_to_sample: 'max_tokens',
  max_gen_len: 'max_tokens',
  maxTokenCount: 'max_tokens',
  temperature: 'temperature',
  top_p: 'top_p',
  topP: 'top_p',
  topK: 'top_k',
  top_k: 'top_k',
};

function parametersOf(body: Record<string, unknown>): Record<string, unknown> {
  const places = [body, body['inferenceConfig'], body['textGenerationConfig']];
  return Object.fromEntries(
    places.flatMap((place) =>
      Object.entries(place ?? {}).flatMap(([key, value]) => {
        const name = PARAMETERS[key];
        return name === undefined || typeof value !== 'number' ? [] : [[`gen_ai.request.${name}`, value]];
      }),
    ),
  );
}

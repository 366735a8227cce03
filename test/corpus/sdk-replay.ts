import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { setContentPolicy } from '../../src/config/content-policy.js';
import type { SdkDefinition } from '../../src/instrument/call-mapper.js';
import { patchModule } from '../../src/instrument/patch-sdk.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { corpusFolder, readRecordings, type Recording } from './recordings.js';
import { startReplayServer } from './replay-server.js';
import { inputStrings, saidOf, validateContent } from './said.js';
import type { Truth } from './truth.js';

/** What a program saw of one call. */
interface Outcome {
  value?: unknown;
  chunks?: unknown[];
  error?: { name: string; message: string };
}

interface Result {
  bare: Outcome;
  traced: Outcome;
  spans: ReadableSpan[];
  path: string | undefined;
}

/** Recorded traffic of one provider, and how its SDK makes the calls again. */
export interface SdkCorpus {
  name: string;
  definition: SdkDefinition;
  /** The SDK's entry file among the packages of the contract suite: this package does not depend on it. */
  entry: string;
  providers: readonly string[];
  wanted: (method: string, path: string) => boolean;
  /** Makes the recorded call. `origin` is the replay server. */
  call(sdk: never, recording: Recording, origin: string): Promise<unknown>;
  /** The path that the SDK asks for. */
  pathOf(recording: Recording): string;
  truthOf(recording: Recording): Truth | undefined;
  /** Attributes that the request says. */
  requestOf(recording: Recording): Record<string, unknown>;
  /** Texts that stand in the request. */
  textsOf(recording: Recording): string[];
  atLeast: number;
}

/** Replays what was recorded of real traffic: one test a call. Skipped with the reason where it cannot be done. */
export function describeSdkCorpus(corpus: SdkCorpus): void {
  const found = corpusFolder();
  const entry = new URL(`../sdks/node_modules/${corpus.entry}`, import.meta.url);
  const reason =
    'reason' in found
      ? found.reason
      : existsSync(entry)
        ? undefined
        : 'the SDKs of the contract suite are not installed';
  describe(`recorded traffic through ${corpus.name}`, () => {
    if ('reason' in found || reason !== undefined) {
      it.skip(`is replayed (${reason})`, () => undefined);
      return;
    }
    const read = corpus.providers.map((provider) => readRecordings(found.folder, provider, corpus.wanted));
    const recordings = read.flatMap((one) => one.recordings);
    let results: ReadonlyMap<string, Result>;
    beforeAll(async () => {
      const warnings = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      results = await replayAll(corpus, (await import(entry.href)) as never, recordings);
      warnings.mockRestore();
    }, 120_000);

    it('is there, and most of its answers can be held against their spans', () => {
      expect(read.flatMap((one) => one.undecodable)).toEqual([]);
      expect(recordings.length).toBeGreaterThan(corpus.atLeast);
      const answers = recordings.filter((recording) => corpus.truthOf(recording) !== undefined);
      expect(answers.length).toBeGreaterThan(recordings.length / 2);
    });

    for (const recording of recordings) {
      it(`${recording.path} ${recording.id}`, () => check(corpus, recording, results.get(recording.id)));
    }
  });
}

async function replayAll(
  corpus: SdkCorpus,
  sdk: never,
  recordings: readonly Recording[],
): Promise<Map<string, Result>> {
  const server = await startReplayServer(new Map(recordings.map((recording) => [recording.id, recording])));
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const make = (recording: Recording): Promise<Outcome> =>
    outcomeOf(() => corpus.call(sdk, recording, server.origin));
  const bare = new Map<string, Outcome>();
  for (const recording of recordings) bare.set(recording.id, await make(recording));
  setProviderStarter(() => provider);
  setContentPolicy(true, Number.MAX_SAFE_INTEGER);
  const undo = patchModule(corpus.name, corpus.definition, sdk);
  const results = new Map<string, Result>();
  for (const recording of recordings) {
    const traced = await make(recording);
    await turn();
    await turn();
    results.set(recording.id, {
      bare: bare.get(recording.id) as Outcome,
      traced,
      spans: exporter.getFinishedSpans(),
      path: server.lastRequest()?.path,
    });
    exporter.reset();
  }
  for (const unpatch of undo) unpatch();
  setProviderStarter(undefined);
  setContentPolicy(undefined);
  await provider.shutdown();
  await server.close();
  return results;
}

function check(corpus: SdkCorpus, recording: Recording, result: Result | undefined): void {
  if (result === undefined) throw new Error('the call was not made');
  const { bare, traced, spans, path } = result;
  expect(traced, 'what the program saw').toEqual(bare);
  expect(path?.replace(/\?.*$/, ''), 'what the SDK asked for').toBe(corpus.pathOf(recording));
  expect(
    spans.map(({ name }) => name),
    'spans',
  ).toHaveLength(1);
  const span = spans[0] as ReadableSpan;
  expect(span.attributes).toMatchObject(corpus.requestOf(recording));
  validateContent(span);
  const kept = inputStrings(span);
  expect(
    corpus.textsOf(recording).filter((text) => !kept.has(text)),
    'texts that the span lacks',
  ).toEqual([]);
  const truth = corpus.truthOf(recording);
  expect(traced.error === undefined, JSON.stringify(traced.error)).toBe(truth !== undefined);
  if (truth === undefined) {
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toEqual(expect.any(String));
    return;
  }
  const { texts, blocks, others = [], ...rest } = truth;
  const { texts: saidTexts, blocks: saidBlocks, others: saidOthers, ...said } = saidOf(span);
  expect({ ...said, text: saidTexts.join('\n') }).toEqual({ ...rest, text: texts.join('\n') });
  if (blocks !== undefined) expect(saidBlocks, 'number of parts').toBe(blocks);
  expect(saidOthers, 'texts of other parts').toEqual(expect.arrayContaining(others));
}

/** Makes a call as a program does: a stream is read to its end. Never throws. */
async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  const chunks: unknown[] = [];
  try {
    const value = await call();
    if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value)) {
      return { value: plain(value) };
    }
    for await (const chunk of value as AsyncIterable<unknown>) chunks.push(plain(chunk));
    return { chunks };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message }, ...(chunks.length > 0 ? { chunks } : {}) };
  }
}

/** The time of an answer differs from run to run. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === 'date' ? undefined : inner)),
  ) as unknown;
}

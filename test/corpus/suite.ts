import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClientSdk } from '../../src/instrument/call-mapper.js';
import { checkReplay } from './checks.js';
import { corpusFolder, readRecordings, type Recording } from './recordings.js';
import { truthOf } from './truth.js';
import { replaysOf, runReplays, type Replay, type ReplayRun } from './replay.js';

export interface Corpus {
  name: 'openai' | 'anthropic';
  /** The SDK's module, as a program imports it. */
  module: unknown;
  definition: ClientSdk;
  providers: readonly { provider: string; wanted: (method: string, path: string) => boolean }[];
  clientFor(recording: Recording, origin: string): unknown;
}

/** Replays what was recorded of real traffic: one test a call. Skipped with the reason where there is no corpus. */
export function describeCorpus(corpus: Corpus): void {
  const found = corpusFolder();
  if ('reason' in found) {
    describe(`recorded traffic through ${corpus.name}`, () => {
      it.skip(`is replayed (${found.reason})`, () => undefined);
    });
    return;
  }
  const read = corpus.providers.map(({ provider, wanted }) => readRecordings(found.folder, provider, wanted));
  const replays = replaysOf(
    corpus.name,
    read.flatMap(({ recordings }) => recordings),
  );
  describe(`recorded traffic through ${corpus.name}`, () => {
    let run: ReplayRun;
    beforeAll(async () => {
      // The SDKs warn of old models on the console, once a call.
      const warnings = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      run = await runReplays(replays, corpus, (recording, origin) => corpus.clientFor(recording, origin));
      warnings.mockRestore();
      process.stdout.write(summary(corpus.name, replays, run));
    }, 120_000);

    it('is there, and most of its answers can be held against their spans', () => {
      const answers = replays.filter(
        ({ endpoint, recording }) => endpoint.shape && truthOf(endpoint.shape, recording),
      );
      expect(replays.length).toBeGreaterThan(100);
      expect(answers.length).toBeGreaterThan(replays.length / 2);
    });

    for (const id of read.flatMap(({ undecodable }) => undecodable)) {
      it.skip(`${id} (its compressed answer was cut short when it was recorded)`, () => undefined);
    }
    for (const replay of replays) {
      it(replay.title, () => checkReplay(replay, run.results.get(replay.title), run.methods));
    }
  });
}

/** Calls and spans by provider and endpoint. */
function summary(name: string, replays: readonly Replay[], run: ReplayRun): string {
  const rows = new Map<string, { calls: number; spans: number }>();
  for (const { title, recording, endpoint } of replays) {
    const key = `${recording.provider.padEnd(13)}${endpoint.name}`;
    const row = rows.get(key) ?? { calls: 0, spans: 0 };
    row.calls += 1;
    row.spans += run.results.get(title)?.spans.length ?? 0;
    rows.set(key, row);
  }
  const lines = [...rows].map(
    ([key, { calls, spans }]) =>
      `  ${key.padEnd(38)}${String(calls).padStart(5)} calls ${String(spans).padStart(5)} spans`,
  );
  return `recorded traffic through ${name}\n${lines.join('\n')}\n`;
}

import { gzipSync } from 'node:zlib';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTranslator } from '../../src/server/start-translator.js';
import { traceRequestJson, traceRequestProtobuf } from './otlp-payloads.js';
import { post } from './running.js';

const ROUNDS = 5_000;
const SEED = 20_260_301;

/** Mulberry32: the same numbers on every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SPLICES = [
  '__proto__',
  'constructor',
  '99999999999999999999999999',
  '-1',
  '1e999',
  'null',
  '[]',
  '{}',
  '"\\ud800"',
  '{"__proto__":{"polluted":true}}',
  '\u0000',
  '\u00ff\u00fe',
  '{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{}]}}}]}}',
];

function mutate(original: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = random(Math.max(1, bytes.length));
    const kind = random(5);
    if (kind === 0 && bytes.length > 0) bytes[at] = random(256);
    if (kind === 1) bytes = bytes.subarray(0, at);
    if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(16))]);
    if (kind === 3) {
      const splice = Buffer.from(SPLICES[random(SPLICES.length)] ?? '', 'latin1');
      bytes = Buffer.concat([bytes.subarray(0, at), splice, bytes.subarray(at)]);
    }
    if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(at + 1))]);
    bytes = Buffer.from(bytes);
  }
  return bytes;
}

test(
  `answers ${ROUNDS} mutated payloads with a proper status and goes on`,
  { timeout: 120_000 },
  async () => {
    const lines: string[] = [];
    const dataDir = await mkdtemp(join(tmpdir(), 'spoor-fuzz-'));
    const { url, store, close } = await startTranslator({
      port: 0,
      dataDir,
      log: (line) => lines.push(line),
    });
    onTestFinished(async () => {
      await close();
      await rm(dataDir, { recursive: true });
    });
    const spans = [
      {
        name: 'chat m',
        attributes: { 'session.id': 's', 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
      },
      {
        name: 'step',
        spanId: 'c'.repeat(16),
        attributes: { 'spoor.step.id': '1', 'gen_ai.input.messages': '[{"role":"u"}]' },
      },
    ];
    const json = Buffer.from(traceRequestJson(...spans));
    const protobuf = traceRequestProtobuf(...spans);
    const random = createRandom(SEED);
    const statuses = new Map<number, number>();
    const improper: string[] = [];
    const sendOne = async (round: number): Promise<void> => {
      const isJson = round % 2 === 0;
      const isPacked = random(8) === 0;
      const mutated = mutate(isJson ? json : protobuf, random);
      const packed = isPacked ? mutate(gzipSync(mutated), random) : mutated;
      const type = isJson ? 'application/json' : 'application/x-protobuf';
      const headers: Record<string, string> = { 'content-type': type };
      if (isPacked) headers['content-encoding'] = 'gzip';
      const response = await post(`${url}/v1/traces`, packed, headers);
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.headers.get('content-type') !== type) improper.push(`round ${round}`);
    };
    for (let round = 0; round < ROUNDS; round += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, at) => sendOne(round + at)));
    }
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(ROUNDS);
    expect(improper).toEqual([]);
    expect(lines).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    // What was stored on the way can still be read.
    for (let cursor = ''; ;) {
      const page = await store.sessions(cursor === '' ? { limit: 500 } : { limit: 500, cursor });
      for (const { id } of page.items.slice(0, 50)) {
        expect((await fetch(`${url}/api/sessions/${encodeURIComponent(id)}`)).status).toBe(200);
      }
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    expect((await post(`${url}/v1/traces`, json)).status).toBe(200);
  },
);

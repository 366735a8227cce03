import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { fuzzPayloads, type Payload } from './fuzz-payloads.js';
import { createRandom, mutateBytes, mutateJson, mutateProtobuf } from './mutate.js';

// `npm run fuzz` sets both; a failure names its rounds, and the same seed makes the same payloads.
const ROUNDS = Number(process.env['SPOOR_FUZZ_ROUNDS'] ?? 2_000);
const SEED = Number(process.env['SPOOR_FUZZ_SEED'] ?? 20_260_301);
const AT_ONCE = 20;
const BODY_BYTES = 1024 * 1024;
const BOMB = gzipSync(Buffer.alloc(4 * BODY_BYTES));
const HANG_MS = 20_000;
/** Caches of fixed size fill up during the first part; what grows after it grows with the number of requests. */
const WARM_SHARE = 0.5;
const MOST_GROWTH = 32 * 1024 * 1024;

interface Attempt {
  payload: Payload;
  body: Buffer;
  isPacked: boolean;
}

function attemptOf(payloads: readonly Payload[], round: number): Attempt {
  const random = createRandom(SEED + round);
  const payload = payloads[round % payloads.length] as Payload;
  // Half of them stay JSON or protobuf, so that they get past the parser.
  const inShape = payload.isJson ? mutateJson : mutateProtobuf;
  const body = (random(2) === 0 ? inShape : mutateBytes)(payload.body, random);
  const packing = random(16);
  if (packing === 0) return { payload, body: BOMB, isPacked: true };
  if (packing < 3) return { payload, body: mutateBytes(gzipSync(body), random), isPacked: true };
  return packing === 3
    ? { payload, body: gzipSync(body), isPacked: true }
    : { payload, body, isPacked: false };
}

/** What is wrong with the answer to an attempt; undefined when nothing is. */
async function faultOf(
  url: string,
  { payload, body, isPacked }: Attempt,
  statuses: Map<number, number>,
): Promise<string | undefined> {
  const type = payload.isJson ? 'application/json' : 'application/x-protobuf';
  const response = await fetch(url + payload.path, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': type, ...(isPacked ? { 'content-encoding': 'gzip' } : {}) },
    signal: AbortSignal.timeout(HANG_MS),
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const { status } = response;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  if (body === BOMB && status !== 413) return `${status} for a zip bomb`;
  if (status !== 200 && status !== 400 && status !== 413) return `status ${status}`;
  if (response.headers.get('content-type') !== type) return `type ${response.headers.get('content-type')}`;
  if (payload.isJson) {
    const said = JSON.parse(answer.toString()) as { code?: unknown; message?: unknown };
    return status === 200 || (typeof said.code === 'number' && typeof said.message === 'string')
      ? undefined
      : `${status} without a status in the body`;
  }
  // google.rpc.Status: field 1 is the code.
  return status === 200 || answer[0] === 0x08 ? undefined : `${status} without a status in the body`;
}

/** The heap and what hangs on it, such as buffers; not what a slow collector has yet to free. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** Every record that was made on the way can be read through the API. Returns how many sessions there are. */
async function readEverything(url: string): Promise<number> {
  let read = 0;
  for (let cursor = ''; ;) {
    const page = await fetch(`${url}/api/sessions?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.status).toBe(200);
    const { items, nextCursor } = (await page.json()) as { items: { id: string }[]; nextCursor?: string };
    read += items.length;
    for (const { id } of items.slice(0, 50)) {
      for (const path of [
        `/api/sessions/${encodeURIComponent(id)}`,
        `/api/sessions/${encodeURIComponent(id)}/logs`,
      ]) {
        expect((await fetch(url + path)).status, path).toBe(200);
      }
    }
    if (nextCursor === undefined) return read;
    cursor = nextCursor;
  }
}

async function runTranslator(lines: string[]): Promise<Translator> {
  const dataDir = await mkdtemp(join(tmpdir(), 'spoor-fuzz-'));
  const translator = await startTranslator({
    port: 0,
    dataDir,
    limits: { bodyBytes: BODY_BYTES },
    log: (line) => lines.push(line),
  });
  onTestFinished(async () => {
    await translator.close();
    await rm(dataDir, { recursive: true });
  });
  return translator;
}

test(
  `answers ${ROUNDS} mutated payloads with a proper status, keeps its size, and goes on`,
  { timeout: 60_000 + ROUNDS * 50 },
  async () => {
    const lines: string[] = [];
    const { url } = await runTranslator(lines);
    const payloads = await fuzzPayloads(process.env['SPOOR_CORPUS']);
    for (const payload of payloads) {
      const untouched = await faultOf(url, { payload, body: payload.body, isPacked: false }, new Map());
      expect(untouched, payload.name).toBeUndefined();
    }
    const statuses = new Map<number, number>();
    const faults: string[] = [];
    let warm = 0;
    for (let round = 0; round < ROUNDS; round += AT_ONCE) {
      if (warm === 0 && round >= ROUNDS * WARM_SHARE) warm = memoryInUse();
      const rounds = Array.from({ length: Math.min(AT_ONCE, ROUNDS - round) }, (_, at) => round + at);
      await Promise.all(
        rounds.map(async (number) => {
          const fault = await faultOf(url, attemptOf(payloads, number), statuses).catch(String);
          if (fault !== undefined) faults.push(`seed ${SEED}, round ${number}: ${fault}`);
        }),
      );
    }
    const growth = memoryInUse() - warm;
    expect(faults.slice(0, 20)).toEqual([]);
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 400, 413]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(ROUNDS);
    expect(lines).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(growth).toBeLessThan(MOST_GROWTH);
    expect(await readEverything(url)).toBeGreaterThan(5);
    for (const payload of payloads) {
      expect(await faultOf(url, { payload, body: payload.body, isPacked: false }, statuses)).toBeUndefined();
    }
    const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
    console.log(
      `fuzz: ${ROUNDS} payloads from ${payloads.length} originals, seed ${SEED}: ${counts}; memory ${(growth / 2 ** 20).toFixed(1)} MiB`,
    );
  },
);

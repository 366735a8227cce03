import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSenders } from './senders.js';
import { startTarget } from './target.js';
import { startProcess } from './translator-process.js';

/** Kills a translator under load, again and again, and looks for everything that it had acknowledged. */

const MODES = ['up', 'slow', '503', 'cutting'];
/** A life lasts until it has acknowledged some requests, up to this many, and a moment more. */
const MOST_ANSWERS = 80;
const MOST_PAUSE_MS = 60;
const LONGEST_LIFE_MS = 5_000;
const DRAIN_MS = 60_000;
/** A whole check of the file takes longer the more is in it. */
const WHOLE_CHECK_EVERY = 20;

export async function runKills({ cli, scratch, kills, seed, log }) {
  const random = generator(seed);
  const dataDir = join(scratch, 'kills');
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const decode = await import(join(cli, 'src/otlp/decode.js'));
  const target = await startTarget(decode);
  const acknowledged = [];
  const counts = { kills: 0, whileStarting: 0, checks: 0, lost: [], broken: [] };
  let port = 0;
  let process_ = await start();
  let senders = startSenders(`http://127.0.0.1:${port}`, random, acknowledged);
  let looked = 0;

  /** Waits for so many more requests to be acknowledged. */
  async function under(answers) {
    const deadline = Date.now() + LONGEST_LIFE_MS;
    const goal = acknowledged.length + answers;
    while (acknowledged.length < goal && Date.now() < deadline) await pause(1);
  }

  async function start() {
    const started = await startProcess({ cli, dataDir, port, args: ['--forward', target.url] });
    ({ port } = await started.listening);
    return started;
  }

  try {
    while (counts.kills < kills) {
      target.mode = MODES[Math.floor(random() * MODES.length)];
      await under(random() * MOST_ANSWERS);
      await pause(random() * MOST_PAUSE_MS);
      await process_.kill();
      counts.kills += 1;
      checkFile(dataDir, counts, counts.kills % WHOLE_CHECK_EVERY === 0);
      // Now and then the next one does not even get up.
      if (random() < 0.1 && counts.kills < kills) {
        const unlucky = await startProcess({ cli, dataDir, port, args: ['--forward', target.url] });
        await pause(random() * 300);
        await unlucky.kill();
        counts.kills += 1;
        counts.whileStarting += 1;
        checkFile(dataDir, counts, false);
      }
      senders.state.isPaused = true;
      process_ = await start();
      counts.lost.push(...(await findLost(`http://127.0.0.1:${port}`, acknowledged.slice(looked))));
      looked = acknowledged.length;
      senders.state.isPaused = false;
      if (counts.kills % 25 === 0) log(`${counts.kills} kills, ${acknowledged.length} requests acknowledged`);
    }
    await senders.stop();
    const { resent, statuses } = senders.state;
    senders = undefined;
    const url = `http://127.0.0.1:${port}`;
    // Everything once more: what a later kill took of what an earlier one had left would be missed otherwise.
    counts.lost.push(...(await findLost(url, acknowledged)));
    target.mode = 'up';
    await process_.kill();
    process_ = await start();
    const forward = await drained(`http://127.0.0.1:${port}`);
    const end = await process_.kill('SIGTERM');
    process_ = undefined;
    checkFile(dataDir, counts, true);
    return {
      ...counts,
      end,
      resent,
      statuses,
      forward,
      ...tallyOf(acknowledged, target),
      projections: await sameProjections({ cli, scratch, dataDir }),
    };
  } finally {
    await senders?.stop();
    await process_?.kill();
    await target.close();
  }
}

/** What was acknowledged and cannot be read from the translator that came after. */
export async function findLost(url, batches) {
  const lost = [];
  for (const batch of batches) {
    const found = new Set(await READERS[batch.kind](url, batch));
    const missing = batch.ids.filter((id) => !found.has(id));
    if (missing.length > 0) lost.push(`${batch.kind} ${missing.length} of ${batch.ids.length}`);
  }
  return lost;
}

const READERS = {
  async traces(url, { traceId }) {
    const trace = await readJson(`${url}/api/traces/${traceId}/spans`);
    return (trace?.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => spanId)),
    );
  },
  async logs(url, { traceId }) {
    const page = await readJson(`${url}/api/traces/${traceId}/logs?limit=500`);
    return (page?.items ?? []).map(({ attributes }) => attributes['crash.id']);
  },
  async blobs(url, { path, ids, body }) {
    const response = await fetch(url + path);
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.status === 200 && bytes.equals(body) ? ids : [];
  },
};

export async function readJson(url) {
  const response = await fetch(url);
  if (response.status === 200) return response.json();
  await response.arrayBuffer();
  return undefined;
}

/** The file as the dead process left it, with its write-ahead log, read by the engine alone. */
export function checkFile(dataDir, counts, isWhole) {
  const database = new DatabaseSync(join(dataDir, 'spoor.sqlite'), { readOnly: true });
  try {
    const said = database.prepare(isWhole ? 'PRAGMA integrity_check' : 'PRAGMA quick_check').all();
    counts.checks += 1;
    const [row] = said;
    if (said.length !== 1 || Object.values(row ?? {})[0] !== 'ok') counts.broken.push(JSON.stringify(said));
  } finally {
    database.close();
  }
}

async function drained(url) {
  const deadline = Date.now() + DRAIN_MS;
  for (;;) {
    const { forward } = await readJson(`${url}/api/stats`);
    if (forward[0].waitingBytes === 0 || Date.now() > deadline) return forward[0];
    await pause(50);
  }
}

function tallyOf(acknowledged, target) {
  const kinds = {};
  for (const kind of ['traces', 'logs', 'blobs']) {
    const batches = acknowledged.filter((batch) => batch.kind === kind);
    const ids = batches.flatMap((batch) => batch.ids);
    const seen = kind === 'traces' ? target.spans : target.logs;
    kinds[kind] = {
      requests: batches.length,
      records: ids.length,
      ...(kind === 'blobs'
        ? {}
        : {
            forwarded: ids.filter((id) => seen.has(id)).length,
            twice: ids.filter((id) => (seen.get(id) ?? 0) > 1).length,
          }),
    };
  }
  return { kinds };
}

/** Sessions as they were kept up to date over all the kills, and as they are when they are made anew from the spans. */
async function sameProjections({ cli, scratch, dataDir }) {
  const copy = join(scratch, 'kills-copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(dataDir, copy, { recursive: true });
  const { openSqliteStore } = await import(join(cli, 'src/store/sqlite-store.js'));
  const store = await openSqliteStore({ path: join(copy, 'spoor.sqlite') });
  try {
    const before = await allSessions(store);
    await store.reindex();
    assert.deepEqual(await allSessions(store), before);
    return { sessions: before.length };
  } catch (error) {
    return { fault: error.message };
  } finally {
    await store.close();
    rmSync(copy, { recursive: true, force: true });
  }
}

async function allSessions(store) {
  const sessions = [];
  for (let cursor; ;) {
    const page = await store.sessions({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    sessions.push(...page.items);
    if (page.nextCursor === undefined) return sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    cursor = page.nextCursor;
  }
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Numbers from 0 to 1 that are the same for the same seed. Source: mulberry32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile, readJson } from './kills.js';
import { traceBatch } from './payloads.js';
import { send } from './senders.js';
import { startProcess } from './translator-process.js';

/** A store much larger than its cap: it opens, serves, and comes down to the cap while it goes on to serve. */

const MIB = 1024 * 1024;
const SPANS_PER_SESSION = 50;
const SPAN_BYTES = 64 * 1024;
const PINNED = 3;
const OPEN_MS = 5_000;
const ANSWER_MS = 5_000;
const PRUNE_MS = 900_000;

export async function largeStore({ cli, scratch, isSampled }) {
  const [size, cap] = isSampled ? [160 * MIB, 64] : [5 * 1024 * MIB, 2048];
  const dataDir = join(scratch, 'large');
  const path = join(dataDir, 'spoor.sqlite');
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const sessions = await fill({ cli, path, size });
  const large = await serve({ cli, dataDir, maxMib: 16_384 }, (url) => lookAt(url, sessions));
  const small = await serve({ cli, dataDir, maxMib: cap }, (url) => prune(url, cap * MIB));
  const kept = await serve({ cli, dataDir, maxMib: cap }, (url) => whatIsKept(url, sessions));
  const counts = { checks: 0, broken: [] };
  checkFile(dataDir, counts, true);
  const file = statSync(path).size;
  rmSync(dataDir, { recursive: true, force: true });
  const mib = (bytes) => `${Math.round(bytes / MIB)} MiB`;
  return {
    checks: [
      {
        what: 'it opens',
        figure: `${mib(large.bytes)}, ready after ${large.readyMs} ms`,
        isRight: large.bytes > size * 0.95 && large.readyMs < OPEN_MS,
      },
      {
        what: 'it serves',
        figure: `list ${large.listMs} ms, a session of ${large.observations} calls ${large.sessionMs} ms, a batch kept in ${large.sendMs} ms`,
        isRight: large.observations === SPANS_PER_SESSION && large.status === 200,
      },
      {
        what: `with a cap of ${cap} MiB it comes down to it`,
        figure: `${mib(small.before)} to ${mib(small.bytes)} over ${small.requests} requests, the slowest took ${small.slowestMs} ms; ready after ${small.readyMs} ms`,
        isRight: small.bytes <= cap * MIB && small.statuses.join() === '200' && small.slowestMs < ANSWER_MS,
      },
      {
        what: 'what is kept',
        figure: `${kept.pinned} of ${PINNED} pinned sessions, ${kept.newest} of the 5 newest, ${kept.oldest} of the 5 oldest`,
        isRight: kept.pinned === PINNED && kept.newest === 5 && kept.oldest === 0 && kept.whole,
      },
      {
        what: 'the file is whole',
        figure: `${counts.checks - counts.broken.length} of ${counts.checks} checks, ${mib(file)}`,
        isRight: counts.broken.length === 0,
      },
    ],
  };
}

/** Sessions of unlike content, in the order of their age; the first ones are pinned. */
async function fill({ cli, path, size }) {
  const { openSqliteStore } = await import(join(cli, 'src/store/sqlite-store.js'));
  const store = await openSqliteStore({ path, maxBytes: 64 * 1024 * MIB });
  const sessions = [];
  for (let written = 0; written < size;) {
    const id = `large ${String(sessions.length).padStart(6, '0')}`;
    const traceId = randomBytes(16).toString('hex');
    const spans = Array.from({ length: SPANS_PER_SESSION }, (_, at) => span(id, traceId, at));
    await store.append(spans);
    if (sessions.length < PINNED) await store.pin(id, true);
    sessions.push(id);
    written += SPANS_PER_SESSION * SPAN_BYTES;
  }
  await store.close();
  return sessions;
}

function span(sessionId, traceId, at) {
  const start = BigInt(Date.now()) * 1_000_000n;
  const own = randomBytes(SPAN_BYTES / 2).toString('hex');
  return {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: `chat ${at}`,
    kind: 3,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 1_000_000n,
    attributes: {
      'session.id': sessionId,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm-1',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: own }] }]),
    },
    events: [],
    links: [],
    statusCode: 0,
    resource: { attributes: { 'service.name': 'large' } },
    scope: { name: 'large' },
  };
}

async function serve({ cli, dataDir, maxMib }, use) {
  const started = performance.now();
  const translator = await startProcess({ cli, dataDir, args: ['--max-mib', String(maxMib)] });
  try {
    const { url } = await translator.listening;
    const readyMs = Math.round(performance.now() - started);
    return { readyMs, ...(await use(url)) };
  } finally {
    await translator.kill('SIGTERM');
  }
}

async function lookAt(url, sessions) {
  const [{ bytes }] = await timed(() => readJson(`${url}/api/stats`));
  const [, listMs] = await timed(() => readJson(`${url}/api/sessions`));
  const id = encodeURIComponent(sessions[Math.floor(sessions.length / 2)]);
  const [session, sessionMs] = await timed(() => readJson(`${url}/api/sessions/${id}`));
  const [status, sendMs] = await timed(() => send(url, traceBatch({ session: 'new', isJson: false })));
  return { bytes, listMs, sessionMs, sendMs, status, observations: session.observations.length };
}

async function prune(url, cap) {
  const { bytes: before } = await readJson(`${url}/api/stats`);
  const started = performance.now();
  const statuses = new Set();
  let slowest = 0;
  let bytes = before;
  let requests = 0;
  while (bytes > cap && performance.now() - started < PRUNE_MS) {
    const [status, ms] = await timed(() =>
      send(url, traceBatch({ session: 'new', isJson: false, spans: 2 })),
    );
    statuses.add(status);
    slowest = Math.max(slowest, ms);
    requests += 1;
    if (requests % 10 === 0) ({ bytes } = await readJson(`${url}/api/stats`));
  }
  return { before, bytes, requests, slowestMs: slowest, statuses: [...statuses] };
}

async function whatIsKept(url, sessions) {
  const read = (id) => readJson(`${url}/api/sessions/${encodeURIComponent(id)}`);
  const found = async (ids) => (await Promise.all(ids.map(read))).filter((session) => session !== undefined);
  const pinned = await found(sessions.slice(0, PINNED));
  const newest = await found(sessions.slice(-5));
  const oldest = await found(sessions.slice(PINNED, PINNED + 5));
  const whole = [...pinned, ...newest].every(({ observations }) => observations.length === SPANS_PER_SESSION);
  return { pinned: pinned.length, newest: newest.length, oldest: oldest.length, whole };
}

async function timed(work) {
  const started = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - started)];
}

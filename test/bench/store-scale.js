/**
 * A store that grows: spans received over HTTP by a translator whose memory is watched, then the time that its API takes, then
 * the same with ten times as many. Takes long, and up to 13 GB of the folder for temporary files; removes what it made. Part
 * of `npm run bench -- --scale`. Prints its figures as JSON.
 *
 *   node test/bench/store-scale.js [spans=1000000] [spans=10000000] [--store=FILE]
 *
 * With `--store` it asks a file that `store-filler.js` made, and leaves it; with `--prune` too, it makes it smaller.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { encodeTraceRequestProtobuf } from '../../dist/src/otlp/encode-protobuf.js';
import { agentRun, SPANS_A_RUN } from './agent-runs.js';
import { median } from './interleave.js';
import { boundsOf, scalePage } from './scale-page.js';

const RUNS_A_REQUEST = 10;
const POINTS = 10;
const REQUESTS = 200;
const STARTS = 7;
const MOST_BYTES = 2 ** 40;
/** The part of a file that a smaller cap leaves it. */
const CAP = 0.95;

const here = (file) => path.join(import.meta.dirname, file);

async function start(file, maxBytes = MOST_BYTES) {
  const began = performance.now();
  const child = fork(here('store-scale-translator.js'), [file, String(maxBytes)], {
    execArgv: ['--expose-gc'],
  });
  const [{ url }] = await once(child, 'message');
  await (await fetch(`${url}/api/sessions?limit=1`)).json();
  return { child, url, startMs: performance.now() - began };
}

async function stop({ child }) {
  child.send('end');
  await once(child, 'exit');
}

async function memoryOf({ child }) {
  child.send('memory');
  return (await once(child, 'message'))[0];
}

async function post(url, body) {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body,
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`A request was answered with ${response.status}.`);
}

/** Sends the runs over HTTP; memory after a collection at some points on the way. */
async function receive(translator, runs) {
  const memory = [];
  const began = performance.now();
  for (let run = 0; run < runs; run += RUNS_A_REQUEST) {
    const spans = Array.from({ length: RUNS_A_REQUEST }, (_, at) => agentRun(run + at)).flat();
    await post(translator.url, encodeTraceRequestProtobuf(spans));
    if ((run + RUNS_A_REQUEST) % Math.ceil(runs / POINTS) < RUNS_A_REQUEST) {
      memory.push({ spans: (run + RUNS_A_REQUEST) * SPANS_A_RUN, ...(await memoryOf(translator)) });
      process.stderr.write(`${JSON.stringify(memory.at(-1))}\n`);
    }
  }
  return { memory, perSecond: (runs * SPANS_A_RUN * 1000) / (performance.now() - began) };
}

async function fill(file, first, runs) {
  const args = [here('store-filler.js'), file, String(first), String(runs)];
  const [code] = await once(
    spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }),
    'close',
  );
  if (code !== 0) throw new Error(`The filler ended with ${code}.`);
}

/** Times of many requests, in milliseconds. */
async function timesOf(url, count, makePath, check) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const response = await fetch(`${url}${makePath(i)}`);
    const answer = await response.json();
    times.push(performance.now() - began);
    if (response.status !== 200) throw new Error(`${makePath(i)} was answered with ${response.status}.`);
    check(answer, i);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(count - 1, Math.floor(count * share))];
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}

function some({ items }) {
  if (items.length === 0) throw new Error('A listing is empty.');
}

/** Whole pages, one after another. */
async function pages(url) {
  let cursor = '';
  return timesOf(
    url,
    REQUESTS,
    () => `/api/sessions${cursor}`,
    (answer) => {
      some(answer);
      cursor = answer.nextCursor === undefined ? '' : `?cursor=${encodeURIComponent(answer.nextCursor)}`;
    },
  );
}

async function ask(translator, runs) {
  const { url } = translator;
  const runOf = (i) => (i * 7919 + 13) % runs;
  const sessionOf = (i) => encodeURIComponent(agentRun(runOf(i))[0].attributes['session.id']);
  const list = (query) => timesOf(url, REQUESTS, (i) => `/api/sessions?${query(i)}`, some);
  return {
    'session list': await timesOf(url, REQUESTS, () => '/api/sessions', some),
    'session list, page after page': await pages(url),
    'one session': await timesOf(
      url,
      REQUESTS,
      (i) => `/api/sessions/${sessionOf(i)}`,
      ({ session }) => {
        if (session.id === undefined) throw new Error('A session is missing.');
      },
    ),
    'by status': await list(() => 'status=error'),
    'by agent': await list((i) => `agent=agent-${i % 20}`),
    'by tag': await list((i) => `tag=tag-${i % 50}`),
    'by user': await list((i) => `user=user-${runOf(i) % 10_000}`),
    'by agent, status and tag': await list(() => 'agent=agent-3&status=error&tag=tag-3'),
    'by a rare word': await list((i) => `q=nr${runOf(i)}x5`),
    stats: await timesOf(
      url,
      REQUESTS,
      () => '/api/stats',
      ({ spans }) => {
        if (spans !== runs * SPANS_A_RUN) throw new Error(`There are ${spans} spans.`);
      },
    ),
  };
}

async function measure(file, runs) {
  const translator = await start(file);
  const times = await ask(translator, runs);
  await stop(translator);
  const starts = [];
  for (let i = 0; i < STARTS; i++) {
    const again = await start(file);
    starts.push(again.startMs);
    await stop(again);
  }
  return {
    spans: runs * SPANS_A_RUN,
    bytes: statSync(file).size,
    startMs: median(starts),
    times,
  };
}

/** The cap is set to a part of what the file holds: it comes down to it while spans are received. */
async function prune(file, runs) {
  const before = statSync(file).size;
  const cap = Math.round(before * CAP);
  const translator = await start(file, cap);
  const waits = [];
  const began = performance.now();
  let bytes = before;
  for (let i = 0; performance.now() - began < 600_000 && bytes > cap; i++) {
    const body = encodeTraceRequestProtobuf(agentRun(runs + i));
    const sent = performance.now();
    await post(translator.url, body);
    waits.push(performance.now() - sent);
    if (i % 50 === 0) ({ bytes } = await (await fetch(`${translator.url}/api/stats`)).json());
  }
  await stop(translator);
  const sorted = waits.toSorted((a, b) => a - b);
  return {
    before,
    after: bytes,
    seconds: (performance.now() - began) / 1000,
    requests: waits.length,
    p95: sorted[Math.floor(sorted.length * 0.95)],
    max: sorted.at(-1),
  };
}

/** Prints the figures; with `--write` they become a page. Fails when a bound is not kept. */
function report(figures) {
  console.log(JSON.stringify(figures));
  for (const { what, figure, bound, unit, isKept } of boundsOf(figures)) {
    console.error(`${isKept ? 'kept' : 'NOT KEPT'}: ${what}: ${figure.toFixed(2)} of ${bound} ${unit}`);
    if (!isKept) process.exitCode = 1;
  }
  if (!process.argv.includes('--write')) return;
  const page = here('SCALE.md');
  writeFileSync(page, scalePage(figures));
  execFileSync(path.join(import.meta.dirname, '../../node_modules/.bin/oxfmt'), [page]);
}

async function grow(file, small, large) {
  const translator = await start(file);
  const received = await receive(translator, small / SPANS_A_RUN);
  await stop(translator);
  const stores = [await measure(file, small / SPANS_A_RUN)];
  if (large > small) {
    await fill(file, small / SPANS_A_RUN, (large - small) / SPANS_A_RUN);
    stores.push(await measure(file, large / SPANS_A_RUN));
  }
  return { received, stores, prune: await prune(file, Math.max(small, large) / SPANS_A_RUN) };
}

const given = process.argv.find((arg) => arg.startsWith('--store='))?.slice('--store='.length);
const [small = 1_000_000, large = 10_000_000] = process.argv.slice(2).map(Number).filter(Number.isFinite);
if (given !== undefined) {
  const figures = { stores: [await measure(given, small / SPANS_A_RUN)] };
  if (process.argv.includes('--prune')) figures.prune = await prune(given, small / SPANS_A_RUN);
  report(figures);
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'spoor-scale-'));
  try {
    report(await grow(path.join(folder, 'spoor.db'), small, large));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * How fast spans are taken in: until they are committed, until all that follows from them is worked out too, and the latter
 * over HTTP. The floor parses the same body and commits one bare row a span. Run as a process of its own, which prints its
 * rows as JSON.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { decodeTraceRequest } from '../../dist/src/otlp/decode.js';
import { openSqliteStore } from '../../dist/src/store/sqlite-store.js';
import { startTranslator } from '../../dist/src/translator.js';
import { interleave, median } from './interleave.js';
import { otlpBody } from './otlp-body.js';

const quick = process.argv.includes('--quick');
const SPANS = 300;
const ROUNDS = quick ? 5 : 11;
const RUNS = 4;
const folder = mkdtempSync(path.join(tmpdir(), 'spoor-bench-'));

/** Every request is another run of the agent: nothing is a duplicate. */
let made = 0;
const nextBody = () => otlpBody(made++, SPANS);

function openFloor(name) {
  const database = new DatabaseSync(path.join(folder, name));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    'CREATE TABLE spans (trace_id TEXT, span_id TEXT, body TEXT, PRIMARY KEY (trace_id, span_id))',
  );
  const insert = database.prepare('INSERT OR REPLACE INTO spans VALUES (?, ?, ?)');
  return (body) => {
    database.exec('BEGIN');
    for (const { scopeSpans } of JSON.parse(body).resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const span of spans) insert.run(span.traceId, span.spanId, JSON.stringify(span));
      }
    }
    database.exec('COMMIT');
  };
}

async function startFloorServer() {
  const keep = openFloor('floor-http.db');
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      keep(Buffer.concat(chunks));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function post(url, body) {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${answer}`);
}

/** Bodies are made before the clock starts. */
function sending(send) {
  let bodies = [];
  return {
    prepare: () => {
      bodies = Array.from({ length: RUNS + 1 }, nextBody);
    },
    run: () => send(bodies.pop()),
  };
}

function perSecond(times) {
  return (SPANS * 1e6) / median(times);
}

function row(name, times) {
  return { name, unit: 'spans/s', floor: perSecond(times.floor), spoor: perSecond(times.spoor) };
}

const size = { rounds: ROUNDS, runs: RUNS, warmup: 1 };
const store = await openSqliteStore({ path: path.join(folder, 'append.db') });
async function receive(body) {
  const { spans, rejected } = decodeTraceRequest(body, 'json');
  if (rejected !== undefined || spans.length !== SPANS) throw new Error('Spans were refused.');
  await store.receive([{ body, encoding: 'json', spans }]);
}
async function project() {
  while ((await store.project()) !== undefined);
}
const direct = await interleave(
  {
    floor: sending(openFloor('floor.db')),
    commit: { ...sending(receive), restore: project },
    spoor: sending(async (body) => {
      await receive(body);
      await project();
    }),
  },
  size,
);
await store.close();

const server = await startFloorServer();
const translator = await startTranslator({ port: 0, dataDir: path.join(folder, 'translator') });
const http = await interleave(
  {
    floor: sending((body) => post(`http://127.0.0.1:${server.address().port}`, body)),
    spoor: sending(async (body) => {
      await post(translator.url, body);
      // A read waits until all that follows from the spans is worked out.
      await translator.store.session('none');
    }),
  },
  size,
);
const { spans } = await translator.store.stats();
if (spans !== ROUNDS * (RUNS + 1) * SPANS) throw new Error(`The store holds ${spans} spans.`);
await translator.close();
server.closeAllConnections();
server.close();
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify([
    row('decode and commit', { floor: direct.floor, spoor: direct.commit }),
    row('decode, commit and project', direct),
    row('receive over HTTP, and project', http),
  ]),
);

// Measures the ClickHouse store on the engine in this process: `node measure.js 200000`. One process does all the work, client,
// engine and translator, one query at a time; a server of its own has its own processors.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { encodeTraceRequestProtobuf } from '../../dist/src/otlp/encode-protobuf.js';
import { openClickHouseStore, openEngine } from '../../dist/src/store/clickhouse/clickhouse-store.js';
import { migrateClickHouse } from '../../dist/src/store/clickhouse/migrate.js';

const SPANS = Number(process.argv[2] ?? 100_000);
const PER_SESSION = 50;
const SESSIONS_A_BATCH = 20;
const READS = 60;
const folder = mkdtempSync(join(tmpdir(), 'spoor-measure-'));
const clickhouse_settings = { async_insert_busy_timeout_min_ms: 1, async_insert_busy_timeout_max_ms: 2 };
const client = createClient({ connection: createChdbConnection({ path: folder }), clickhouse_settings });
const url = 'clickhouse://127.0.0.1/measured';

let seed = 1;
const random = (below) => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
};
const WORDS = Array.from(
  { length: 5000 },
  (_, i) => `w${((i * 2_654_435_761) % 4_294_967_296).toString(36)}`,
);
const text = (words) => Array.from({ length: words }, () => WORDS[random(WORDS.length)]).join(' ');
const hex = (digits) =>
  Array.from({ length: digits / 4 }, () => random(65_536).toString(16).padStart(4, '0')).join('');

/** A session of calls, each with the whole conversation before it. */
function sessionOf(id) {
  const traceId = hex(32);
  const root = hex(16);
  const messages = [];
  const start = 1_790_000_000_000 + id * 1000;
  const spanOf = (place, fields) => ({
    traceId,
    spanId: hex(16),
    parentSpanId: root,
    kind: 3,
    startTimeUnixNano: BigInt(start + place) * 1_000_000n,
    endTimeUnixNano: BigInt(start + place + 5) * 1_000_000n,
    events: [],
    links: [],
    statusCode: 0,
    resource: { attributes: { 'service.name': `service-${id % 7}` } },
    scope: { name: 'measure' },
    ...fields,
  });
  const spans = [
    {
      ...spanOf(0, {
        name: 'agent',
        attributes: { 'session.id': `session-${id}`, 'user.id': `user-${id % 100}` },
      }),
      spanId: root,
      parentSpanId: undefined,
    },
  ];
  for (let i = 1; i < PER_SESSION; i++) {
    if (i % 5 === 0) messages.push({ role: 'user', parts: [{ type: 'text', content: text(80) }] });
    const attributes = {
      'session.id': `session-${id}`,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.usage.input_tokens': 100 + i,
      'gen_ai.usage.output_tokens': 10,
      'gen_ai.input.messages': JSON.stringify(messages),
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: text(30) }] },
      ]),
    };
    spans.push(spanOf(i * 10, { name: 'chat gpt-5', attributes }));
  }
  delete spans[0].parentSpanId;
  return spans;
}

async function timed(label, read) {
  const times = [];
  for (let i = 0; i < READS; i++) {
    const start = performance.now();
    await read(random(SPANS / PER_SESSION));
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share) => `${times[Math.floor((times.length - 1) * share)].toFixed(1)} ms`;
  console.log(`${label}: p50 ${at(0.5)}, p95 ${at(0.95)}`);
}

const engine = openEngine({ url, client });
await migrateClickHouse(engine, { database: 'measured' });
const store = await openClickHouseStore({ url, client });
let sent = 0;
let writing = 0;
let cpu = 0;
let written = 0;
for (let id = 0; written < SPANS;) {
  const batch = Array.from({ length: SESSIONS_A_BATCH }, () => sessionOf(id++)).flat();
  if (written < 20_000) sent += encodeTraceRequestProtobuf(batch).length;
  const start = performance.now();
  const before = process.cpuUsage();
  await store.append(batch);
  const { user, system } = process.cpuUsage(before);
  cpu += user + system;
  writing += performance.now() - start;
  written += batch.length;
}
const perSpan = sent / Math.min(written, 20_000);
const sizes = () =>
  engine.rows(
    `SELECT table, sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE database = 'measured' AND active GROUP BY table ORDER BY bytes DESC`,
  );
console.log(
  `${written} spans in ${written / PER_SESSION} sessions, ${Math.round(perSpan)} bytes of OTLP each`,
);
console.log(
  `written in requests of ${SESSIONS_A_BATCH * PER_SESSION}: ${Math.round((written * 1000) / writing)} spans a second, ${Math.round((written * 1_000_000) / cpu)} a second of processor time`,
);
for (const { table, bytes, parts } of await sizes())
  console.log(`  ${table}: ${bytes} bytes in ${parts} parts`);
const { bytes, spans } = await store.stats();
if (spans !== written) throw new Error(`${spans} spans are there of ${written}`);
console.log(
  `${(bytes / written).toFixed(0)} bytes a span on disk: ${((perSpan * written) / bytes).toFixed(1)} times smaller than the OTLP`,
);
await timed('list of 50 sessions', () => store.sessions());
await timed('list of 50 sessions of a user', (id) => store.sessions({ user: `user-${id % 100}` }));
await timed('one session', (id) => store.session(`session-${id}`));
await timed('its steps', (id) => store.steps(`session-${id}`));
await timed(`its ${PER_SESSION} observations`, (id) => store.observations(`session-${id}`));
await timed('list of 50 traces', () => store.traces());
await timed('search for a word', () => store.search({ text: WORDS[random(WORDS.length)] }));
await timed('one more span', (id) => store.append([sessionOf(id)[1]]));
await timed('statistics', () => store.stats());
console.log(
  `memory of the process, engine included: ${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB`,
);
await client.close();
rmSync(folder, { recursive: true, force: true });

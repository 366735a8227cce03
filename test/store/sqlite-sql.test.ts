import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SQL_VIEWS } from '../../src/store/sql-views.js';
import { createSqliteSql, SQL_LIMITS } from '../../src/store/sqlite-sql.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { SqlResult, Store } from '../../src/store/store.js';
import { conversation } from './contract.js';
import { chat, span, spanId, T0, traceId } from './spans.js';

const folder = mkdtempSync(join(tmpdir(), 'spoor-sql-'));
const path = join(folder, 'spoor.sqlite');
const opened: Store[] = [];
afterAll(async () => {
  for (const store of opened) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function filled(): Promise<Store> {
  if (opened[0] !== undefined) return opened[0];
  const store = await openSqliteStore({ path });
  opened.push(store);
  await store.append([
    ...conversation(),
    chat({ id: 40, trace: 4, cost: 0.5, attributes: { 'user.id': 'ann', long: 'x'.repeat(1000) } }),
    span({
      id: 41,
      trace: 4,
      parent: 40,
      name: 'evaluation tone',
      attributes: {
        'gen_ai.evaluation.name': 'tone',
        'gen_ai.evaluation.score.value': 0.5,
        'spoor.observation.type': 'EVALUATION',
      },
    }),
  ]);
  await store.appendLogs([
    {
      timeUnixNano: BigInt(T0) * 1_000_000n,
      observedTimeUnixNano: 0n,
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'app.note',
      body: 'hello',
      attributes: { k: 'v' },
      resource: { attributes: {} },
      scope: { name: 'app' },
    },
  ]);
  return store;
}

async function rows(sql: string, params: (string | number | null)[] = []): Promise<SqlResult['rows']> {
  const store = await filled();
  return (await store.sql?.({ sql, params }))?.rows ?? [];
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

test('says in its views what the API says', async () => {
  const store = await filled();
  for (const session of (await store.sessions()).items) {
    const [row] = await rows(
      `SELECT name, task, user_id, service_name, status, start_ms, end_ms, updated_ms, step_count, observation_count,
       generation_count, tool_count, error_count, input_tokens, total_tokens, cost, is_implicit, is_pinned
       FROM sessions WHERE id = ?`,
      [session.id],
    );
    const { usage } = session;
    expect(row).toEqual(
      [
        session.name,
        session.task,
        session.userId,
        session.serviceName,
        session.status,
        session.startMs,
        session.endMs,
        session.updatedMs,
        session.stepCount,
        session.observationCount,
        session.generationCount,
        session.toolCount,
        session.errorCount,
        usage.input,
        usage.total,
        session.cost,
        Number(session.implicit),
        0,
      ].map(orNull),
    );
    const steps = await store.steps(session.id);
    const found = await rows(
      'SELECT id, name, goal, start_ms, end_ms, observation_count FROM steps WHERE session_id = ? ORDER BY is_implicit, step_index',
      [session.id],
    );
    expect(found.map(([id, , goal, ...rest]) => [id, goal, ...rest])).toEqual(
      steps.map((step) => [
        step.id,
        step.goal ?? null,
        step.startMs,
        step.implicit ? null : (step.endMs ?? null),
        step.observationCount,
      ]),
    );
    const observations = await store.observations(session.id);
    const seen = await rows(
      'SELECT trace_id, id, parent_id, step_id, type, name, model, status, start_ms, end_ms, input_tokens, cost, dialect FROM observations WHERE session_id = ? ORDER BY start_ms, trace_id, id',
      [session.id],
    );
    expect(seen).toEqual(
      observations.map((one) =>
        [
          one.traceId,
          one.id,
          one.parentId,
          one.stepId,
          one.type,
          one.name,
          one.responseModel ?? one.requestModel,
          one.status,
          one.startMs,
          one.endMs,
          one.usage?.input,
          one.cost,
          one.dialect,
        ].map(orNull),
      ),
    );
  }
});

test('has every view and column that it documents', async () => {
  const page = readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8');
  for (const { name, columns } of SQL_VIEWS) {
    const result = await (await filled()).sql?.({ sql: `SELECT * FROM ${name} LIMIT 1` });
    expect(result?.columns).toEqual(Object.keys(columns));
    expect(result?.rows).toHaveLength(1);
    expect(page).toContain(`\`${name}\``);
  }
});

test('reads scores, spans, logs and words', async () => {
  expect(await rows('SELECT name, value, target_kind, span_id FROM scores')).toEqual([
    ['tone', 0.5, 'observation', spanId(41)],
  ]);
  expect(
    await rows(
      `SELECT attributes ->> '$."gen_ai.request.model"', attributes ->> '$.long', resource ->> '$."service.name"'
       FROM spans WHERE trace_id = ? AND span_id = ?`,
      [traceId(4), spanId(40)],
    ),
  ).toEqual([['gpt-5', null, 'svc']]);
  expect(await rows('SELECT name, severity, body FROM logs')).toEqual([['app.note', 'INFO', 'hello']]);
  expect(
    await rows(
      `SELECT id FROM observations WHERE row_id IN (SELECT rowid FROM previews WHERE previews MATCH '"shelf"*')`,
    ),
  ).toEqual([[spanId(4)]]);
  expect(
    await rows('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n'),
  ).toEqual([[1], [2], [3]]);
  expect(
    await rows("-- a comment; with a semicolon\nSELECT ';', \"id\" FROM sessions WHERE id = 's';"),
  ).toEqual([[';', 's']]);
  expect(await rows("SELECT 9223372036854775807, 1e999, x'00ff', ?, NULL", [1])).toEqual([
    ['9223372036854775807', 'Infinity', '00ff', 1, null],
  ]);
});

test.each([
  'DELETE FROM spans',
  'delete from spans',
  'UPDATE sessions SET status = 1',
  "ATTACH DATABASE '/etc/passwd' AS x",
  'PRAGMA writable_schema = ON',
  'PRAGMA table_info(spans)',
  'VACUUM',
  "VACUUM INTO '/tmp/copy.sqlite'",
  'DROP TABLE spans',
  'CREATE TABLE x (y)',
  'SELECT 1; DELETE FROM spans',
  'SELECT 1;; SELECT 2',
  '/* */ INSERT INTO pins VALUES (1)',
  'WITH x AS (SELECT 1) DELETE FROM main.spans',
  'WITH x AS (SELECT 1) INSERT INTO main.pins SELECT 1',
  'EXPLAIN DELETE FROM spans',
  "SELECT load_extension('x')",
  "SELECT writefile('/tmp/x', 'y')",
  "SELECT readfile('/etc/passwd')",
  'SELECT * FROM nothing',
  'SELECT',
  '',
  'SELECT 1 \0',
  'BEGIN',
  'REPLACE INTO pins VALUES (1)',
  'SELECT * FROM sessions UNION ALL SELECT * FROM (DELETE FROM spans RETURNING *)',
])('refuses %j', async (sql) => {
  const store = await filled();
  await expect(store.sql?.({ sql })).rejects.toMatchObject({ code: 'SPOOR_SQL_REFUSED' });
  expect((await store.stats()).spans).toBe(8);
});

test('ends what takes too long, and what takes too much memory', async () => {
  await filled();
  const sql = createSqliteSql(path, { ...SQL_LIMITS, milliseconds: 500, heapBytes: 32 * 1024 * 1024 });
  const bomb = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
  const before = performance.now();
  await expect(sql({ sql: bomb })).rejects.toMatchObject({ code: 'SPOOR_SQL_LIMIT' });
  expect(performance.now() - before).toBeLessThan(4_000);
  for (const large of ['SELECT zeroblob(500000000)', "SELECT printf('%*c', 900000000, 'x')"])
    await expect(sql({ sql: large })).rejects.toMatchObject({ code: 'SPOOR_SQL_LIMIT' });
});

test('bounds rows, bytes and how many run at once', async () => {
  await filled();
  const many = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
  const sql = createSqliteSql(path);
  expect(await sql({ sql: many, limit: 2 })).toEqual({ columns: ['i'], rows: [[1], [2]], isTruncated: true });
  expect(await sql({ sql: 'SELECT 1 AS one', limit: 1 })).toEqual({ columns: ['one'], rows: [[1]] });
  const small = createSqliteSql(path, { ...SQL_LIMITS, bytes: 1000 });
  const wide = await small({ sql: "VALUES (printf('%900c', 'x'))" });
  expect(wide).toMatchObject({ rows: [[expect.any(String)]] });
  expect(wide).not.toHaveProperty('isTruncated');
  const wider = await small({ sql: "VALUES (printf('%900c', 'x')), (printf('%900c', 'x'))" });
  expect([wider.rows.length, wider.isTruncated]).toEqual([1, true]);
  const one = createSqliteSql(path, { ...SQL_LIMITS, running: 1 });
  const first = one({ sql: 'SELECT 1' });
  await expect(one({ sql: 'SELECT 1' })).rejects.toMatchObject({ code: 'SPOOR_OVERLOADED' });
  expect((await first).rows).toEqual([[1]]);
  expect((await one({ sql: 'SELECT 2' })).rows).toEqual([[2]]);
  const long = `SELECT '${'x'.repeat(100_001)}'`;
  await expect(sql({ sql: long })).rejects.toMatchObject({ code: 'SPOOR_SQL_REFUSED' });
  for (const limit of [0, 10_001, 1.5])
    await expect(sql({ sql: 'SELECT 1', limit })).rejects.toMatchObject({ code: 'SPOOR_OPTION_INVALID' });
});

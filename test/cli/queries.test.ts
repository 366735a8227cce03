import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { conversation } from '../store/contract.js';
import { chat, span, spanId, T0, traceId } from '../store/spans.js';
import { until } from '../server/running.js';
import { runCli, startCli } from './run-cli.js';

async function folder(): Promise<string> {
  const made = mkdtempSync(join(tmpdir(), 'spoor-queries-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  const store = await openSqliteStore({ path: join(made, 'spoor.sqlite'), now: () => T0 });
  await store.append([
    ...conversation(),
    chat({
      id: 40,
      trace: 4,
      start: 2000,
      model: 'llama',
      attributes: { 'tenant.id': 'a=b,c', 'session.id': 'two' },
    }),
    span({
      id: 41,
      trace: 4,
      parent: 40,
      start: 2001,
      name: 'evaluation tone',
      attributes: {
        'session.id': 'two',
        'gen_ai.evaluation.name': 'tone',
        'gen_ai.evaluation.score.value': 0.5,
        'gen_ai.evaluation.explanation': 'calm\u001b[31m',
        'spoor.score.source': 'human',
        'spoor.observation.type': 'EVALUATION',
      },
    }),
  ]);
  await store.appendLogs([
    {
      timeUnixNano: BigInt(T0) * 1_000_000n,
      observedTimeUnixNano: 0n,
      severityNumber: 9,
      body: 'hello',
      attributes: {},
      traceId: traceId(1),
      spanId: spanId(4),
      resource: { attributes: {} },
      scope: { name: 'app' },
    },
  ]);
  await store.close();
  return made;
}

async function serving(dataDir: string, sql: boolean): Promise<Translator> {
  const translator = await startTranslator({ port: 0, dataDir, sql, log: () => {} });
  onTestFinished(() => translator.close());
  return translator;
}

const json = async (args: readonly string[]): Promise<unknown> => {
  const { code, out, err } = await runCli([...args, '--json']);
  expect([args, code, err]).toEqual([args, 0, '']);
  return JSON.parse(out);
};

test('asks a running translator and a folder alike', async () => {
  const data = await folder();
  const { url } = await serving(data, true);
  const asked = [
    ['search', 'shelf'],
    ['search', '--attr', 'tenant.id=a=b,c'],
    ['search', '--type', 'tool', '--status', 'error'],
    ['search', '--model', 'llama', '--session', 'two', '--since', '2020-01-01', '--limit', '1'],
    ['search', 'nothing', 'at', 'all'],
    ['sessions', '--text', 'shelf', '--tag', 'beta', '--since', '2020-01-01'],
    ['sessions', '--user', 'nobody', '--agent', 'none'],
    ['scores', 'two', '--name', 'tone', '--source', 'human'],
    ['show', 's'],
    ['sql', 'SELECT id, name FROM sessions WHERE id = ? ORDER BY id', '--param', 's'],
  ];
  const sizes: number[] = [];
  for (const args of asked) {
    const read = await json([...args, '--data', data]);
    expect(await json([...args, '--url', url])).toEqual(read);
    const { items, rows } = read as { items?: unknown[]; rows?: unknown[] };
    sizes.push((items ?? rows ?? []).length);
  }
  expect(sizes).toEqual([1, 1, 1, 1, 0, 1, 0, 1, 0, 1]);
}, 120_000);

test('prints what a search finds, a line each', async () => {
  const data = await folder();
  const { out } = await runCli(['search', 'shelf', '--data', data]);
  expect(out).toBe(
    `STARTED      TYPE        STATUS  TIME   SESSION  NAME
01-15 08:00  generation  ended   10 ms  s        chat gpt-5
`,
  );
  const scores = await runCli(['scores', '--data', data]);
  expect(scores.out).toContain('tone  0.5    human');
  expect(scores.out).toContain('calm');
  expect(scores.out).not.toContain('\u001b');
  const logs = (await json(['show', 's', '--data', data])) as { logs: { body: string }[] };
  expect(logs.logs.map(({ body }) => body)).toEqual(['hello']);
});

test('answers SQL as a table, as CSV and as JSON, and says when there is more', async () => {
  const data = await folder();
  const sql = "SELECT id, '=1+1' AS formula, NULL AS empty FROM sessions ORDER BY id";
  expect((await runCli(['sql', sql, '--data', data, '--format', 'csv'])).out).toBe(
    "id,formula,empty\r\ns,'=1+1,\r\ntwo,'=1+1,\r\n",
  );
  expect((await runCli(['sql', sql, '--data', data])).out).toBe(
    'id   formula  empty\ns    =1+1\ntwo  =1+1\n',
  );
  const cut = await runCli(['sql', sql, '--data', data, '--limit', '1', '--format', 'csv']);
  expect([cut.out.split('\r\n').length, cut.err]).toEqual([
    3,
    'There is more than these 1 rows; see --limit.\n',
  ]);
  const { url } = await serving(data, false);
  const off = await runCli(['sql', sql, '--url', url]);
  expect([off.code, off.err]).toEqual([1, expect.stringContaining('spoor serve --sql')]);
  const refused = await runCli(['sql', 'DELETE FROM spans', '--data', data]);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('reads and never writes')]);
});

test('pins a session of a translator and of a folder, and makes projections anew', async () => {
  const data = await folder();
  const pinned = async (): Promise<unknown> =>
    ((await json(['show', 's', '--data', data])) as { session: { pinned?: true } }).session.pinned;
  expect(await json(['pin', 's', '--data', data])).toEqual({ id: 's', pinned: true });
  expect(await pinned()).toBe(true);
  expect(await json(['reindex', '--data', data])).toEqual({ spans: 8, tookMs: expect.any(Number) });
  expect(await pinned()).toBe(true);
  const { url, close } = await serving(data, false);
  expect(await json(['unpin', 's', '--url', url])).toEqual({ id: 's', pinned: false });
  const busy = await runCli(['reindex', '--data', data]);
  expect([busy.code, busy.err]).toEqual([1, expect.stringContaining('SPOOR_DATA_IN_USE')]);
  const unknown = await runCli(['pin', 'nobody', '--url', url]);
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is no session "nobody"')]);
  await close();
  expect(await pinned()).toBeUndefined();
  expect(await json(['stats', '--data', data])).toMatchObject({ sessions: 2, spans: 8, logs: 1 });
});

test.each([
  [['search', '--attr', 'key'], '--attr takes key=value'],
  [['search', '--type', 'robot'], '--type takes agent, span'],
  [['search', '--since', 'soon'], '--since takes a time'],
  [['sql'], '<statement> is missing'],
  [['sql', 'SELECT 1', '--format', 'xml'], '--format takes table, csv, json'],
  [['pin'], '<session> is missing'],
  [['reindex', '--data', '/nowhere'], 'There is no store in the folder "/nowhere"'],
])('%j says what to do', async (args, message) => {
  const { code, err } = await runCli(args);
  expect(code).toBeGreaterThan(0);
  expect(err).toContain(message);
});

test('serve takes SQL and an age when it is told to', async () => {
  const data = await folder();
  const serve = startCli(['serve', '--port', '0', '--data', data, '--sql', '--max-age', '1d', '--json']);
  const { url } = JSON.parse(
    await until(
      () => serve.out(),
      (out) => out.endsWith('\n'),
    ),
  ) as { url: string };
  const count = async (): Promise<unknown> =>
    (
      (await (
        await fetch(`${url}/api/sql`, { method: 'POST', body: '{"sql":"SELECT count(*) FROM sessions"}' })
      ).json()) as { rows: unknown[][] }
    ).rows[0]?.[0];
  expect(typeof (await count())).toBe('number');
  const wrong = await runCli(['serve', '--port', '0', '--data', data, '--max-age', 'long']);
  expect([wrong.code === 0, wrong.err]).toEqual([
    false,
    expect.stringContaining('--max-age takes a length of time'),
  ]);
  serve.child.kill('SIGTERM');
  expect(await serve.ended).toBe(0);
});

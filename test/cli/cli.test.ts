import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTranslator } from '../../src/server/start-translator.js';
import { traceRequestJson, type SpanFields } from '../server/otlp-payloads.js';
import { post, runTranslator, until } from '../server/running.js';
import { SessionResponse } from '../server/session-response.js';
import { runCli, startCli } from './run-cli.js';

const CALL: SpanFields = {
  name: 'chat m-1',
  attributes: { 'session.id': 'run-1', 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm-1' },
};
const SESSION: SpanFields = {
  name: 'session buyer',
  spanId: 'd'.repeat(16),
  scope: 'spoor',
  attributes: { 'session.id': 'run-1', 'spoor.session.task': 'Buy \u001B[31mtea' },
};

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('help and wrong use', () => {
  test('--help lists every command', async () => {
    const { code, out, err } = await runCli(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`\
spoor: the trail of an AI agent, read from OpenTelemetry spans.

Usage: spoor <command> [options]

  serve                    Run the translator: OTLP receiver, store, API and dashboard.
  sessions                 List sessions, the newest first.
  show <session|latest>    Show one session: its steps, calls, tokens and messages.
  graph [session|latest]   Show where a session went: its states, the moves between them, loops and dead ends.
  stuck [session|latest]   Say where a session went in circles, and what that cost.
  cost [session|latest]    Say what a session cost: by model, step and session, with what has no known price.
  score [session|latest]   Judge a session by a rubric, or say yourself how good it was.
  tail                     Follow what arrives, a line for each session and observation.
  search [words…]          Find calls and other observations by words, attributes and facts, the newest first.
  scores [session]         List scores, the newest first.
  sql <statement>          Ask the records in SQL: sessions, steps, observations, scores, traces, spans, logs.
  stats                    Say how much a store holds, and in which dialects it was sent.
  pin <session>            Keep a session when older ones have to make room.
  unpin <session>          No longer keep a session that was pinned.
  reindex                  Make sessions, steps, scores and the search index anew from the spans as they were received.
  mcp                      Let coding agents ask the records, over the Model Context Protocol on standard input and output.
  translate <in>           Rewrite the spans of a file in another dialect.
  import <files…>          Read spans from files into a translator, or into its data folder.
  export [session|latest]  Write a session, or everything, as OTLP/JSON, JSONL, CSV, NDJSON, Mermaid or one HTML page.
  migrate                  Make or update the tables of a store in ClickHouse.
  keys <create>            Make a key for a translator: \`spoor keys create\`.
  doctor                   Check the set-up here; \`doctor -- node app.js\` runs a program and tells what was traced.
  flush                    Send what programs could not deliver and left in the journal.
  --help, -h               Show this text, or the one of a command.
  --version                Show the version.
`);
  });

  test.each([[['help', 'show']], [['show', '--help']], [['show', 'x', '-h']]])(
    '%j shows the options of show',
    async (args) => {
      expect(await runCli(args)).toEqual({
        code: 0,
        err: '',
        out: `\
Usage: spoor show <session|latest> [options]

Show one session: its steps, calls, tokens and messages.

  --url <url>      Address of a running translator. Default: SPOOR_URL, else http://127.0.0.1:4318.
  --data <folder>  Read this data folder instead of asking a translator.
  --no-messages    Leave out what was said: messages, arguments, results.
  --json           Print the answer of GET /api/sessions/:id, with the log records beside it.
  --help, -h       Show this text.
`,
      });
    },
  );

  test('--version says the version', async () => {
    expect(await runCli(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
      err: '',
    });
  });

  test.each([
    [['sesions'], 'There is no command "sesions". Did you mean "sessions"?'],
    [['wibble'], 'There is no command "wibble". See'],
    [['--jsn'], 'There is no option "--jsn".'],
    [['sessions', '--limt', '5'], 'There is no option "--limt". Did you mean "--limit"?'],
    [['sessions', '--limit'], '--limit needs a value: --limit <count>.'],
    [['sessions', '--limit', '0'], '--limit takes a whole number from 1 to 500, not "0".'],
    [['sessions', '--limit=many'], '--limit takes a whole number from 1 to 500, not "many".'],
    [['sessions', '--status', 'fine'], '--status takes unset, ok, error, not "fine".'],
    [['sessions', '--json=yes'], '--json takes no value.'],
    [['sessions', 'extra'], '"extra" is one argument too many.'],
    [['show'], '<session|latest> is missing.'],
    [['show', 'x', '--url', 'nowhere'], '"nowhere" is not an address such as http://127.0.0.1:4318.'],
    [['show', 'x', '--url', 'http://127.0.0.1:1', '--data', '.'], 'Give --url or --data, not both.'],
    [['serve', '--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000".'],
  ])('%j is refused with code 2', async (args, message) => {
    const { code, out, err } = await runCli(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`spoor: ${message}`);
    expect(err).toMatch(/\n {2}See `spoor --help`\.\n {2}SPOOR_USAGE\n$/);
  });

  test('no command at all shows the help, as an error', async () => {
    const { code, out, err } = await runCli([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: spoor <command>');
  });
});

describe('reading from a translator', () => {
  test('sessions and show print what was posted, and --json what the API answers', async () => {
    const { url } = await runTranslator();
    await post(`${url}/v1/traces`, traceRequestJson(SESSION, CALL));
    const env = { SPOOR_URL: url };
    expect(await runCli(['sessions'], { env })).toEqual({
      code: 0,
      err: '',
      out: `\
ID     STARTED      STATUS  TIME  STEPS  CALLS  TOKENS  NAME
run-1  03-01 09:30  ended   1 ms  0      1      0       buyer
`,
    });
    const shown = await runCli(['show', 'run-1'], { env });
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('task     Buy tea\n');
    expect(shown.out).toContain('└─◆ chat m-1');
    expect((await runCli(['show', 'latest', '--url', `${url}/`])).out).toBe(shown.out);
    expect((await runCli(['show', 'run', '--url', url])).out).toBe(shown.out);

    const api = await (await fetch(`${url}/api/sessions/run-1`)).json();
    const json = await runCli(['show', 'run-1', '--json'], { env });
    expect(JSON.parse(json.out)).toEqual({ ...(api as object), logs: [] });
    SessionResponse.parse(JSON.parse(json.out));
    const list = await runCli(['sessions', '--json', '--limit', '1', '--status', 'unset'], { env });
    expect(JSON.parse(list.out)).toEqual(
      await (await fetch(`${url}/api/sessions?limit=1&status=unset`)).json(),
    );
  });

  test('--no-messages leaves out what was said, in both forms', async () => {
    const { url } = await runTranslator();
    const said = '[{"role":"user","parts":[{"type":"text","content":"a secret"}]}]';
    const span = { ...CALL, attributes: { ...CALL.attributes, 'gen_ai.input.messages': said } };
    await post(`${url}/v1/traces`, traceRequestJson(span));
    expect((await runCli(['show', 'run-1', '--url', url])).out).toContain('< user: a secret');
    for (const form of [[], ['--json']]) {
      const { code, out } = await runCli(['show', 'run-1', '--url', url, '--no-messages', ...form]);
      expect([code, out.includes('secret'), out.includes('chat m-1')]).toEqual([0, false, true]);
    }
  });

  test.each([
    [['show', 'nothing'], 'There is no session "nothing".'],
    [['show', 'latest'], 'There is no session yet.'],
  ])('%j is not found', async (args, message) => {
    const { url } = await runTranslator();
    expect(await runCli([...args, '--url', url])).toEqual({
      code: 1,
      out: '',
      err: `spoor: ${message}\n  List what there is, for example with \`spoor sessions\`.\n  SPOOR_NOT_FOUND\n`,
    });
  });

  test('the start of an id that fits two sessions is refused', async () => {
    const { url } = await runTranslator();
    for (const digit of '12') {
      const attributes = { 'session.id': `run-${digit}` };
      await post(`${url}/v1/traces`, traceRequestJson({ traceId: digit.repeat(32), attributes }));
    }
    const { code, err } = await runCli(['show', 'run', '--url', url]);
    expect([code, err.split('\n')[0]]).toEqual([
      1,
      'spoor: 2 sessions begin with "run". Give more of the id.',
    ]);
  });

  test.each(['sessions', 'tail'])('%s says when nothing answers', async (command) => {
    const { port, close } = await startTranslator({ port: 0, dataDir: join(await makeFolder(), '.spoor') });
    await close();
    const { code, out, err } = await runCli([command, '--url', `http://127.0.0.1:${port}`], {
      cwd: await makeFolder(),
    });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: `\
spoor: No translator answers at http://127.0.0.1:${port} (ECONNREFUSED).
  Start one with \`npx spoor serve\`, or give its address with \`--url\`.
  SPOOR_TRANSLATOR_UNREACHABLE
`,
    });
  });
});

describe('serve', () => {
  test('runs until it is told to end, and what it kept is read from its folder', async () => {
    const cwd = await makeFolder();
    const before = performance.now();
    const serve = startCli(['serve', '--port', '0', '--json'], { cwd });
    const line = await until(serve.out, (out) => out.endsWith('\n'));
    expect(performance.now() - before).toBeLessThan(5_000);
    const { url, port, dataDir, pid } = JSON.parse(line) as Record<string, unknown>;
    expect({ url, dataDir, pid }).toEqual({
      url: `http://127.0.0.1:${port as number}`,
      dataDir: '.spoor',
      pid: serve.child.pid,
    });
    expect((await post(`${url as string}/v1/traces`, traceRequestJson(SESSION, CALL))).status).toBe(200);

    const second = await runCli(['serve', '--port', String(port), '--data', 'other'], { cwd });
    expect([second.code, second.err.split('\n')[2]]).toEqual([1, '  SPOOR_PORT_IN_USE']);

    const running = await runCli(['show', 'run-1', '--url', url as string]);
    expect((await runCli(['show', 'run-1', '--data', '.spoor'], { cwd })).out).toBe(running.out);
    serve.child.kill('SIGINT');
    expect(await serve.ended).toBe(0);
    expect(serve.err()).toBe('');
    expect((await runCli(['show', 'run-1', '--data', '.spoor'], { cwd })).out).toBe(running.out);
  });

  test('keeps what it acknowledged when it is killed', async () => {
    const cwd = await makeFolder();
    const serve = startCli(['serve', '--port', '0'], { cwd });
    const banner = await until(serve.out, (out) => out.includes('Ctrl-C'));
    const url = /dashboard +(http:\S+)\//.exec(banner)?.[1] ?? '';
    const posts = Array.from({ length: 50 }, (_, at) =>
      post(
        `${url}/v1/traces`,
        traceRequestJson({ ...CALL, spanId: (at + 1).toString(16).padStart(16, '0') }),
      ),
    );
    let acknowledged = 0;
    const settled = posts.map((request) =>
      request.then(({ status }) => {
        if (status === 200) acknowledged += 1;
        return acknowledged === 10 && serve.child.kill('SIGKILL');
      }),
    );
    // Those that were under way when it was killed fail; that is not the point here.
    await Promise.allSettled(settled);
    expect(await serve.ended).toBe('SIGKILL');
    expect(acknowledged).toBeGreaterThanOrEqual(10);
    const shown = await runCli(['show', 'run-1', '--data', '.spoor', '--json'], { cwd });
    expect(SessionResponse.parse(JSON.parse(shown.out)).observations.length).toBeGreaterThanOrEqual(
      acknowledged,
    );
  });

  test.each([
    [['--host', '0.0.0.0'], 'SPOOR_BIND_REFUSED', 1],
    [['--host', '127.0.0.1', '--prot', '1'], 'SPOOR_USAGE', 2],
  ])('%j is refused', async (args, errorCode, exitCode) => {
    const { code, out, err } = await runCli(['serve', '--port', '0', ...args], { cwd: await makeFolder() });
    expect({ code, out, last: err.trimEnd().split('\n').at(-1)?.trim() }).toEqual({
      code: exitCode,
      out: '',
      last: errorCode,
    });
  });

  test('a data folder without a store is refused', async () => {
    const { code, err } = await runCli(['sessions', '--data', 'nowhere'], { cwd: await makeFolder() });
    expect([code, err.split('\n')[0]]).toEqual([1, 'spoor: There is no store in the folder "nowhere".']);
  });
});

describe('tail', () => {
  test('prints what arrives, a line each, over a restart of the translator', async () => {
    const dataDir = join(await makeFolder(), '.spoor');
    const first = await startTranslator({ port: 0, dataDir });
    onTestFinished(() => first.close());
    const { port } = first;
    const url = first.url;
    await post(`${url}/v1/traces`, traceRequestJson({ ...CALL, attributes: { 'session.id': 'old' } }));
    const tail = startCli(['tail', '--url', url]);
    await until(tail.err, (err) => err.endsWith('\n'));
    await post(`${url}/v1/traces`, traceRequestJson(SESSION, CALL));
    await until(tail.out, (out) => out.split('\n').length === 3);
    expect(tail.out()).toBe(`\
09:30:00  session buyer run-1                   ended  0 steps  1 call  0 errors
09:30:00  ◆ chat m-1                                                        1 ms
`);
    await first.close();
    const second = await startTranslator({ port, dataDir });
    onTestFinished(() => second.close());
    await post(`${url}/v1/traces`, traceRequestJson({ ...CALL, spanId: 'f'.repeat(16), name: 'chat after' }));
    await until(tail.out, (out) => out.includes('◆ chat after'));
    tail.child.kill('SIGINT');
    expect(await tail.ended).toBe(0);
    expect(tail.err()).toBe(`Following ${url}. Ctrl-C ends it.\n`);
  });

  test('--json prints each record as a line of JSON', async () => {
    const { url } = await runTranslator();
    const tail = startCli(['tail', '--json', '--url', url]);
    await until(tail.err, (err) => err.endsWith('\n'));
    await post(`${url}/v1/traces`, traceRequestJson(CALL));
    await until(tail.out, (out) => out.split('\n').length === 3);
    tail.child.kill('SIGTERM');
    expect(await tail.ended).toBe(0);
    const records = tail
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { session, observations } = SessionResponse.parse(
      await (await fetch(`${url}/api/sessions/run-1`)).json(),
    );
    expect(records).toEqual([
      { kind: 'session', session },
      { kind: 'observation', observation: observations[0] },
    ]);
  });
});

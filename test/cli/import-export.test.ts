import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { traceRequestJson, type SpanFields } from '../server/otlp-payloads.js';
import { post, runTranslator } from '../server/running.js';
import { csvRecord } from '../../src/shared/csv.js';
import { runCli } from './run-cli.js';

const TRACE = '3f9227d771e663edeb7b454a8852b225';
const HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>';
const SESSION: SpanFields = {
  name: 'session buyer',
  spanId: 'd'.repeat(16),
  scope: 'spoor',
  attributes: { 'session.id': 'run-1', 'spoor.session.task': HOSTILE },
};
const CALL: SpanFields = {
  name: 'chat m-1',
  attributes: {
    'session.id': 'run-1',
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'm-1',
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: HOSTILE }] }]),
  },
};

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function lines(...values: object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

async function shown(data: string): Promise<{
  session: Record<string, unknown>;
  steps: Record<string, unknown>[];
  observations: Record<string, unknown>[];
}> {
  const { out } = await runCli(['show', 'latest', '--data', data, '--json']);
  return JSON.parse(out) as Awaited<ReturnType<typeof shown>>;
}

function at(ms: number): object {
  return { start_time: `2026-11-22T15:08:05.${ms}Z`, end_time: `2026-11-22T15:08:06.${ms}Z` };
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function runExport(...args: string[]): ReturnType<typeof runCli> {
  const { url } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson(SESSION, CALL));
  return runCli(['export', ...args], { env: { SPOOR_URL: url } });
}

describe('import', () => {
  test('reads trace files as they are written now: session, step, calls and late facts, as often as one likes', async () => {
    const folder = await makeFolder();
    const data = join(folder, 'data');
    const inStep = { 'session.id': 'ses', 'spoor.step.id': 'st' };
    await writeFile(
      join(folder, 'observations_20261122.jsonl'),
      lines(
        {
          id: 'a'.repeat(16),
          trace_id: TRACE,
          parent_id: 'b'.repeat(16),
          type: 'TOOL',
          name: 'find',
          input: { q: 1 },
          output: [1],
          ...at(300),
          metadata: { ...inStep, k: 'v' },
        },
        {
          id: 'c'.repeat(16),
          trace_id: TRACE,
          parent_id: 'b'.repeat(16),
          type: 'GENERATION',
          name: 'chat m-1',
          input: [{ role: 'user', content: 'hi' }],
          output: 'hello',
          model: 'm-1',
          usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
          error: 'too slow',
          level: 'error',
          ...at(400),
          metadata: inStep,
        },
        {
          id: 'b'.repeat(16),
          trace_id: TRACE,
          parent_id: 'd'.repeat(16),
          type: 'SPAN',
          name: 'step',
          ...at(200),
          metadata: { ...inStep, 'spoor.step.index': 0, 'spoor.step.state': 'home' },
        },
        { id: 'd'.repeat(16), trace_id: TRACE, type: 'SPAN', name: 'session buy', ...at(100) },
        {
          id: 'b'.repeat(16),
          trace_id: TRACE,
          amends: 'step',
          target_id: 'st',
          amended_at: '2026-11-22T15:09:00.000Z',
          metadata: { ...inStep, 'spoor.step.eval_score': 1 },
        },
      ),
    );
    await writeFile(
      join(folder, 'traces_20261122.jsonl'),
      lines(
        {
          trace_id: TRACE,
          session_id: 'ses',
          name: 'buy',
          input: 'Buy tea',
          user_id: 'u',
          tags: ['t'],
          status: 'success',
          ...at(100),
          metadata: { 'spoor.session.is_successful': true, n: '1' },
        },
        {
          trace_id: TRACE,
          amends: 'session',
          target_id: 'ses',
          amended_at: '2026-11-22T15:10:00.000Z',
          session_id: 'ses',
          metadata: { 'spoor.session.eval': 4 },
        },
      ),
    );
    const files = ['observations_20261122.jsonl', 'traces_20261122.jsonl'].map((name) => join(folder, name));
    expect(await runCli(['import', ...files, '--data', data])).toEqual({
      code: 0,
      err: '',
      out: `6 spans imported into ${data}.\n`,
    });
    const first = await shown(data);
    expect(first.session).toMatchObject({
      id: 'ses',
      name: 'buy',
      task: 'Buy tea',
      userId: 'u',
      tags: ['t'],
      isSuccessful: true,
      eval: 4,
      metadata: { n: '1' },
      stepCount: 1,
      generationCount: 1,
      toolCount: 1,
    });
    expect(first.steps).toMatchObject([{ id: 'st', state: 'home', evalScore: 1, index: 0 }]);
    expect(first.observations).toMatchObject([
      {
        type: 'TOOL',
        tool: { name: 'find', arguments: { q: 1 }, result: [1] },
        metadata: { k: 'v' },
        stepId: 'st',
      },
      {
        type: 'GENERATION',
        requestModel: 'm-1',
        status: 'error',
        statusMessage: 'too slow',
        level: 'ERROR',
        usage: { input: 3, output: 4 },
        inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
        output: 'hello',
      },
    ]);
    await runCli(['import', ...files, '--data', data]);
    const again = await shown(data);
    const { updatedMs: _one, ...before } = first.session;
    const { updatedMs: _two, ...after } = again.session;
    expect({ ...again, session: after }).toEqual({ ...first, session: before });
  });

  test('reads the former names of fields, ids that are no hex, and counts bad lines', async () => {
    const folder = await makeFolder();
    const traceId = '123e4567-e89b-12d3-a456-426614174000';
    await writeFile(
      join(folder, 'traces.jsonl'),
      lines({
        id: traceId,
        name: 'run',
        session_id: 's1',
        start_time: '2025-11-01T10:00:00',
        end_time: '2025-11-01T10:00:02',
      }),
    );
    await writeFile(
      join(folder, 'observations.jsonl'),
      `${lines(
        {
          id: 'obs-1',
          trace_id: traceId,
          type: 'agent',
          name: 'plan',
          start_time: '2025-11-01T10:00:00',
          end_time: '2025-11-01T10:00:02',
        },
        {
          id: 'obs-2',
          trace_id: traceId,
          parent_observation_id: 'obs-1',
          type: 'generation',
          name: 'ask',
          model: 'm',
          prompt_tokens: 5,
          completion_tokens: 6,
          llm_parameters: { temperature: 0 },
          start_time: '2025-11-01T10:00:01.5',
          end_time: '2025-11-01T10:00:02',
        },
      )}{"torn`,
    );
    const data = join(folder, 'data');
    const files = [join(folder, 'observations.jsonl'), join(folder, 'traces.jsonl')];
    const { code, out, err } = await runCli(['import', ...files, '--data', data]);
    expect({ code, out }).toEqual({ code: 1, out: `3 spans imported into ${data}, 1 bad lines.\n` });
    expect(err).toMatch(/observations\.jsonl:3: The body is not JSON/);
    const { session, observations } = await shown(data);
    expect(session).toMatchObject({ id: 's1', traceIds: ['123e4567e89b12d3a456426614174000'] });
    expect(observations).toMatchObject([
      { id: hex('obs-1'), type: 'AGENT', startMs: Date.parse('2025-11-01T10:00:00Z') },
      {
        id: hex('obs-2'),
        parentId: hex('obs-1'),
        type: 'GENERATION',
        usage: { input: 5, output: 6 },
        parameters: { temperature: 0 },
      },
    ]);
  });

  test('sends requests of OTLP/JSON to a running translator', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'dump.json');
    await writeFile(file, JSON.stringify(JSON.parse(traceRequestJson(SESSION, CALL)), undefined, 2));
    const { url, store } = await runTranslator();
    const { code, out } = await runCli(['import', file, '--json'], { env: { SPOOR_URL: url } });
    expect({ code, counts: JSON.parse(out) as object }).toEqual({
      code: 0,
      counts: { spans: 2, badLines: 0, bad: [], isWhole: true, to: url },
    });
    expect((await store.stats()).spans).toBe(2);
  });

  test.each([
    [['import'], '<files…> is missing.'],
    [['import', '/nowhere/at/all.jsonl'], '"/nowhere/at/all.jsonl" cannot be read'],
  ])('%j is refused with code 2', async (args, message) => {
    const data = await makeFolder();
    const { code, err } = await runCli([...args, '--data', data]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('export', () => {
  test.each(['otlp', 'jsonl'])('as %s is what import reads', async (format) => {
    const folder = await makeFolder();
    const file = join(folder, 'out.json');
    expect(await runExport('latest', '--format', format, '--out', file)).toEqual({
      code: 0,
      out: '',
      err: '2 spans written.\n',
    });
    const data = join(folder, 'data');
    expect(await runCli(['import', file, '--data', data])).toMatchObject({
      code: 0,
      out: `2 spans imported into ${data}.\n`,
    });
    expect((await shown(data)).session).toMatchObject({ id: 'run-1', task: HOSTILE });
  });

  test('as CSV has a header, lines that end as RFC 4180 says, and no formulas', async () => {
    const { code, out } = await runExport('--all', '--format', 'csv');
    const [header = '', row = '', ...rest] = out.split('\r\n');
    expect({ code, rest }).toEqual({ code: 0, rest: [''] });
    expect(header).toMatch(/^session_id,session_name,step_id,/);
    expect(row).toMatch(/^run-1,buyer,/);
    expect(csvRecord(['=1+1', '@x', '+y', '-z', '\tt', 'a"b', 'c,d', -2, true, null])).toBe(
      `'=1+1,'@x,'+y,'-z,'\tt,"a""b","c,d",-2,true,\r\n`,
    );
  });

  test('as NDJSON has the same plain columns in every row', async () => {
    const { out } = await runExport('run-1', '--format', 'ndjson');
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toMatchObject([
      { session_id: 'run-1', type: 'GENERATION', request_model: 'm-1', cost: null },
    ]);
    for (const value of Object.values(rows[0] ?? {}))
      expect(['string', 'number', 'boolean', 'object']).toContain(typeof value);
    expect(Object.values(rows[0] ?? {}).every((value) => value === null || typeof value !== 'object')).toBe(
      true,
    );
  });

  test('as Mermaid is a sequence of calls in which no text is markup', async () => {
    const { out } = await runExport('latest', '--format', 'mermaid');
    expect(out).toBe(`\
sequenceDiagram
  participant p0 as buyer
  participant p1 as m-1
  p0->>p1: chat m-1
  p1-->>p0: 1 ms
`);
  });

  test('as HTML is one page that loads and runs nothing, in which text is text', async () => {
    const { out } = await runExport('latest', '--format', 'html');
    expect(out).not.toContain('<script');
    expect(out).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(out).not.toMatch(/(?:src|href|action)=|url\(|@import/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(out)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(out).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`);
  });

  test.each([
    [['export'], 'Name a session, `latest`, or give --all.'],
    [['export', 'x', '--all'], 'Give a session or --all, not both.'],
    [
      ['export', 'x', '--format', 'pdf'],
      '--format takes otlp, jsonl, csv, ndjson, mermaid, html, not "pdf".',
    ],
    [['export', '--all', '--format', 'html'], '--format html shows one session: name it instead of --all.'],
  ])('%j is refused with code 2', async (args, message) => {
    const { code, err } = await runCli(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('translate', () => {
  test('rewrites a file, and tells bad lines with their numbers', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'in.jsonl');
    const out = join(folder, 'out.jsonl');
    await writeFile(file, `${traceRequestJson(CALL)}\n{"torn\n${traceRequestJson(SESSION)}\n`);
    const run = await runCli(['translate', file, '--to', 'openinference', '--out', out]);
    expect(run).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /in\.jsonl:2: The body is not JSON.*\n2 spans, 2 rewritten as openinference, 1 bad lines\.\n$/s,
      ),
    });
    const written = await readFile(out, 'utf8');
    expect(written.trim().split('\n')).toHaveLength(2);
    expect(written).toContain('"key":"openinference.span.kind","value":{"stringValue":"LLM"}');
  });

  test('says what it takes', async () => {
    const { code, err } = await runCli(['translate', '-', '--to', 'zipkin']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /"zipkin" is no dialect to write: give one of spoor, otel-genai, openinference, openllmetry, langfuse\./,
    );
    expect((await runCli(['help', 'translate'])).out).toContain(
      'otel-genai, openinference, openllmetry, langfuse',
    );
  });
});

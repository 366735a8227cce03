import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstalledApp, type InstalledApp, type RunOptions } from '../../support/installed-app.js';
import { startOtlpSink, type OtlpSink } from '../../support/otlp-sink.js';
import { readTraceFiles, type TraceLine } from '../../support/trace-files.js';

let app: InstalledApp;
let sink: OtlpSink;
let folder: string;

beforeAll(() => {
  app = createInstalledApp();
});
afterAll(() => app.remove());
beforeEach(async () => {
  sink = await startOtlpSink();
  folder = mkdtempSync(join(app.folder, 'traces-'));
});
afterEach(() => sink.close());

async function run(
  body: string,
  options: RunOptions = {},
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  app.write('app.mjs', `import * as spoor from 'spoor';\nconst folder = ${JSON.stringify(folder)};\n${body}`);
  const { stdout, stderr, code } = await app.run('app.mjs', { nodeArgs: [], ...options });
  return { stdout, stderr, code };
}

const names = (lines: readonly TraceLine[]): unknown[] => lines.map(({ name }) => name);

describe('files', () => {
  it('have everything when the program exits at once', async () => {
    const result = await run(`
      spoor.init({ storage: 'file', basePath: folder });
      spoor.startSession({ name: 'demo' });
      spoor.createStep({ name: 'one' });
      spoor.startObservation({ name: 'done' }).end();
      process.exit(3);`);
    expect(result).toEqual({ code: 3, stdout: '', stderr: '' });
    const { traces, observations } = readTraceFiles(folder);
    expect(names(observations)).toEqual(['done', 'step one', 'session demo']);
    expect(traces).toMatchObject([
      { name: 'demo', end_time: expect.any(String) as string, metadata: { 'spoor.session.exit_code': 3 } },
    ]);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('have everything after %s', async (signal, exitCode) => {
    app.write(
      'wait.mjs',
      `import * as spoor from 'spoor';
       spoor.init({ storage: 'file', basePath: process.env.FOLDER });
       spoor.startSession({ name: 'demo' });
       spoor.startObservation({ name: 'done' }).end();
       setInterval(() => {}, 1000); console.log('ready');`,
    );
    const result = await app.run('wait.mjs', {
      nodeArgs: [],
      env: { FOLDER: folder },
      onLine: { ready: (child) => void child.kill(signal) },
    });
    expect(result).toMatchObject({ signal, stderr: '' });
    const { traces, observations } = readTraceFiles(folder);
    expect(names(observations)).toEqual(['done', 'session demo']);
    expect(traces).toMatchObject([{ metadata: { 'spoor.session.exit_code': exitCode } }]);
  });

  it('have everything after an uncaught error', async () => {
    const result = await run(`
      spoor.init({ storage: 'file', basePath: folder });
      spoor.startSession({ name: 'demo' });
      spoor.startObservation({ name: 'done' }).end();
      throw new TypeError('mine');`);
    expect(result.code).toBe(1);
    const { traces, observations } = readTraceFiles(folder);
    expect(names(observations)).toContain('done');
    expect(traces).toMatchObject([
      { name: 'demo', status: 'error', metadata: { 'spoor.session.end_reason': 'crash' } },
    ]);
  });

  it('have a trace that is still open when it is left open', async () => {
    await run(`
      spoor.init({ storage: 'file', basePath: folder, autoEnd: false });
      spoor.startSession({ id: 'open', name: 'demo' });
      spoor.startObservation({ name: 'done' }).end();`);
    const { traces, observations } = readTraceFiles(folder);
    expect(names(observations)).toEqual(['done']);
    expect(traces).toEqual([
      {
        trace_id: observations[0]?.['trace_id'],
        session_id: 'open',
        name: 'demo',
        start_time: expect.any(String) as string,
        metadata: { 'service.name': 'the-app' },
      },
    ]);
  });

  it('have whole lines of several processes that write at once', async () => {
    app.write(
      'many.mjs',
      `import { init, startObservation } from 'spoor';
       init({ storage: 'file', basePath: process.env.FOLDER });
       for (let index = 0; index < 1500; index += 1) {
         startObservation({ name: process.env.WHO + index, input: 'x'.repeat(index * 3) }).end();
         if (index % 50 === 0) await new Promise(setImmediate);
       }`,
    );
    const who = ['a', 'b', 'c'];
    const results = await Promise.all(
      who.map((WHO) => app.run('many.mjs', { nodeArgs: [], env: { FOLDER: folder, WHO } })),
    );
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(who.map(() => [0, '']));
    const { traces, observations } = readTraceFiles(folder);
    expect(new Set(names(observations)).size).toBe(4500);
    expect(new Set(names(traces)).size).toBe(4500);
    expect(observations).toHaveLength(4500);
  });

  it('leave the program alone when they cannot be written', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const result = await run(`
      const handle = spoor.init({ storage: 'file', basePath: folder });
      console.log(spoor.withObservation({ name: 'x' }, () => 'mine'));
      console.log((await handle.flush()).pending);`);
    expect(result).toEqual({ code: 0, stdout: 'mine\n1\n', stderr: '' });
  });

  it('are written from the environment alone, with content, because it stays on this machine', async () => {
    const result = await run(`spoor.withObservation({ name: 'x', input: 'hi' }, () => 1);`, {
      nodeArgs: ['--import', 'spoor/register'],
      env: { SPOOR_STORAGE: 'file', SPOOR_BASE_PATH: folder, SPOOR_ENDPOINT: 'http://192.0.2.1:1' },
    });
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readTraceFiles(folder).observations).toMatchObject([{ name: 'x', input: 'hi' }]);
  });

  it('lie beside the spans of an app that has a provider of its own', async () => {
    const result = await run(`
      import { trace } from '@opentelemetry/api';
      import { NodeTracerProvider, SimpleSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
      const exporter = new InMemorySpanExporter();
      trace.setGlobalTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
      spoor.init({ storage: 'file', basePath: folder, forward: 'all' });
      spoor.withSession({ id: 's' }, () => trace.getTracer('app').startSpan('foreign').end());
      console.log(exporter.getFinishedSpans().length);`);
    expect(result).toMatchObject({ code: 0, stdout: '2\n' });
    expect(readTraceFiles(folder).observations).toMatchObject([
      { name: 'foreign', metadata: { 'session.id': 's' } },
      { name: 'session' },
    ]);
  });
});

describe('several storages', () => {
  it('all get the spans, masked', async () => {
    const result = await run(
      `
      const handle = spoor.init({
        storage: ['http', 'file', 'memory', 'console'],
        basePath: folder, endpoint: process.env.SINK, mask: (text) => text.replaceAll('Jane', 'X'),
      });
      spoor.withObservation({ name: 'x', input: 'Jane' }, () => 1);
      const counts = await handle.flush();
      console.log('counts', counts.delivered, counts.pending);
      const [span] = handle.finishedSpans();
      console.log('memory', span.name, span.attributes['spoor.observation.input'], handle.finishedSpans().length);
      handle.clearSpans();
      console.log('cleared', handle.finishedSpans().length);`,
      { env: { SINK: sink.url } },
    );
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^counts 4 0\nmemory x X 1\ncleared 0$/m);
    expect(result.stdout).toContain("'spoor.observation.input': 'X'");
    expect(result.stdout).not.toContain('Jane');
    expect(sink.spans.map(({ name, attributes }) => [name, attributes['spoor.observation.input']])).toEqual([
      ['x', 'X'],
    ]);
    expect(readTraceFiles(folder).observations).toMatchObject([{ input: 'X' }]);
  });

  it('keep files while the receiver is away', async () => {
    await run(`
      spoor.init({ storage: ['otlp', 'file'], basePath: folder, endpoint: 'http://127.0.0.1:9', durability: 'memory' });
      spoor.withObservation({ name: 'x' }, () => 1);`);
    expect(names(readTraceFiles(folder).traces)).toEqual(['x']);
  });

  it('that are none record nothing', async () => {
    const result = await run(`
      spoor.init({ storage: 'none', basePath: folder });
      console.log(spoor.startObservation({ name: 'x' }).id === '');`);
    expect(result).toEqual({ code: 0, stdout: 'true\n', stderr: '' });
    expect(sink.requests).toEqual([]);
  });
});

describe('a .env that the program loads', () => {
  it.each([[[]], [['--import', 'spoor/register']]])(
    'is in force from then on, under %j',
    async (nodeArgs) => {
      app.write('env/.env', `SPOOR_STORAGE=file\nSPOOR_BASE_PATH=${folder}\nSPOOR_SESSION=job\n`);
      const result = await run(
        `
      console.log(spoor.loadEnv('env'), spoor.loadEnv('nowhere'));
      spoor.init();
      spoor.startObservation({ name: 'x' }).end();`,
        { nodeArgs },
      );
      expect(result).toEqual({ code: 0, stdout: 'true false\n', stderr: '' });
      expect(names(readTraceFiles(folder).traces)).toEqual(['job']);
    },
  );

  it('also counts after init, for what was not given in code', async () => {
    app.write('env/.env', `SPOOR_STORAGE=none\nSPOOR_SESSION=job\n`);
    await run(`
      spoor.init({ storage: 'file', basePath: folder });
      spoor.loadEnv('env');
      spoor.startObservation({ name: 'x' }).end();`);
    expect(names(readTraceFiles(folder).traces)).toEqual(['job']);
  });

  it('is not read unasked', async () => {
    app.write('.env', `SPOOR_STORAGE=file\nSPOOR_BASE_PATH=${folder}\n`);
    await run(`spoor.init({ endpoint: process.env.SINK }); spoor.startObservation({ name: 'x' }).end();`, {
      env: { SINK: sink.url },
    });
    rmSync(join(app.folder, '.env'));
    expect(sink.spans.map(({ name }) => name)).toEqual(['x']);
    expect(readTraceFiles(folder)).toEqual({ traces: [], observations: [] });
  });
});

describe('recording', () => {
  it('takes the arguments of agents by itself, masked', async () => {
    const file = join(folder, 'rec/args.jsonl');
    const result = await run(
      `
      const handle = spoor.agent(async function handle(request, send) { send(request.text); return 1; });
      const look = spoor.tool(function look(query) { return query; });
      await handle({ text: look('hi'), api_key: 'k' }, console.log);
      await handle({ text: 'again' }, console.log);`,
      {
        nodeArgs: ['--import', 'spoor/register'],
        env: { FLUXLOOP_RECORD_ARGS: 'true', SPOOR_RECORDING_FILE: file, SPOOR_STORAGE: 'memory' },
      },
    );
    expect(result).toEqual({ code: 0, stdout: 'hi\nagain\n', stderr: '' });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        _version: '1',
        iteration: 0,
        target: 'handle',
        args: [],
        kwargs: { request: { text: 'hi', api_key: '[masked]' }, send: '<callable:log>' },
      },
      { iteration: 1, target: 'handle', kwargs: { request: { text: 'again' } } },
    ]);
  });

  it('is off unless it was asked for', async () => {
    await run(`spoor.init({ storage: 'memory' }); spoor.agent(function handle() {})();`);
    expect(existsSync(join(app.folder, 'recordings'))).toBe(false);
  });
});

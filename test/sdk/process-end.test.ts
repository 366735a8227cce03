import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';
import { startOtlpSink, type OtlpSink } from '../support/otlp-sink.js';

let app: InstalledApp;
let sink: OtlpSink;
const endpoint = (): Record<string, string> => ({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url });
const names = (): string[] => sink.spans.map((span) => span.name).toSorted();

beforeAll(() => {
  app = createInstalledApp();
  const start = `import { createStep, startSession } from 'spoor';\nstartSession({ name: 'demo' });\ncreateStep({ name: 'one' });\n`;
  app.write('natural.mjs', start);
  app.write('natural.cjs', `const { startSession } = require('spoor');\nstartSession({ name: 'demo' });\n`);
  app.write('exit.mjs', `${start}setTimeout(() => process.exit(3), 1);`);
  app.write('exit-code.mjs', `${start}process.exitCode = 4;`);
  app.write('throw.mjs', `${start}throw new TypeError('mine');`);
  app.write('wait.mjs', `${start}setInterval(() => {}, 1000); console.log('ready');`);
  app.write(
    'own-handler.mjs',
    `process.on('SIGINT', () => setTimeout(() => process.exit(7), 50));\n${start}setInterval(() => {}, 1000); console.log('ready');`,
  );
  app.write('idle.mjs', `console.log('ran');`);
  app.write('twice.mjs', `import 'spoor/register';\n${start}`);
  app.write(
    'worker.mjs',
    `import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./natural.mjs', import.meta.url));`,
  );
  app.write(
    'own-provider.mjs',
    `import { BatchSpanProcessor, ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { trace } from '@opentelemetry/api';
import { withSession } from 'spoor';
class Names { export(spans, done) { for (const s of spans) console.log(s.name, s.attributes['session.id']); done({ code: 0 }); } shutdown() { return Promise.resolve(); } }
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new Names())] });
console.log('registered', trace.setGlobalTracerProvider(provider));
withSession({ id: 's', name: 'demo' }, () => trace.getTracer('app').startSpan('foreign').end());`,
  );
});
afterAll(() => app.remove());
beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(() => sink.close());

describe('the natural end', () => {
  it.each([
    ['natural.mjs', ['--import', 'spoor/register']],
    ['natural.cjs', ['--import', 'spoor/register']],
    ['natural.cjs', ['--require', 'spoor/register']],
    ['natural.mjs', []],
  ])('of %s under %j ends what is open and sends it', async (file, nodeArgs) => {
    const env =
      nodeArgs.length === 0 ? { ...endpoint(), NODE_OPTIONS: '--import=spoor/register' } : endpoint();
    const result = await app.run(file, { env, nodeArgs });
    expect([result.code, result.stderr]).toEqual([0, '']);
    const session = sink.spans.find((span) => span.name === 'session demo');
    expect(session?.attributes).toMatchObject({
      'spoor.session.end_reason': 'exit',
      'spoor.session.exit_code': 0,
    });
    expect(session?.resource).toMatchObject({ 'service.name': 'the-app', 'telemetry.distro.name': 'spoor' });
  });

  it('keeps the exit code that the program set', async () => {
    const result = await app.run('exit-code.mjs', { env: endpoint() });
    expect(result.code).toBe(4);
    expect(names()).toEqual(['session demo', 'step one']);
    expect(
      sink.spans.find((span) => span.name === 'session demo')?.attributes['spoor.session.exit_code'],
    ).toBe(4);
  });

  it('is not delayed by a collector that is down', async () => {
    const idle = await app.run('idle.mjs', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
    const result = await app.run('natural.mjs', {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    });
    expect([result.code, result.stderr]).toEqual([0, '']);
    // The bound of a drain is 2000 ms; a dead address must not use it up.
    expect(result.ms - idle.ms).toBeLessThan(2000);
  });

  it('waits for a collector that does not answer, but no longer than its bound', async () => {
    sink.answers.push('hang', 'hang', 'hang');
    const result = await app.run('natural.mjs', { env: { ...endpoint(), SPOOR_SHUTDOWN_TIMEOUT: '500' } });
    expect(result.code).toBe(0);
    expect(result.ms).toBeLessThan(8000);
    expect(sink.requests).toHaveLength(1);
  });

  it('happens once though the preload is loaded twice', async () => {
    await app.run('twice.mjs', {
      env: endpoint(),
      nodeArgs: ['--import', 'spoor/register', '--import', 'spoor/register'],
    });
    expect(names()).toEqual(['session demo', 'step one']);
  });

  it('is seen in a worker too', async () => {
    const result = await app.run('worker.mjs', { env: endpoint() });
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(names()).toEqual(['session demo', 'step one']);
  });
});

describe('other ends', () => {
  it('keep the code of process.exit', async () => {
    expect((await app.run('exit.mjs', { env: endpoint() })).code).toBe(3);
  });

  it('keep the code and the report of an uncaught error', async () => {
    const plain = await app.run('throw.mjs', { nodeArgs: [], env: endpoint() });
    const traced = await app.run('throw.mjs', { env: endpoint() });
    expect(traced.code).toBe(1);
    expect(traced.stderr).toBe(plain.stderr);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s send what is open and die by the signal', async (signal) => {
    const result = await app.run('wait.mjs', {
      env: endpoint(),
      onLine: { ready: (child) => child.kill(signal) },
    });
    expect([result.signal, result.stderr]).toEqual([signal, '']);
    expect(names()).toEqual(['session demo', 'step one']);
    const session = sink.spans.find((span) => span.name === 'session demo');
    expect(session?.attributes).toMatchObject({
      'spoor.session.end_reason': signal,
      'spoor.session.exit_code': signal === 'SIGINT' ? 130 : 143,
    });
  });

  it('leave a signal to the handler of the app', async () => {
    const result = await app.run('own-handler.mjs', {
      env: endpoint(),
      onLine: { ready: (child) => child.kill('SIGINT') },
    });
    expect(result.code).toBe(7);
  });
});

describe('the preload', () => {
  it('does nothing when it is switched off', async () => {
    const result = await app.run('natural.mjs', { env: { ...endpoint(), OTEL_SDK_DISABLED: 'true' } });
    expect([result.code, result.stderr, sink.requests]).toEqual([0, '', []]);
  });

  it('prints nothing and sends nothing for a program that makes no span', async () => {
    const result = await app.run('idle.mjs', { env: endpoint() });
    expect([result.code, result.stdout, result.stderr, sink.requests]).toEqual([0, 'ran\n', '', []]);
  });

  it('leaves the registration to the app, records into its provider and adds its own export when asked', async () => {
    const own = await app.run('own-provider.mjs', { env: { ...endpoint(), SPOOR_ENDPOINT: sink.url } });
    expect([own.code, own.stdout, own.stderr]).toEqual([
      0,
      'registered true\nforeign s\nsession demo s\n',
      '',
    ]);
    expect(names()).toEqual(['session demo']);
    sink.spans.length = 0;
    const all = { ...endpoint(), SPOOR_ENDPOINT: sink.url, SPOOR_FORWARD: 'all' };
    await app.run('own-provider.mjs', { env: all });
    expect(names()).toEqual(['foreign', 'session demo']);
    sink.spans.length = 0;
    await app.run('own-provider.mjs', { env: endpoint() });
    expect(names()).toEqual([]);
  });

  it('survives trouble of its own, with a program that runs as it was', async () => {
    const result = await app.run('natural.mjs', {
      env: { ...endpoint(), SPOOR_MODE: 'nonsense', OTEL_TRACES_SAMPLER: 'nonsense' },
    });
    expect([result.code, result.stderr]).toEqual([0, '']);
  });

  const system = '/usr/bin/node';
  it.skipIf(!existsSync(system))('prints no warning on the Node of the system', async () => {
    const result = await app.run('natural.mjs', { env: endpoint(), node: system });
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(names()).toEqual(['session demo', 'step one']);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';
import { startOtlpSink, type OtlpSink } from '../support/otlp-sink.js';

let app: InstalledApp;
let sink: OtlpSink;
beforeAll(() => {
  app = createInstalledApp();
});
afterAll(() => app.remove());
beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(() => sink.close());

async function run(body: string, env: Record<string, string> = {}): Promise<string> {
  app.write('app.mjs', `import * as spoor from 'spoor';\n${body}`);
  const { stdout } = await app.run('app.mjs', { nodeArgs: [], env: { SINK: sink.url, ...env } });
  return stdout;
}
const sessionsOf = (part: string): unknown[] =>
  sink.spans.filter(({ name }) => name === part).map(({ attributes }) => attributes['session.id']);
const names = (): string[] => sink.spans.map((span) => span.name).toSorted();

const besideAnApp = (options: string): string => `
  import { trace } from '@opentelemetry/api';
  import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
  const theirs = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(theirs)] }));
  const handle = spoor.init({ endpoint: process.env.SINK, ${options} });
  spoor.withSession({ name: 's', task: 'with sk-proj-a1B2a1B2a1B2a1B2a1B2' }, () => undefined);
  const { delivered, sampledOut } = await handle.flush();
  const [{ attributes }] = theirs.getFinishedSpans();
  console.log(attributes['spoor.session.task'], delivered, sampledOut);`;

const chosenTrace = (before: string): string => `
  import { trace } from '@opentelemetry/api';
  import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
  ${before}
  const handle = spoor.init({ endpoint: process.env.SINK });
  spoor.instrument({ name: 'mine', traceId: spoor.traceIdFrom('x') }, () => undefined);
  await handle.flush();
  console.log(spoor.traceIdFrom('x'));`;

describe('a program that keeps what failed', () => {
  it('says what became of the rest', async () => {
    const stdout = await run(`
      const handle = spoor.init({ endpoint: process.env.SINK, keep: { failed: true } });
      spoor.withSession({ name: 'well' }, () => spoor.startObservation({ name: 'x' }).end());
      spoor.withSession({ name: 'bad' }, (session) => session.end({ isSuccessful: false }));
      spoor.startSession({ name: 'open' });
      spoor.startObservation({ name: 'held' }).end();
      const { delivered, held, sampledOut } = await handle.flush();
      console.log(JSON.stringify({ delivered, held, sampledOut }));`);
    expect(stdout).toBe('{"delivered":1,"held":1,"sampledOut":2}\n');
    // The end of the process ends the session, and all was well.
    expect(names()).toEqual(['session bad']);
  });

  it('keeps a session that the program dies in', async () => {
    await run(`
      spoor.init({ endpoint: process.env.SINK, keep: { failed: true } });
      spoor.startSession({ name: 'dying' });
      spoor.startObservation({ name: 'before' }).end();
      setTimeout(() => { throw new Error('dead'); }, 5);`);
    await sink.until(({ spans }) => spans.length >= 2);
    expect(names()).toEqual(expect.arrayContaining(['before', 'session dying']));
  });

  it('keeps what is undecided when sessions outlive the process', async () => {
    await run(`
      spoor.init({ endpoint: process.env.SINK, keep: { failed: true }, autoEnd: false });
      spoor.startSession({ name: 'goes on' });
      spoor.startObservation({ name: 'held' }).end();`);
    await sink.until(({ spans }) => spans.length >= 1);
    expect(names()).toEqual(['held']);
  });
});

describe('a program that samples', () => {
  it('records all of a session or nothing, in every process', async () => {
    const body = `
      spoor.init({ endpoint: process.env.SINK });
      for (let index = 0; index < 20; index += 1)
        spoor.bindSession('user-' + index, () => spoor.startObservation({ name: process.env.PART }).end());`;
    for (const part of ['a', 'b']) await run(body, { SPOOR_SAMPLE: '0.5', PART: part });
    expect(sessionsOf('a')).toEqual(sessionsOf('b'));
    expect(sessionsOf('a').length).toBeGreaterThan(2);
    expect(sessionsOf('a').length).toBeLessThan(18);
  });

  it('leaves the choice to the sampler of the app, and our own copy to the option', async () => {
    expect(await run(besideAnApp('sample: 0'))).toBe('with [masked] 0 1\n');
    expect(await run(besideAnApp('sample: 1'))).toBe('with [masked] 1 undefined\n');
    expect(
      await run(besideAnApp(''), { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }),
    ).toBe('with [masked] 1 undefined\n');
  });

  it('gives a chosen trace a true root, and beside an app a parent that is only named', async () => {
    const traceId = (await run(chosenTrace(''))).trim();
    await run(chosenTrace('trace.setGlobalTracerProvider(new NodeTracerProvider());'));
    expect(sink.spans.map((span) => [span.traceId, (span.parentSpanId ?? '') === ''])).toEqual([
      [traceId, true],
      [traceId, false],
    ]);
  });
});

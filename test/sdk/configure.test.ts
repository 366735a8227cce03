import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
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

async function run(
  body: string,
  nodeArgs: string[] = [],
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  app.write(
    'app.mjs',
    `import { init, configure, startObservation, withSession, SpoorError } from 'spoor';\n${body}`,
  );
  const { stdout, stderr, code } = await app.run('app.mjs', {
    nodeArgs,
    env: { SINK: sink.url, SPOOR_DEBUG: '1' },
  });
  return { stdout, stderr, code };
}

const bodyOf = (mode: string): string => `
  import { trace } from '@opentelemetry/api';
  init({ endpoint: process.env.SINK, mode: '${mode}' });
  withSession({ id: 's' }, () => trace.getTracer('app').startSpan('foreign').end());`;

describe('init', () => {
  it('sends to its endpoint and says what became of the spans', async () => {
    const result = await run(`
      const spoor = init({ endpoint: process.env.SINK, serviceName: 'mine', mask: (text) => text.replaceAll('Jane', 'X') });
      withSession({ id: 's', task: 'for Jane' }, () => startObservation({ name: 'x' }).end());
      console.log(JSON.stringify(await spoor.flush()));`);
    expect(result).toEqual({
      code: 0,
      stderr: '',
      stdout: `${JSON.stringify({ delivered: 2, dropped: 0, rejected: 0, pending: 0, journaled: 0 })}\n`,
    });
    expect(
      sink.spans.map((span) => [span.name, span.attributes['session.id'], span.resource['service.name']]),
    ).toEqual([
      ['x', 's', 'mine'],
      ['session', 's', 'mine'],
    ]);
    expect(sink.spans[1]?.attributes['spoor.session.task']).toBe('for X');
  });

  it('twice makes one pipeline, one span each and no more listeners', async () => {
    const result = await run(
      `
      const count = () => ['beforeExit', 'exit', 'SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name)).join();
      const a = init({ endpoint: process.env.SINK });
      startObservation({ name: 'x' }).end();
      const before = count();
      const b = configure({ agentId: 'agent' });
      init();
      startObservation({ name: 'y' }).end();
      withSession({}, () => undefined);
      console.log(a === b, before === count());
      await Promise.all([a.flush(), b.flush()]);`,
      ['--import', 'spoor/register'],
    );
    expect(result).toEqual({ code: 0, stderr: '', stdout: 'true true\n' });
    expect(sink.spans.map((span) => span.name)).toEqual(['x', 'y', 'session']);
    expect(sink.spans[2]?.attributes['gen_ai.agent.id']).toBe('agent');
  });

  it('changes nothing when an option is wrong', async () => {
    const result = await run(`
      init({ endpoint: process.env.SINK, serviceName: 'first' });
      for (const wrong of [{ serviceName: 'second', endpont: 'x' }, { serviceName: 'third', timeoutMs: -1 }]) {
        try { init(wrong); } catch (error) { console.log(error instanceof SpoorError, error.code); }
      }
      startObservation({ name: 'x' }).end();`);
    expect(result.stdout).toBe('true SPOOR_OPTION_UNKNOWN\ntrue SPOOR_OPTION_INVALID\n');
    expect(sink.spans.map((span) => span.resource['service.name'])).toEqual(['first']);
  });

  it('says once that an option comes too late', async () => {
    const result = await run(`
      init({ endpoint: process.env.SINK });
      startObservation({ name: 'x' }).end();
      init({ serviceName: 'late' });
      init({ serviceName: 'later' });`);
    expect(result.stderr.match(/too late: serviceName/g)).toHaveLength(1);
  });

  it('can start anew after a shutdown', async () => {
    const result = await run(`
      const first = init({ endpoint: process.env.SINK, serviceName: 'one' });
      startObservation({ name: 'a' }).end();
      await first.shutdown();
      startObservation({ name: 'nowhere' }).end();
      const second = init({ endpoint: process.env.SINK, serviceName: 'two' });
      startObservation({ name: 'b' }).end();
      await second.shutdown();
      console.log(['beforeExit', 'SIGINT'].map((name) => process.listenerCount(name)).join());`);
    expect([result.code, result.stdout]).toEqual([0, '0,0\n']);
    expect(sink.spans.map((span) => [span.name, span.resource['service.name']])).toEqual([
      ['a', 'one'],
      ['b', 'two'],
    ]);
  });

  it('registers globally only in mode global, and shares the app spans then', async () => {
    await run(bodyOf('auto'));
    expect(sink.spans.map((span) => span.name)).toEqual(['session']);
    sink.spans.length = 0;
    await run(bodyOf('global'));
    expect(sink.spans.map((span) => [span.name, span.attributes['session.id']])).toEqual([
      ['foreign', 's'],
      ['session', 's'],
    ]);
    sink.spans.length = 0;
    await run(bodyOf('join'));
    expect(sink.spans).toEqual([]);
  });
});

describe('the preload', () => {
  const root = fileURLToPath(new URL('../../dist/src/', import.meta.url));
  it('statically imports a few small files of ours alone', () => {
    const { packages, files } = staticImports(join(root, 'register.js'));
    expect(files.size).toBeGreaterThan(5);
    expect(files.size).toBeLessThan(15);
    expect(packagesOf(packages)).toEqual([]);
  });

  it('imports the API and the hooks with the first SDK, and no OpenTelemetry SDK', () => {
    const { packages, files } = staticImports(join(root, 'preload.js'));
    expect(files.size).toBeGreaterThan(10);
    expect(packagesOf(packages)).toEqual(['@opentelemetry/api', '@opentelemetry/instrumentation']);
  });
});

function packagesOf(packages: ReadonlySet<string>): string[] {
  return [...packages].filter((name) => !name.startsWith('node:')).toSorted();
}

function staticImports(entry: string): { packages: Set<string>; files: Set<string> } {
  const packages = new Set<string>();
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["'];/gm,
    )) {
      if (specifier === undefined) continue;
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return { packages, files };
}

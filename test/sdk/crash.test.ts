import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createInstalledApp,
  type InstalledApp,
  type RunOptions,
  type RunResult,
} from '../support/installed-app.js';

/** What a process leaves behind is written synchronously, span by span, by an exporter of the app itself. */
const RECORD = `
import { appendFileSync } from 'node:fs';
import { trace } from '@opentelemetry/api';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
class Lines {
  export(spans, done) {
    for (const span of spans) {
      const { name, attributes, status } = span;
      appendFileSync(process.env.SPANS_FILE, JSON.stringify({ name, attributes, status }) + '\\n');
    }
    done({ code: 0 });
  }
  shutdown() { return Promise.resolve(); }
}
trace.setGlobalTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new Lines())] }));
`;
const SESSIONS = `
import { createStep, startSession } from 'spoor';
startSession({ id: 'a', name: 'first' });
startSession({ id: 'b', name: 'second' });
createStep({ name: 'one' });
`;

interface Line {
  name: string;
  attributes: Record<string, unknown>;
  status: { code: number; message?: string };
}

let app: InstalledApp;
let file: string;
let runs = 0;

beforeAll(() => {
  app = createInstalledApp();
  app.write('record.mjs', RECORD);
  // The same program bare and traced: only what makes the spans differs.
  app.write('traced.mjs', `import './record.mjs';\n${SESSIONS}`);
  app.write('bare.mjs', '');
});
afterAll(() => app.remove());
beforeEach(() => {
  runs += 1;
  file = join(app.folder, `spans-${runs}.jsonl`);
});

async function run(
  body: string,
  options: RunOptions = {},
): Promise<{ bare: RunResult; traced: RunResult; spans: Line[] }> {
  const program = app.write('program.mjs', `await import(process.env.FIRST);\n${body}\n`);
  const start = (first: string, nodeArgs: readonly string[]): Promise<RunResult> =>
    app.run(program, {
      ...options,
      nodeArgs: [...(options.nodeArgs ?? []), ...nodeArgs],
      env: { ...options.env, FIRST: first, SPANS_FILE: file },
    });
  const bare = await start('./bare.mjs', []);
  const traced = await start('./traced.mjs', ['--import', 'spoor/register']);
  return { bare, traced, spans: readLines() };
}

function readLines(): Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function outcome({ code, signal, stdout, stderr }: RunResult): unknown {
  return { code, signal, stdout, stderr };
}

function exitEvents(spans: readonly Line[]): Line[] {
  return spans.filter((span) => span.name === '__process_exit__');
}

function endsOf(spans: readonly Line[]): unknown[] {
  return spans
    .filter((span) => span.name.startsWith('session '))
    .map(({ name, attributes }) => [
      name,
      attributes['spoor.session.end_reason'],
      attributes['spoor.session.exit_code'],
    ]);
}

describe('an uncaught error', () => {
  it.each([
    ['thrown', `throw new TypeError('went wrong with sk-abcdefghijklmnopqrstuvwxyz0123456789ABCD');`],
    [
      'rejected',
      `Promise.reject(new TypeError('went wrong with sk-abcdefghijklmnopqrstuvwxyz0123456789ABCD'));`,
    ],
    ['thrown later', `setTimeout(() => { throw new TypeError('went wrong'); }, 1);`],
  ])(
    'that is %s is the last event of every open session, and the process ends as it would',
    async (_how, body) => {
      const { bare, traced, spans } = await run(body);
      expect(outcome(traced)).toEqual(outcome(bare));
      expect(traced.code).toBe(1);
      expect(spans.map(({ name }) => name)).toEqual([
        'step one',
        '__process_exit__',
        '__process_exit__',
        'session second',
        'session first',
      ]);
      const events = exitEvents(spans);
      expect(events.map(({ attributes }) => attributes['session.id'])).toEqual(['a', 'b']);
      const [first] = events;
      expect(first?.attributes).toEqual({
        'session.id': 'a',
        'spoor.observation.type': 'EVENT',
        'spoor.observation.level': 'ERROR',
        'spoor.event.function_name': '__process_exit__',
        'spoor.event.description': expect.stringMatching(/^TypeError: went wrong.*\n {4}at /),
        'spoor.event.result': 'process exited with code 1',
        'spoor.event.arguments': expect.stringContaining('"exitCode":1,"errorType":"TypeError"'),
        'spoor.event.is_successful': false,
        'spoor.event.is_finished': true,
        'error.type': 'TypeError',
      });
      expect(first?.status).toEqual({ code: 2, message: expect.stringContaining('went wrong') });
      expect(endsOf(spans)).toEqual([
        ['session second', 'crash', 1],
        ['session first', 'crash', 1],
      ]);
    },
  );

  it('that is no error object is told of too', async () => {
    const { bare, traced, spans } = await run('throw undefined;');
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(exitEvents(spans).map(({ attributes }) => attributes['spoor.event.description'])).toEqual([
      'undefined',
      'undefined',
    ]);
  });

  it('whose report is long is cut', async () => {
    const { spans } = await run(`throw new Error('x'.repeat(100_000));`);
    const [event] = exitEvents(spans);
    expect(String(event?.attributes['spoor.event.description']).length).toBe(16_384);
  });

  it.each(['error.message', 'error.stack', 'error.name'])(
    'that throws from %s itself ends the process as it would',
    async (getter) => {
      const property = getter.slice('error.'.length);
      const { bare, traced, spans } = await run(
        `const error = new Error('mine'); Object.defineProperty(error, '${property}', { get() { throw new Error('no'); } }); throw error;`,
      );
      expect([traced.code, traced.signal]).toEqual([bare.code, bare.signal]);
      expect(endsOf(spans).map((end) => (end as unknown[])[1])).toEqual(['crash', 'crash']);
    },
  );
});

describe('captureUncaught: false', () => {
  it.each([
    ['in the environment', '', { SPOOR_CAPTURE_UNCAUGHT: 'false' }],
    ['in the environment of a program that was ported', '', { LUCIDIC_CAPTURE_UNCAUGHT: 'false' }],
    ['in code', `const { init } = await import('spoor'); init({ captureUncaught: false });`, {}],
  ])('ignored: never, %s', async (_where, start, env) => {
    const program = `${start}\nthrow new Error('a secret of mine');`;
    const { traced, spans } = await run(program, { env });
    expect(traced.code).toBe(1);
    expect(JSON.stringify(spans)).not.toContain('a secret of mine');
    expect(exitEvents(spans)).toEqual([]);
    expect(endsOf(spans)).toEqual([
      ['session second', 'exit', 1],
      ['session first', 'exit', 1],
    ]);
  });
});

describe('a program with a handler of its own', () => {
  it('that keeps it alive goes on, and no crash is told of', async () => {
    const { bare, traced, spans } = await run(`
      process.on('uncaughtException', (error, origin) => console.log('handled', error.message, origin));
      setTimeout(() => { throw new Error('mine'); }, 1);
      setTimeout(() => console.log('alive'), 30);`);
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(traced.stdout).toContain('alive');
    expect(exitEvents(spans)).toEqual([]);
    expect(endsOf(spans)).toEqual([
      ['session second', 'exit', 0],
      ['session first', 'exit', 0],
    ]);
  });

  it('that logs and exits is a crash', async () => {
    const { bare, traced, spans } = await run(`
      process.on('uncaughtException', (error) => setTimeout(() => process.exit(9), 5));
      throw new Error('mine');`);
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(exitEvents(spans).map(({ attributes }) => attributes['spoor.event.result'])).toEqual([
      'process exited with code 9',
      'process exited with code 9',
    ]);
    expect(endsOf(spans)).toEqual([
      ['session second', 'crash', 9],
      ['session first', 'crash', 9],
    ]);
  });

  it('that throws itself ends with code 7, at once: Node gives nobody a turn any more', async () => {
    const { bare, traced, spans } = await run(`
      process.on('uncaughtException', () => { throw new Error('handler'); });
      throw new Error('mine');`);
    expect([traced.code, traced.signal, traced.stdout]).toEqual([bare.code, bare.signal, bare.stdout]);
    expect([traced.code, spans]).toEqual([7, []]);
  });

  it('by a capture callback goes on', async () => {
    const { bare, traced, spans } = await run(`
      process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message));
      setTimeout(() => { throw new Error('mine'); }, 1);`);
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(exitEvents(spans)).toEqual([]);
  });

  it('for rejections goes on', async () => {
    const { bare, traced, spans } = await run(`
      process.on('unhandledRejection', (error) => console.log('rejected', error.message));
      Promise.reject(new Error('mine'));`);
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(exitEvents(spans)).toEqual([]);
  });
});

/** Warnings carry the id of the process. */
function plain(result: RunResult): unknown {
  return { ...(outcome(result) as object), stderr: result.stderr.replaceAll(/\(node:\d+\)/g, '(node)') };
}

describe('--unhandled-rejections', () => {
  it.each([
    ['none', 0],
    ['warn', 0],
    ['strict', 1],
    ['throw', 1],
    ['warn-with-error-code', 1],
  ])('=%s means what it meant', async (mode, code) => {
    const { bare, traced, spans } = await run(`Promise.reject(new Error('mine'));`, {
      nodeArgs: [`--unhandled-rejections=${mode}`],
    });
    expect(plain(traced)).toEqual(plain(bare));
    expect(traced.code).toBe(code);
    const isCrash = mode === 'strict' || mode === 'throw';
    expect(exitEvents(spans)).toHaveLength(isCrash ? 2 : 0);
  });
});

describe('a crash with `autoEnd: false`', () => {
  it('is told of in sessions that stay open', async () => {
    const { traced, spans } = await run(`throw new Error('mine');`, { env: { SPOOR_AUTO_END: 'false' } });
    expect(traced.code).toBe(1);
    expect(spans.map(({ name }) => name)).toEqual(['__process_exit__', '__process_exit__']);
  });
});

describe('a crash outside any session', () => {
  const lonely = `throw new Error('mine');`;
  it('is no event, unless the whole process is a session', async () => {
    app.write(
      'traced-lonely.mjs',
      `import './record.mjs';\nimport { startObservation } from 'spoor';\nstartObservation({ name: 'work' }).end();`,
    );
    const program = app.write('lonely.mjs', `await import('./traced-lonely.mjs');\n${lonely}`);
    await app.run(program, { env: { SPANS_FILE: file } });
    expect(readLines().map(({ name }) => name)).toEqual(['work']);
    await app.run(program, { env: { SPANS_FILE: file, SPOOR_SESSION: 'nightly' } });
    const spans = readLines().slice(1);
    expect(spans.map(({ name }) => name)).toEqual(['work', '__process_exit__', 'session nightly']);
    expect(endsOf(spans)).toEqual([['session nightly', 'crash', 1]]);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstalledApp, type InstalledApp, type RunResult } from '../support/installed-app.js';
import { startOtlpSink, type OtlpSink } from '../support/otlp-sink.js';

const START = `
if (process.env.TRACED === 'yes') {
  const { createStep, startSession } = await import('spoor');
  startSession({ name: 'demo' });
  createStep({ name: 'one' });
}
setInterval(() => {}, 1000);
`;

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

/** Runs a program bare and traced, each ended by the same signal. */
async function run(
  before: string,
  signal: NodeJS.Signals,
  after = '',
): Promise<{ bare: RunResult; traced: RunResult }> {
  const program = app.write('program.mjs', `${before}\n${START}\n${after}\nconsole.log('ready');`);
  const start = (isTraced: boolean): Promise<RunResult> =>
    app.run(program, {
      nodeArgs: isTraced ? ['--import', 'spoor/register'] : [],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, TRACED: isTraced ? 'yes' : 'no' },
      onLine: { ready: (child) => child.kill(signal), again: (child) => child.kill(signal) },
    });
  return { bare: await start(false), traced: await start(true) };
}

function outcome({ code, signal, stdout, stderr }: RunResult): unknown {
  return { code, signal, stdout, stderr };
}

function endOfSession(): unknown {
  const session = sink.spans.find(({ name }) => name === 'session demo');
  return [session?.attributes['spoor.session.end_reason'], session?.attributes['spoor.session.exit_code']];
}

describe("SIGINT's exit code", () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the process as it would, and the session says %i', async (signal, code) => {
    const { bare, traced } = await run('', signal);
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(traced.signal).toBe(signal);
    expect(endOfSession()).toEqual([signal, code]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is that of the program when it handles %s, however it listens',
    async (signal) => {
      for (const listen of ['on', 'once', 'prependListener']) {
        const handler = `process.${listen}('${signal}', () => { console.log('bye'); setTimeout(() => process.exit(5), 20); });`;
        for (const [before, after] of [
          [handler, ''],
          ['', handler],
        ] as const) {
          sink.spans.length = 0;
          const { bare, traced } = await run(before, signal, after);
          expect([listen, outcome(traced)]).toEqual([listen, outcome(bare)]);
          expect(traced.code).toBe(5);
          await sink.until(() => sink.spans.length === 2);
          expect(endOfSession()).toEqual([signal, 5]);
        }
      }
    },
  );

  it('is that of the second signal when the program handles the first once', async () => {
    const { bare, traced } = await run(
      `process.once('SIGINT', () => setTimeout(() => console.log('again'), 10));`,
      'SIGINT',
    );
    expect(outcome(traced)).toEqual(outcome(bare));
    expect([traced.signal, traced.stdout]).toEqual(['SIGINT', 'ready\nagain\n']);
    expect(endOfSession()).toEqual(['SIGINT', 130]);
  });

  it('is not changed by a program that survives the signal', async () => {
    const { bare, traced } = await run(
      `process.on('SIGINT', () => { console.log('survived'); setTimeout(() => process.exit(0), 20); });`,
      'SIGINT',
    );
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(traced.code).toBe(0);
  });
});

describe('a library that ends the process when nobody else listens', () => {
  // What the package signal-exit does, with the name under which it can be found.
  const library = `
const emitter = { count: 1 };
globalThis[Symbol.for('signal-exit emitter')] = emitter;
const listener = () => {
  if (process.listeners('SIGTERM').length !== emitter.count) return;
  process.off('SIGTERM', listener);
  console.log('cleaned up');
  process.kill(process.pid, 'SIGTERM');
};
process.on('SIGTERM', listener);
`;

  it.each([
    ['before', library, ''],
    ['after', '', library],
  ])('still does, when it came %s us', async (_when, before, after) => {
    const { bare, traced } = await run(before, 'SIGTERM', after);
    expect(outcome(traced)).toEqual(outcome(bare));
    expect([traced.signal, traced.stdout]).toEqual(['SIGTERM', 'ready\ncleaned up\n']);
    // There was no turn to send them: the journal has them, and a process that outlives the program delivers them.
    await sink.until(() => sink.spans.length === 2);
    expect(endOfSession()).toEqual(['SIGTERM', 143]);
  });
});

describe('two copies of the package in one process', () => {
  it('leave the signal its meaning', async () => {
    const { bare, traced } = await run(
      `if (process.env.TRACED === 'yes') {
         const { default: fs } = await import('node:fs');
         fs.cpSync('node_modules/spoor', 'copy/node_modules/spoor', { recursive: true });
         fs.cpSync('node_modules/zod', 'copy/node_modules/zod', { recursive: true, dereference: true });
         if (!fs.existsSync('copy/node_modules/@opentelemetry')) fs.symlinkSync(fs.realpathSync('node_modules/@opentelemetry'), 'copy/node_modules/@opentelemetry');
         fs.writeFileSync('copy/second.mjs', "import { init, startSession } from 'spoor'; init(); startSession({ name: 'second' });");
         await import(process.cwd() + '/copy/second.mjs');
       }`,
      'SIGINT',
    );
    expect(outcome(traced)).toEqual(outcome(bare));
    expect(traced.signal).toBe('SIGINT');
    await sink.until(() => sink.spans.length === 3);
    expect(endOfSession()).toEqual(['SIGINT', 130]);
  });
});

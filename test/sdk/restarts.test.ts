import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCollector } from '../../src/testing/index.js';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';

/** Starts and shuts down over and over, with a span each time, and says what has grown. */
const PROGRAM = `
import { init, withSession } from 'spoor';
const [cycles, warmUp] = [Number(process.env.CYCLES), Number(process.env.WARM_UP)];
const storage = process.env.STORAGE;
const listeners = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
async function cycle() {
  const spoor = init({ storage, instrumentations: {} });
  withSession({ name: 'one' }, () => undefined);
  await spoor.shutdown();
  // Handles are closed in a turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
}
function used() {
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}
for (let done = 0; done < warmUp; done += 1) await cycle();
const before = { heap: used(), listeners: listeners() };
for (let done = 0; done < cycles; done += 1) await cycle();
console.log(JSON.stringify({
  bytesPerCycle: (used() - before.heap) / cycles,
  listeners: listeners() - before.listeners,
  resources: process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate'),
}));
`;

/** The newest 2,000 sessions are remembered: only then is there nothing more to grow. */
const WARM_UP = '2500';

let app: InstalledApp;

beforeAll(() => {
  app = createInstalledApp();
  app.write('program.mjs', PROGRAM);
});
afterAll(() => app.remove());

interface Growth {
  bytesPerCycle: number;
  listeners: number;
  resources: string[];
}

async function growth(env: Record<string, string>): Promise<Growth> {
  const { code, stdout, stderr } = await app.run('program.mjs', {
    nodeArgs: ['--expose-gc'],
    env,
    limitMs: 120_000,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Growth;
}

it('keeps nothing of 10,000 starts and shutdowns', { timeout: 130_000 }, async () => {
  const { bytesPerCycle, ...rest } = await growth({ STORAGE: 'memory', CYCLES: '10000', WARM_UP });
  expect(rest).toEqual({ listeners: 0, resources: [] });
  expect(bytesPerCycle).toBeLessThan(100);
});

it('keeps nothing of deliveries that were shut down', { timeout: 130_000 }, async () => {
  const collector = await startCollector();
  try {
    const env = { STORAGE: 'otlp', CYCLES: '500', WARM_UP: '500', SPOOR_ENDPOINT: collector.url };
    const { bytesPerCycle, ...rest } = await growth(env);
    expect(rest).toEqual({ listeners: 0, resources: [] });
    expect(collector.spans.length).toBe(1000);
    // The sessions that are remembered.
    expect(bytesPerCycle).toBeLessThan(2000);
  } finally {
    await collector.close();
  }
});

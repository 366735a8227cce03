/**
 * One long-lived process: many steps, or many sessions, against a receiver on this machine. Prints, as JSON, the heap in use
 * after a collection at ten points on the way, and what became of the spans.
 *
 *   node --expose-gc [--max-old-space-size=96] test/bench/scale.js [steps|sessions] [count]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createEvent,
  createStep,
  endEvent,
  endStep,
  init,
  startSession,
  withSession,
} from '../../dist/src/index.js';

const [what = 'steps', given] = process.argv.slice(2);
const count = Number(given ?? (what === 'steps' ? 1_000_000 : 10_000));
/** What a step of an agent may hold: were it kept, the heap would show it. */
const CONTENT = 2000;

const receiver = spawn(process.execPath, [fileURLToPath(new URL('sink.js', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [port] = await once(receiver.stdout, 'data');
const spoor = init({
  endpoint: `http://127.0.0.1:${Number(port)}`,
  captureContent: true,
  durability: 'memory',
});

const heaps = [];
async function measure() {
  await spoor.flush(60_000);
  globalThis.gc();
  await setImmediate();
  globalThis.gc();
  heaps.push(process.memoryUsage().heapUsed);
}

function stepOnce(index) {
  createStep({ name: 'act', state: `state ${index} ${'x'.repeat(CONTENT)}`, goal: 'go on' });
  createEvent({ name: 'click' });
  endEvent({ result: 'done' });
  endStep({ evalScore: 1 });
}

function sessionOnce(index) {
  withSession({ id: `session-${index}`, task: 'x'.repeat(CONTENT) }, () => stepOnce(index));
}

const runOnce = what === 'steps' ? stepOnce : sessionOnce;
const open = what === 'steps' ? startSession({ name: 'long' }) : undefined;
for (let index = 0; index < count; index += 1) {
  runOnce(index);
  // A program has turns; a queue that is never let through is another test.
  if (index % 500 === 499) await setImmediate();
  if (index % 5000 === 4999) await spoor.flush(60_000);
  if ((index + 1) % Math.ceil(count / 10) === 0) await measure();
}
open?.end();
const counts = await spoor.flush(60_000);
receiver.stdin.end();
console.log(JSON.stringify({ what, count, heaps, counts }));

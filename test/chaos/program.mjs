// What the chaos suite runs: makes spans, says which ones ended, and ends in the way that it is told.
import { fork } from 'node:child_process';
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, threadId } from 'node:worker_threads';
import { startObservation, startSession } from 'spoor';

const { CHAOS_END: end = 'natural', CHAOS_SPANS: count = '10', CHAOS_TURNS: turns } = process.env;

const wait = () => void setInterval(() => undefined, 1000);
const ENDS = {
  natural: () => undefined,
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('thrown on purpose');
  },
  reject: () => void Promise.reject(new Error('rejected on purpose')),
  SIGTERM: wait,
  SIGINT: wait,
  SIGKILL: wait,
  fork: () => void fork(fileURLToPath(import.meta.url), { env: { ...process.env, CHAOS_END: 'exit' } }),
  worker: () => {
    if (isMainThread) void new Worker(new URL(import.meta.url));
  },
};

if (process.env.CHAOS_CLOCK_STEP_MS !== undefined) stepClock(Number(process.env.CHAOS_CLOCK_STEP_MS));
startSession({ name: 'chaos' });
for (let index = 0; index < Number(count); index += 1) {
  const name = `work ${process.pid}.${threadId}.${index}`;
  const work = startObservation({ name, input: { index, text: 'x'.repeat(200) } });
  if (turns !== undefined) await nextTurn();
  work.end({ output: 'done' });
  // Only after the end has returned: what is said was ended.
  writeSync(1, `${name}\n`);
}
writeSync(1, 'ready\n');
ENDS[end]();

/** A clock that jumps by so much, back and forth, each time it is read. */
function stepClock(byMs) {
  const now = Date.now.bind(Date);
  let reads = 0;
  Date.now = () => now() + ((reads += 1) % 2 === 0 ? byMs : -byMs);
}

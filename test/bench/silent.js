/**
 * What a call costs that nothing records: spoor switched off, nothing to send to, or a session that sampling left out.
 * Prints, as JSON, nanoseconds a call, the best of the rounds.
 *
 *   node test/bench/silent.js
 */
import { performance } from 'node:perf_hooks';
import { trace } from '@opentelemetry/api';
import { bindSession, createEvent, init, tool, withObservation, withSession } from '../../dist/src/index.js';

const CALLS = 200_000;
const ROUNDS = 12;
const work = () => 1;
const OPTIONS = { name: 'x' };

const calls = {
  createEvent: () => createEvent(OPTIONS),
  withObservation: () => withObservation(OPTIONS, work),
  tool: tool(OPTIONS, work),
};

function nanoseconds(call) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let index = 0; index < CALLS; index += 1) call();
    best = Math.min(best, ((performance.now() - start) / CALLS) * 1e6);
  }
  return Math.round(best);
}

/** The floor: what the API does when no SDK is there. */
const floor = () => trace.getTracer('floor').startActiveSpan('x', work);

function measure(where) {
  for (const [name, call] of Object.entries(calls)) rows.push({ where, name, ns: nanoseconds(call) });
}

const rows = [{ where: 'nothing started', name: 'startActiveSpan of the API', ns: nanoseconds(floor) }];
measure('nothing started');
const first = init({ enabled: false });
measure('switched off');
await first.shutdown();
const second = init({ mode: 'own', storage: 'memory', sample: 0 });
withSession({ id: 'left-out' }, () => measure('in a session that is left out'));
bindSession('elsewhere', () => measure('in a session of another process that is left out'));
measure('outside of sessions');
await second.shutdown();
console.log(JSON.stringify(rows));

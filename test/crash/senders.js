import { gzipSync } from 'node:zlib';
import { blob, logBatch, traceBatch } from './payloads.js';

const TIMEOUT_MS = 15_000;
const PAUSE_MS = 10;

/** Sends one batch. Returns the status, 0 when there was no answer. */
export async function send(url, { path, method = 'POST', isJson, body }, isPacked = false) {
  try {
    const response = await fetch(url + path, {
      method,
      body: isPacked ? gzipSync(body) : body,
      headers: {
        'content-type': isJson ? 'application/json' : 'application/x-protobuf',
        ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const KINDS = [
  { make: (session) => traceBatch({ session, isJson: true }), isPacked: false },
  { make: (session) => traceBatch({ session, isJson: false }), isPacked: true },
  { make: (session) => traceBatch({ session, isJson: false }), isPacked: false },
  { make: (session) => traceBatch({ session, isJson: true, spans: 100 }), isPacked: true },
  { make: () => logBatch({ isJson: true }), isPacked: true },
  { make: () => logBatch({ isJson: false }), isPacked: false },
  { make: () => blob(), isPacked: false },
];

/**
 * Senders of every kind, all at once. Each sends one batch after the other, and one that got no answer again, as exporters
 * do; `acknowledged` gets those that were answered with 200.
 */
export function startSenders(url, random, acknowledged) {
  const state = { isStopped: false, isPaused: false, resent: 0, statuses: new Map() };
  const run = async ({ make, isPacked }, nth) => {
    let again;
    for (let count = 0; !state.isStopped; count += 1) {
      const batch = again ?? make(`session ${nth}.${Math.floor(count / 50)}`);
      again = undefined;
      while (state.isPaused && !state.isStopped) await pause(PAUSE_MS);
      const status = await send(url, batch, isPacked);
      state.statuses.set(status, (state.statuses.get(status) ?? 0) + 1);
      if (status === 200 || status === 201) acknowledged.push(batch);
      else if (random() < 0.5) {
        // The other half is given up: whether it was stored is nobody's business then.
        again = batch;
        state.resent += 1;
      }
      await pause(PAUSE_MS);
    }
  };
  const running = Promise.all(KINDS.map(run));
  return {
    state,
    async stop() {
      state.isStopped = true;
      await running;
    },
  };
}

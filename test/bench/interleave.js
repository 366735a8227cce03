import process from 'node:process';

/**
 * Times several variants of the same work in turns, so that whatever the machine does meanwhile hits all of them alike.
 * What counts is processor time: it does not grow when others use the machine.
 *
 * @template {string} Name
 * @param {Record<Name, { prepare?(): void | Promise<void>, run(): unknown, restore?(): void | Promise<void> }>} variants
 * @param {{ rounds: number, runs: number, warmup: number, thread?: boolean }} size runs a round, and those before that are not
 *   counted; `thread` when all of the work is in this thread
 * @returns {Promise<Record<Name, number[]>>} microseconds a run, one number a round
 */
export async function interleave(variants, { rounds, runs, warmup, thread = false }) {
  const names = Object.keys(variants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Nobody is always first: a variant may leave work for the collector behind.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      const { prepare, run, restore } = variants[name];
      await prepare?.();
      for (let count = 0; count < warmup; count++) await run();
      const start = usage(thread);
      for (let count = 0; count < runs; count++) await run();
      times[name].push((usage(thread) - start) / runs);
      await restore?.();
    }
  }
  return times;
}

/** Microseconds. What a thread's helpers do (collecting, compiling) falls into whatever round they happen to work in. */
function usage(thread) {
  const { user, system } = thread ? process.threadCpuUsage() : process.cpuUsage();
  return user + system;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('There is no median of nothing.');
  return sorted.length % 2 === 1 ? upper : (upper + sorted[middle - 1]) / 2;
}

/** Median of what one variant took more than another in the same round. */
export function medianDifference(more, less) {
  return median(more.map((value, round) => value - less[round]));
}

/**
 * Times variants of one piece of work in short blocks, in turns, for what is small beside the work that it is part of. Each block
 * pays for the collection of what it leaves behind, and is compared with the blocks right before and after it.
 *
 * Needs `--expose-gc`, and `--single-threaded`: then all that V8 does is done, and counted, in this thread, and the clock of the
 * process can be read, which is exact. That of a thread only moves with the scheduler, by milliseconds.
 *
 * @template {string} Name
 * @param {Record<Name, () => unknown>} variants
 * @param {{ rounds: number, runs: number, warmup: number }} size runs a block, and those of each variant before the first one
 * @returns {Promise<Record<Name, number[]>>} microseconds a run, one number a round
 */
export async function takeTurns(variants, { rounds, runs, warmup }) {
  const entries = Object.entries(variants);
  const times = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let done = 0; done < warmup; done += runs)
    for (const [, run] of entries) for (let count = 0; count < runs; count++) await run();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const [name, run] = entries[(turn + round) % entries.length];
      // The first finds the caches as the others left them.
      await run();
      collect();
      const start = usage(false);
      for (let count = 0; count < runs; count++) await run();
      collect();
      times[name].push((usage(false) - start) / runs);
    }
  }
  return times;
}

function collect() {
  globalThis.gc({ type: 'minor' });
}

/** Median of what one variant took more than another in the same round, by how much the other took. */
export function medianShare(more, less) {
  return median(more.map((value, round) => value / less[round] - 1));
}

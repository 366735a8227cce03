import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { startCollector } from './collector.js';
import { flush, newJournal, runProgram, segmentsLeft } from './run-program.js';

/**
 * Cases beside the table. Each resolves to a figure for the reader, and a fault when there is one.
 *
 * @type {readonly { name: string, run: (setting: { scratch: string, isSampled: boolean }) => Promise<object> }[]}
 */
export const HARD_CASES = [
  { name: '100,000 spans in one tick, then the natural end', run: (setting) => burst(setting, 'natural') },
  { name: '100,000 spans in one tick, then process.exit()', run: (setting) => burst(setting, 'exit') },
  { name: 'a collector that comes back while the program runs', run: comesBack },
  { name: 'two programs with one journal and a dead collector', run: twoPrograms },
  { name: 'a forked child', run: (setting) => children(setting, 'fork') },
  { name: 'a worker thread', run: (setting) => children(setting, 'worker') },
  { name: 'a clock that is set back and forth', run: steppedClock },
  { name: 'a torn last line', run: tornLine },
  { name: 'SIGKILL at random moments, durability crash', run: randomKills },
  { name: 'a full disk', run: fullDisk },
];

const ARRIVAL_MS = 60_000;

async function burst({ scratch }, end) {
  return inCollector('up', scratch, { CHAOS_END: end, CHAOS_SPANS: '100000' }, async (collector, env) => {
    const program = await runProgram({ scratch, env });
    const isWhole = await collector.until(() => hasAll(collector, program.ended), ARRIVAL_MS);
    return judged(collector, program.ended, isWhole ? undefined : program.said);
  });
}

async function comesBack({ scratch }) {
  return inCollector('down', scratch, { CHAOS_END: 'SIGTERM' }, async (collector, env) => {
    let isBack = false;
    const running = runProgram({ scratch, env, signal: undefined, killAfterMs: 8000 });
    const healing = new Promise((resolve) => setTimeout(resolve, 1500)).then(collector.heal);
    await healing;
    isBack = await collector.until(() => collector.spans.size >= 10, 6000);
    const program = await running;
    const more = program.ended.find((name) => collector.spans.get(name) !== 1);
    return judged(
      collector,
      program.ended,
      isBack && more === undefined ? undefined : `${more} came not once`,
    );
  });
}

async function twoPrograms({ scratch }) {
  return inCollector('down', scratch, { CHAOS_END: 'exit' }, async (collector, env) => {
    const programs = await Promise.all([runProgram({ scratch, env }), runProgram({ scratch, env })]);
    await collector.heal();
    const ended = programs.flatMap((program) => program.ended);
    await collector.until(() => hasAll(collector, ended), ARRIVAL_MS);
    const twice = ended.find((name) => collector.spans.get(name) > 1);
    return judged(collector, ended, twice === undefined ? undefined : `${twice} came twice`);
  });
}

async function children({ scratch }, end) {
  return inCollector('up', scratch, { CHAOS_END: end }, async (collector, env) => {
    const program = await runProgram({ scratch, env });
    await collector.until(() => hasAll(collector, program.ended), ARRIVAL_MS);
    return judged(
      collector,
      program.ended,
      program.ended.length === 20 ? undefined : `ended ${program.ended.length}`,
    );
  });
}

async function steppedClock({ scratch }) {
  const more = { CHAOS_END: 'exit', CHAOS_CLOCK_STEP_MS: '3600000', CHAOS_TURNS: '1', CHAOS_SPANS: '200' };
  return inCollector('flapping', scratch, more, async (collector, env) => {
    const program = await runProgram({ scratch, env });
    await collector.until(() => hasAll(collector, program.ended), ARRIVAL_MS);
    return judged(collector, program.ended);
  });
}

/** A crash tears at most the last line, and so loses at most the span in it. */
async function tornLine({ scratch }) {
  const more = { CHAOS_END: 'SIGKILL', SPOOR_DURABILITY: 'crash' };
  return inCollector('down', scratch, more, async (collector, env) => {
    const program = await runProgram({ scratch, env, signal: 'SIGKILL' });
    const journal = env.SPOOR_JOURNAL_DIR;
    for (const name of segmentsLeft(journal)) {
      truncateSync(join(journal, name), statSync(join(journal, name)).size - 10);
    }
    await collector.heal();
    const report = await flush({ scratch, env });
    const arrived = program.ended.filter((name) => collector.spans.has(name)).length;
    const isRight = report.torn === 1 && arrived >= program.ended.length - 1;
    return {
      ...judged(collector, program.ended, undefined, 1),
      ...(isRight ? {} : { fault: `${arrived} arrived, ${report.torn} torn` }),
    };
  });
}

async function randomKills({ scratch, isSampled }) {
  const rounds = isSampled ? 20 : 200;
  const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 100_000);
  const random = generator(seed);
  let ended = 0;
  let arrived = 0;
  let killed = 0;
  let doubled = 0;
  for (let round = 0; round < rounds; round += 1) {
    const more = {
      CHAOS_END: 'natural',
      CHAOS_SPANS: '600',
      CHAOS_TURNS: '1',
      SPOOR_DURABILITY: 'crash',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    };
    await inCollector('up', scratch, more, async (collector, env) => {
      const program = await runProgram({ scratch, env, killAfterMs: random() * 120 });
      killed += program.endedBy === 'SIGKILL' ? 1 : 0;
      await flush({ scratch, env });
      ended += program.ended.length;
      arrived += program.ended.filter((name) => collector.spans.has(name)).length;
      doubled += [...collector.spans.values()].filter((times) => times > 1).length;
      return {};
    });
  }
  const figure = `${arrived} of ${ended} spans over ${rounds} programs, ${killed} killed, ${doubled} came twice (seed ${seed})`;
  const isRight = arrived === ended && ended > 0 && killed > rounds / 2;
  return { ended, arrived, figure, ...(isRight ? {} : { fault: figure }) };
}

/** On a file system of 64 KiB: the program runs on, what fits is kept, and what does not is counted. */
async function fullDisk({ scratch }) {
  const disk = join(scratch, 'small-disk');
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return { skip: 'a small file system cannot be mounted here' };
  }
  try {
    const more = { CHAOS_END: 'exit', CHAOS_SPANS: '500', SPOOR_JOURNAL_DIR: join(disk, 'journal') };
    return await inCollector('down', scratch, more, async (collector, env) => {
      const program = await runProgram({ scratch, env });
      const isSaid = /undelivered spans were lost|could not be written/.test(program.said);
      const isRight = program.code === 3 && program.ended.length === 500 && isSaid;
      const left = readdirSync(disk).length;
      return {
        ended: 500,
        figure: `exit code ${program.code}, the loss is reported`,
        ...(isRight ? {} : { fault: `code ${program.code}, ${left} files\n${program.said}` }),
      };
    });
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

async function inCollector(behaviour, scratch, more, use) {
  const collector = await startCollector(behaviour);
  try {
    return await use(collector, {
      SPOOR_JOURNAL_DIR: newJournal(scratch),
      SPOOR_ENDPOINT: collector.url,
      ...more,
    });
  } finally {
    await collector.close();
  }
}

function hasAll(collector, names) {
  return names.length > 0 && names.every((name) => collector.spans.has(name));
}

function judged(collector, ended, given, mayMiss = 0) {
  const arrived = ended.filter((name) => collector.spans.has(name)).length;
  const doubled = ended.filter((name) => (collector.spans.get(name) ?? 0) > 1).length;
  const figure = `${arrived} of ${ended.length} spans arrived, ${doubled} of them twice`;
  const isWhole = ended.length > 0 && arrived >= ended.length - mayMiss;
  const fault = given ?? (isWhole ? undefined : figure);
  return { ended: ended.length, arrived, figure, ...(fault === undefined ? {} : { fault }) };
}

/** Numbers from 0 to 1 that are the same for the same seed. Source: mulberry32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

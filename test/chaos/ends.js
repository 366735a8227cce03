import { startCollector } from './collector.js';
import { flush, newJournal, refusedSpans, runProgram, segmentsLeft } from './run-program.js';

/** Every end of a program, every durability, every behaviour of the collector: what was ended, and what arrived. */

export const ENDS = {
  'natural end': { end: 'natural', code: 0 },
  'process.exit()': { end: 'exit', code: 3 },
  'uncaught throw': { end: 'throw', code: 1 },
  'unhandled rejection': { end: 'reject', code: 1 },
  SIGTERM: { end: 'SIGTERM', signal: 'SIGTERM' },
  SIGINT: { end: 'SIGINT', signal: 'SIGINT' },
  SIGKILL: { end: 'SIGKILL', signal: 'SIGKILL' },
};
export const DURABILITIES = ['exit', 'crash', 'memory'];

const SETTLE_MS = 8000;
/** The collector must be helped before anything can arrive. */
const NEEDS_HEALING = new Set(['down', '429', '400']);

/** True where everything that was ended must arrive. */
export function promises({ durability, way, behaviour }) {
  if (durability === 'crash') return true;
  if (durability === 'exit') return way !== 'SIGKILL';
  return way === 'natural end' && ['up', 'slow', '413'].includes(behaviour);
}

/** Runs one cell of the table. `fault` says what is wrong, if anything is. */
export async function runEnd({ scratch, durability, way, behaviour }) {
  const journal = newJournal(scratch);
  const collector = await startCollector(behaviour);
  const { end, code, signal } = ENDS[way];
  const env = {
    SPOOR_JOURNAL_DIR: journal,
    SPOOR_ENDPOINT: collector.url,
    SPOOR_DURABILITY: durability,
    CHAOS_END: end,
  };
  try {
    const program = await runProgram({ scratch, env, signal });
    const isWhole = () => program.ended.every((name) => collector.spans.has(name));
    const isSettled = () => isWhole() || program.ended.every((name) => refusedSpans(journal).includes(name));
    if (behaviour === 'down') await collector.heal();
    // The process that delivers what was left is at work now, if there is one.
    const mustArrive = durability !== 'memory' && way !== 'SIGKILL' && behaviour !== '429';
    if (mustArrive) await collector.until(isSettled, SETTLE_MS);
    if (durability !== 'memory' && !isSettled()) {
      if (NEEDS_HEALING.has(behaviour) || way === 'SIGKILL') await collector.heal();
      await flush({ scratch, env });
    }
    const refused = refusedSpans(journal);
    const arrived = program.ended.filter((name) => collector.spans.has(name)).length;
    const aside = program.ended.filter((name) => refused.includes(name)).length;
    const cell = { ended: program.ended.length, arrived, aside };
    return { ...cell, fault: faultOf({ cell, program, code, signal, durability, way, behaviour, journal }) };
  } finally {
    await collector.close();
  }
}

function faultOf({ cell, program, code, signal, durability, way, behaviour, journal }) {
  if (cell.ended !== 10) return `ended ${cell.ended} spans instead of 10\n${program.said}`;
  const endedAs = signal === undefined ? program.code : program.endedBy;
  if (endedAs !== (signal ?? code)) return `ended with ${endedAs} instead of ${signal ?? code}`;
  if (!promises({ durability, way, behaviour })) return undefined;
  if (cell.arrived + cell.aside !== cell.ended) {
    return `${cell.arrived} arrived, ${cell.aside} were put aside, ${segmentsLeft(journal).length} files left\n${program.said}`;
  }
  return undefined;
}

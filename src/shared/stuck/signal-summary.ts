import type { LiveRule, StuckSignal } from './stuck-move.js';

type Telling = (signal: StuckSignal, what: string) => string;

const TELLINGS: Readonly<Record<LiveRule, Telling>> = {
  'exact-retry': ({ repeats }, what) =>
    `${what} was done ${repeats} times in the same state with the same outcome.`,
  'error-retry': ({ repeats }, what) => `${what} failed ${repeats} times in a row.`,
  'flip-flop': ({ repeats }) => `Two moves took turns ${repeats} times with the same outcomes.`,
  'tandem-repeat': ({ repeats, period }) =>
    `The same ${period} moves came ${repeats} times with the same outcomes.`,
  stagnation: ({ steps }) => `${steps} moves in one state brought nothing new.`,
  'dead-end': ({ repeats }) => `The same state was come back to and failed ${repeats} times.`,
  'repeated-message': ({ repeats }) =>
    `The same message was sent ${repeats} times with nothing done in between.`,
};

/** One sentence of what goes in circles, for a person or a prompt. */
export function signalSummary(signal: StuckSignal): string {
  return TELLINGS[signal.rule](signal, signal.label === '' ? 'The same step' : `"${signal.label}"`);
}

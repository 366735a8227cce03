import type { StuckSignal } from './stuck-move.js';

/** One sentence of what goes in circles, for a person or a prompt. */
export function signalSummary({ rule, repeats, period, steps, label }: StuckSignal): string {
  const what = label === '' ? 'The same step' : `"${label}"`;
  switch (rule) {
    case 'exact-retry':
      return `${what} was done ${repeats} times in the same state with the same outcome.`;
    case 'error-retry':
      return `${what} failed ${repeats} times in a row.`;
    case 'flip-flop':
      return `Two moves took turns ${repeats} times with the same outcomes.`;
    case 'tandem-repeat':
      return `The same ${period} moves came ${repeats} times with the same outcomes.`;
    case 'stagnation':
      return `${steps} moves in one state brought nothing new.`;
    case 'dead-end':
      return `The same state was come back to and failed ${repeats} times.`;
    case 'repeated-message':
      return `The same message was sent ${repeats} times with nothing done in between.`;
  }
}

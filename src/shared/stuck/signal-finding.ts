import { signalSummary } from './signal-summary.js';
import type { StuckSignal } from './stuck-move.js';

/** A signal as it is told: the shape of `Finding`, whose schema is among the models. */
export interface SignalFinding<Basis extends string> extends Omit<StuckSignal, 'ids' | 'label' | 'cost'> {
  sessionId: string;
  basis: Basis;
  summary: string;
  stepIds: string[];
  cost?: number;
}

/** Tells a signal: to the listener of a program while it runs, and to whoever asks afterwards. */
export function signalFinding<Basis extends string>(
  sessionId: string,
  basis: Basis,
  { ids, label, cost, ...facts }: StuckSignal,
): SignalFinding<Basis> {
  return {
    ...facts,
    sessionId,
    basis,
    summary: signalSummary({ ids, label, cost, ...facts }),
    stepIds: [...ids],
    ...(cost === undefined ? {} : { cost }),
  };
}

import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { UsageTotals } from '../../semconv/model/usage.js';

export const NO_USAGE: UsageTotals = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  total: 0,
};

/** Whole records with plain values, for tests that care about a few fields. */
export function session(fields: Partial<Session> = {}): Session {
  return {
    id: 's1',
    implicit: false,
    status: 'ok',
    startMs: 1_000,
    endMs: 2_000,
    updatedMs: 2_000,
    traceIds: [],
    models: [],
    stepCount: 0,
    observationCount: 0,
    generationCount: 0,
    toolCount: 0,
    errorCount: 0,
    usage: NO_USAGE,
    ...fields,
  };
}

export function step(fields: Partial<Step> = {}): Step {
  return {
    id: 'step-1',
    sessionId: 's1',
    name: 'plan',
    index: 0,
    implicit: false,
    status: 'ok',
    startMs: 1_000,
    endMs: 2_000,
    observationCount: 0,
    usage: NO_USAGE,
    ...fields,
  };
}

export function observation(fields: Partial<Observation> = {}): Observation {
  return {
    id: 'o1',
    traceId: 't1',
    type: 'SPAN',
    name: 'work',
    dialect: 'spoor',
    startMs: 1_000,
    endMs: 2_000,
    status: 'ok',
    ...fields,
  };
}

import type { Observation } from '../../../semconv/model/observation.js';
import type { Session } from '../../../semconv/model/session.js';
import type { JudgedRun } from '../../../src/analysis/scores/verdict.js';

const START = Date.UTC(2026, 8, 1);
const usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 };

export function observation(fields: Partial<Observation> = {}): Observation {
  return {
    id: '0000000000000001',
    traceId: 'a'.repeat(32),
    type: 'GENERATION',
    name: 'chat',
    dialect: 'spoor',
    startMs: START,
    endMs: START + 100,
    status: 'unset',
    outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'Done.' }] }],
    ...fields,
  };
}

/** A run of one call that ended well, unless the fields say otherwise. */
export function run(
  session: Partial<Session> = {},
  observations: readonly Observation[] = [observation()],
): JudgedRun {
  return {
    session: {
      id: 'run-1',
      implicit: false,
      status: 'unset',
      startMs: START,
      endMs: START + 1000,
      updatedMs: START,
      traceIds: ['a'.repeat(32)],
      models: [],
      stepCount: 0,
      observationCount: observations.length,
      generationCount: 0,
      toolCount: 0,
      errorCount: 0,
      usage,
      ...session,
    },
    steps: [],
    observations,
  };
}

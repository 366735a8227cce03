import type { Log } from '../../semconv/model/log.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { SessionResponse } from '../server/api-types.js';
import { groupBy } from './group-by.js';

/** Log records by where they are shown: under their observation, else under their step, else at the end. */
export interface PlacedLogs {
  observation(observation: Observation): readonly Log[];
  step(id: string | undefined): readonly Log[];
  rest: readonly Log[];
}

export function placeLogs(
  logs: readonly Log[],
  { steps, observations }: Pick<SessionResponse, 'steps' | 'observations'>,
): PlacedLogs {
  const shown = new Set(observations.map(({ traceId, id }) => `${traceId} ${id}`));
  const stepIds = new Set<string | undefined>(steps.map(({ id }) => id));
  const placeOf = (log: Log): string => {
    const span = `${log.traceId} ${log.spanId}`;
    if (shown.has(span)) return span;
    return log.stepId !== undefined && stepIds.has(log.stepId) ? `step ${log.stepId}` : '';
  };
  const byPlace = groupBy(logs, placeOf);
  return {
    observation: ({ traceId, id }) => byPlace.get(`${traceId} ${id}`) ?? [],
    step: (id) => (id === undefined ? [] : (byPlace.get(`step ${id}`) ?? [])),
    rest: byPlace.get('') ?? [],
  };
}

import type { Observation } from '../../../semconv/model/observation.js';
import type { SessionRecords } from '../moves/read-moves.js';
import { countedCalls } from './counted-calls.js';
import type { Pricer } from './price-call.js';

/**
 * The same session with the costs that the table knows: on each call that counts, on its steps and on the session. Costs that
 * were given stay; a call whose cost is unknown has none.
 */
export function priceRecords(records: SessionRecords, pricer: Pricer): SessionRecords {
  const { session, steps, observations } = records;
  const costs = new Map<Observation, number>();
  const byStep = new Map<string, number>();
  let total: number | undefined;
  for (const { observation, cost } of countedCalls(observations, pricer)) {
    if (cost.cost === undefined) continue;
    costs.set(observation, cost.cost);
    total = (total ?? 0) + cost.cost;
    const { stepId } = observation;
    if (stepId !== undefined) byStep.set(stepId, (byStep.get(stepId) ?? 0) + cost.cost);
  }
  return {
    session: withCost(session, total ?? session.cost),
    steps: steps.map((step) => withCost(step, byStep.get(step.id) ?? step.cost)),
    observations: observations.map((observation) => withCost(observation, costs.get(observation))),
  };
}

function withCost<T extends { cost?: number }>(record: T, cost: number | undefined): T {
  if (cost === record.cost) return record;
  const { cost: _, ...rest } = record;
  return (cost === undefined ? rest : { ...rest, cost }) as T;
}

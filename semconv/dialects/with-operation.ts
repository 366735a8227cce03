import type { Observation } from '../model/observation.js';
import { operationOf } from './observation-type.js';

/**
 * By its operation readers tell what a span is: one that comes from another dialect than `target`, and has none, gets the one
 * of its type.
 */
export function withOperation(observation: Observation, target: string): Observation {
  const operation =
    observation.operation ?? (observation.dialect === target ? undefined : operationOf(observation.type));
  return operation === undefined ? observation : { ...observation, operation };
}

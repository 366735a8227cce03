import type { Observation } from '../../semconv/model/observation.js';

/** Which of how many identical calls an observation is. */
export type Repeats = ReadonlyMap<Observation, { nth: number; of: number }>;

/**
 * Finds calls of the same model or tool with the same input: the mark of an agent that does not get on. A call whose
 * input was not captured is never taken for a repeat.
 */
export function findRepeats(observations: readonly Observation[]): Repeats {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const signature = signatureOf(observation);
    if (signature === undefined) continue;
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, [observation]);
    else group.push(observation);
  }
  const repeats = new Map<Observation, { nth: number; of: number }>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const [at, observation] of group.entries())
      repeats.set(observation, { nth: at + 1, of: group.length });
  }
  return repeats;
}

function signatureOf(observation: Observation): string | undefined {
  const given = observation.tool?.arguments ?? observation.inputMessages ?? observation.input;
  if (given === undefined || given === null) return undefined;
  const asked = observation.tool?.name ?? observation.requestModel ?? '';
  return JSON.stringify([observation.type, observation.name, asked, given]);
}

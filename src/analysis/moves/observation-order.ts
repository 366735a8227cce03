import type { Observation, ObservationType } from '../../../semconv/model/observation.js';
import { askedCalls } from './observed-calls.js';

const SHOWN: ReadonlySet<ObservationType> = new Set([
  'AGENT',
  'TOOL',
  'GENERATION',
  'RETRIEVAL',
  'EMBEDDING',
  'EVENT',
]);

/** An observation in the order of work, and the agent that it is inside of. */
export interface OrderedObservation {
  readonly observation: Observation;
  readonly agent?: string;
}

/**
 * The observations of a session that stand for its moves: parents before children, siblings in their own sequence. Tools that
 * ran side by side come in the order in which the model asked for them, so that equal runs give equal graphs. An agent is
 * a move only when nothing inside it is, and of two generations inside each other the outer one is.
 */
export function orderObservations(observations: readonly Observation[]): OrderedObservation[] {
  const byId = new Map(observations.map((observation) => [observation.id, observation]));
  const asked = new Map<string, number>();
  for (const { id } of observations.toSorted(byStart).flatMap(askedCalls)) {
    if (typeof id === 'string' && !asked.has(id)) asked.set(id, asked.size);
  }
  const children = new Map<string, Observation[]>();
  const roots: Observation[] = [];
  for (const observation of observations) {
    const parent = observation.parentId === undefined ? undefined : byId.get(observation.parentId);
    if (parent === undefined || parent === observation) roots.push(observation);
    else append(children, parent.id, observation);
  }
  const bySequence = (left: Observation, right: Observation): number => {
    const [first, second] = [asked.get(left.tool?.callId ?? ''), asked.get(right.tool?.callId ?? '')];
    if (first !== undefined && second !== undefined) return first - second;
    return byStart(left, right);
  };
  const found: OrderedObservation[] = [];
  const seen = new Set<string>();
  // An own stack: a trace may be deeper than the engine's.
  const open: { observation: Observation; agent?: string; inGeneration: boolean }[] = [];
  const push = (list: readonly Observation[], around: { agent?: string; inGeneration: boolean }): void => {
    for (const observation of list.toSorted(bySequence).toReversed()) open.push({ observation, ...around });
  };
  push(roots, { inGeneration: false });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { observation, agent, inGeneration } = next;
    if (seen.has(observation.id)) continue;
    seen.add(observation.id);
    const isGeneration = observation.type === 'GENERATION';
    const isRepeated = isGeneration && inGeneration;
    if (SHOWN.has(observation.type) && !isRepeated)
      found.push({ observation, ...(agent === undefined ? {} : { agent }) });
    const inner = observation.type === 'AGENT' ? (observation.agent?.name ?? observation.name) : agent;
    push(children.get(observation.id) ?? [], {
      ...(inner === undefined ? {} : { agent: inner }),
      inGeneration: inGeneration || isGeneration,
    });
  }
  return withoutShells(found, byId);
}

/** Agents with something inside are the frame, not the work. */
function withoutShells(
  found: readonly OrderedObservation[],
  byId: ReadonlyMap<string, Observation>,
): OrderedObservation[] {
  const shells = new Set<string>();
  for (const { observation } of found) {
    let parent = byId.get(observation.parentId ?? '');
    while (parent !== undefined && !shells.has(parent.id)) {
      shells.add(parent.id);
      parent = byId.get(parent.parentId ?? '');
    }
  }
  return found.filter(({ observation }) => observation.type !== 'AGENT' || !shells.has(observation.id));
}

function byStart(left: Observation, right: Observation): number {
  return left.startMs - right.startMs || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}

function append<K, T>(groups: Map<K, T[]>, key: K, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}

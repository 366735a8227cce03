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
  const { roots, children } = treeOf(observations, byId);
  const bySequence = sequenceOf(observations);
  const found: OrderedObservation[] = [];
  const seen = new Set<string>();
  // An own stack: a trace may be deeper than the engine's.
  const open: Place[] = [];
  const push = (list: readonly Observation[], around: Omit<Place, 'observation'>): void => {
    for (const observation of list.toSorted(bySequence).toReversed()) open.push({ observation, ...around });
  };
  push(roots, { agent: undefined, inGeneration: false });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { observation, agent } = next;
    if (seen.has(observation.id)) continue;
    seen.add(observation.id);
    if (isShown(next)) found.push({ observation, ...(agent === undefined ? {} : { agent }) });
    push(children.get(observation.id) ?? [], inside(next));
  }
  return withoutShells(found, byId);
}

interface Place {
  readonly observation: Observation;
  readonly agent: string | undefined;
  readonly inGeneration: boolean;
}

function isShown({ observation, inGeneration }: Place): boolean {
  return SHOWN.has(observation.type) && !(inGeneration && observation.type === 'GENERATION');
}

function inside({ observation, agent, inGeneration }: Place): Omit<Place, 'observation'> {
  return {
    agent: observation.type === 'AGENT' ? (observation.agent?.name ?? observation.name) : agent,
    inGeneration: inGeneration || observation.type === 'GENERATION',
  };
}

function treeOf(
  observations: readonly Observation[],
  byId: ReadonlyMap<string, Observation>,
): { roots: Observation[]; children: Map<string, Observation[]> } {
  const children = new Map<string, Observation[]>();
  const roots: Observation[] = [];
  for (const observation of observations) {
    const parent = observation.parentId === undefined ? undefined : byId.get(observation.parentId);
    if (parent === undefined || parent === observation) roots.push(observation);
    else append(children, parent.id, observation);
  }
  return { roots, children };
}

type Comparison = (left: Observation, right: Observation) => number;

/** By start; tools that a model asked for in the order of the asking. */
function sequenceOf(observations: readonly Observation[]): Comparison {
  const asked = new Map<string, number>();
  for (const { id } of observations.toSorted(byStart).flatMap(askedCalls)) {
    if (typeof id === 'string' && !asked.has(id)) asked.set(id, asked.size);
  }
  return (left, right) => {
    const [first, second] = [asked.get(left.tool?.callId ?? ''), asked.get(right.tool?.callId ?? '')];
    return first !== undefined && second !== undefined ? first - second : byStart(left, right);
  };
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

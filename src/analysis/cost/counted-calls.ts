import type { CallCost } from '../../../semconv/model/cost.js';
import type { Observation } from '../../../semconv/model/observation.js';
import type { Pricer } from './price-call.js';

export interface CountedCall {
  readonly observation: Observation;
  readonly cost: CallCost;
  /** False when its tokens are counted below it, or when it has none. */
  readonly hasTokens: boolean;
}

/**
 * The observations of one session whose amounts count. A span that repeats the amounts of those below it does not: an agent
 * that sums up its calls, a framework's span around the SDK's own. A call stays one though a tool inside it makes another.
 * A cost that was given for some work covers the calls inside it, which are not priced then.
 */
export function countedCalls(observations: readonly Observation[], pricer: Pricer): CountedCall[] {
  const children = childrenOf(observations);
  const givenBelow = reportedBelow(observations, ({ cost }) => cost !== undefined);
  const usageBelow = reportedBelow(observations, ({ usage }) => usage !== undefined);
  const isGiven = (observation: Observation): boolean =>
    observation.cost !== undefined && !isRepeated(observation, givenBelow);
  const covered = allBelow(observations.filter(isGiven), children);
  return observations.flatMap((observation) => {
    const hasTokens = observation.usage !== undefined && !isRepeated(observation, usageBelow);
    const given = isGiven(observation);
    if (!given && !hasTokens) return [];
    const cost = pricer.priceOf(observation);
    if (cost === undefined) return [];
    const isCovered = !given && (observation.cost !== undefined || covered.has(observation));
    return [{ observation, cost: isCovered ? COVERED : cost, hasTokens }];
  });
}

const COVERED: CallCost = { source: 'given', cost: 0 };

type Children = ReadonlyMap<string, readonly Observation[]>;

function childrenOf(observations: readonly Observation[]): Children {
  const children = new Map<string, Observation[]>();
  for (const observation of observations) {
    if (observation.parentId === undefined) continue;
    const key = `${observation.traceId} ${observation.parentId}`;
    const siblings = children.get(key);
    if (siblings === undefined) children.set(key, [observation]);
    else siblings.push(observation);
  }
  return children;
}

function allBelow(starts: readonly Observation[], children: Children): Set<Observation> {
  const below = new Set<Observation>();
  const waiting = [...starts];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const child of children.get(`${at.traceId} ${at.id}`) ?? []) {
      if (!below.has(child)) waiting.push(child);
      below.add(child);
    }
  }
  return below;
}

function isRepeated(observation: Observation, below: ReadonlyMap<Observation, Below>): boolean {
  const known = below.get(observation);
  return known !== undefined && (known.near || !isCall(observation));
}

interface Below {
  /** True when it is known without looking into tools and agents. */
  readonly near: boolean;
}

/** Which observations have one below them that reports. Each walk up ends where an earlier one has been. */
function reportedBelow(
  observations: readonly Observation[],
  reports: (observation: Observation) => boolean,
): Map<Observation, Below> {
  const byId = new Map(observations.map((each) => [`${each.traceId} ${each.id}`, each]));
  const below = new Map<Observation, Below>();
  for (const start of observations.filter(reports)) {
    let at = start;
    let near = true;
    for (;;) {
      near &&= at.type !== 'TOOL' && at.type !== 'AGENT';
      const parent = byId.get(`${at.traceId} ${at.parentId ?? ''}`);
      const known = parent && below.get(parent);
      if (parent === undefined || known?.near === true || (known !== undefined && !near)) break;
      below.set(parent, { near });
      at = parent;
    }
  }
  return below;
}

/** Only a model call is a leaf by nature; anything else that reports amounts repeats those of any call below it. */
function isCall({ type }: Observation): boolean {
  return type === 'GENERATION' || type === 'EMBEDDING' || type === 'RETRIEVAL';
}

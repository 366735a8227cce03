import type { CallCost, CostReport, CostTotals, ModelCost } from '../../../semconv/model/cost.js';
import type { Observation } from '../../../semconv/model/observation.js';
import type { Session } from '../../../semconv/model/session.js';
import { countedCalls } from './counted-calls.js';
import type { Pricer } from './price-call.js';

/** A session with its observations. */
export interface CostedSession {
  readonly session: Pick<Session, 'id' | 'experimentId'>;
  readonly observations: readonly Observation[];
}

type Totals = { -readonly [K in keyof CostTotals]: CostTotals[K] };

/** Adds up what sessions cost; each call once, however many spans repeat its amounts. */
export function costReport(sessions: Iterable<CostedSession>, pricer: Pricer): CostReport {
  const total = noCost();
  const models = new Map<string, Totals & Pick<ModelCost, 'provider' | 'model' | 'why'>>();
  const steps = new Map<string, CostReport['steps'][number]>();
  const bySession: CostReport['sessions'] = [];
  const experiments = new Map<string, CostReport['experiments'][number]>();
  for (const { session, observations } of sessions) {
    const { id: sessionId, experimentId } = session;
    const inSession = {
      ...noCost(),
      sessionId,
      ...(experimentId === undefined ? {} : { experimentId }),
    };
    bySession.push(inSession);
    const inExperiment = experimentId === undefined ? [] : [experiments.get(experimentId) ?? noCost()];
    if (experimentId !== undefined)
      experiments.set(experimentId, { ...noCost(), ...inExperiment[0], experimentId });
    for (const { observation, cost, hasTokens } of countedCalls(observations, pricer)) {
      const line = modelLine(models, observation);
      if (cost.why !== undefined) line.why ??= cost.why;
      const places: Totals[] = [total, inSession, line];
      if (observation.stepId !== undefined) places.push(stepLine(steps, sessionId, observation.stepId));
      const experiment = experimentId === undefined ? undefined : experiments.get(experimentId);
      if (experiment !== undefined) places.push(experiment);
      const tokens = hasTokens ? tokensOf(observation) : 0;
      for (const place of places) add(place, tokens, cost);
    }
  }
  return {
    total,
    models: [...models.values()].toSorted(dearestFirst),
    steps: [...steps.values()].toSorted(dearestFirst),
    sessions: bySession.toSorted(dearestFirst),
    experiments: [...experiments.values()].toSorted(dearestFirst),
  };
}

function modelLine(
  models: Map<string, Totals & Pick<ModelCost, 'provider' | 'model' | 'why'>>,
  observation: Observation,
): Totals & Pick<ModelCost, 'why'> {
  const model = observation.responseModel ?? observation.requestModel;
  const { provider } = observation;
  const key = JSON.stringify([provider, model]);
  let line = models.get(key);
  if (line === undefined) {
    line = {
      ...noCost(),
      ...(provider === undefined ? {} : { provider }),
      ...(model === undefined ? {} : { model }),
    };
    models.set(key, line);
  }
  return line;
}

function stepLine(
  steps: Map<string, CostReport['steps'][number]>,
  sessionId: string,
  stepId: string,
): Totals {
  const key = JSON.stringify([sessionId, stepId]);
  let line = steps.get(key);
  if (line === undefined) steps.set(key, (line = { ...noCost(), sessionId, stepId }));
  return line;
}

function noCost(): Totals {
  return { cost: 0, calls: 0, givenCalls: 0, unpricedCalls: 0, tokens: 0, unpricedTokens: 0 };
}

function add(totals: Totals, tokens: number, { source, cost = 0 }: CallCost): void {
  totals.calls += 1;
  totals.tokens += tokens;
  totals.cost += cost;
  if (source === 'given') totals.givenCalls += 1;
  if (source === 'unknown') {
    totals.unpricedCalls += 1;
    totals.unpricedTokens += tokens;
  }
}

function tokensOf({ usage = {} }: Observation): number {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage;
  return input + cacheRead + cacheWrite + output + reasoning;
}

function dearestFirst(a: CostTotals, b: CostTotals): number {
  return b.cost - a.cost || b.unpricedTokens - a.unpricedTokens;
}

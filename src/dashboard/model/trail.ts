import type { Observation } from '../../../semconv/model/observation.js';
import type { Session } from '../../../semconv/model/session.js';
import type { Step } from '../../../semconv/model/step.js';
import type { Selection } from './route.js';
import { groupBy } from './group-by.js';

/** A bar of the waterfall: both in per cent of the session's time. */
export interface Bar {
  left: number;
  width: number;
}

/** One line of a session's trail: a step, or an observation nested below what caused it. */
export type TrailRow = { key: string; depth: number; bar: Bar; selection: Selection } & (
  | { kind: 'step'; step: Step }
  | { kind: 'observation'; observation: Observation }
);

export interface TrailInput {
  session: Session;
  steps: readonly Step[];
  observations: readonly Observation[];
}

const DEEPEST = 12;

/** Steps in order, each followed by its observations, nested by parent; then what belongs to no step. */
export function buildTrail(input: TrailInput): TrailRow[] {
  const { steps, observations } = input;
  const toBar = barScale(input);
  const stepIds = new Set(steps.map((step) => step.id));
  const implicit = steps.find((step) => step.implicit)?.id ?? '';
  const byStep = groupBy(observations, (found) =>
    found.stepId !== undefined && stepIds.has(found.stepId) ? found.stepId : implicit,
  );
  // A session without steps of its own is a plain list of what happened.
  const plain = steps.every((step) => step.implicit);
  const rows: TrailRow[] = [];
  for (const step of steps.toSorted((a, b) => a.index - b.index)) {
    if (!plain) {
      const selection: Selection = { kind: 'step', id: step.id };
      rows.push({ kind: 'step', key: `step ${step.id}`, depth: 0, bar: toBar(step), selection, step });
    }
    rows.push(...nestObservations(byStep.get(step.id) ?? [], plain ? 0 : 1, toBar));
  }
  rows.push(...nestObservations(byStep.get('') ?? [], 0, toBar));
  return rows;
}

/** Children under their parent in order of start. A parent in a circle, or out of sight, counts as none. */
function nestObservations(
  observations: readonly Observation[],
  depth: number,
  toBar: (work: { startMs: number; endMs?: number }) => Bar,
): TrailRow[] {
  const ordered = observations.toSorted((a, b) => a.startMs - b.startMs);
  const ids = new Set(ordered.map((found) => found.id));
  const children = groupBy(ordered, (found) =>
    found.parentId !== undefined && ids.has(found.parentId) ? found.parentId : '',
  );
  const rows: TrailRow[] = [];
  const seen = new Set<Observation>();
  const pending: { observation: Observation; depth: number }[] = [];
  const push = (found: readonly Observation[], at: number): void => {
    for (const observation of found.toReversed()) pending.push({ observation, depth: at });
  };
  // What is left after the roots are only circles: they are shown flat.
  for (const start of [children.get('') ?? [], ordered]) {
    push(start, depth);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { observation } = next;
      if (seen.has(observation)) continue;
      seen.add(observation);
      rows.push({
        kind: 'observation',
        key: `${observation.traceId} ${observation.id}`,
        depth: Math.min(next.depth, DEEPEST),
        bar: toBar(observation),
        selection: { kind: 'observation', id: observation.id },
        observation,
      });
      push(children.get(observation.id) ?? [], next.depth + 1);
    }
  }
  return rows;
}

/** Maps times to per cent of the time between the first start and the last end. What is open reaches to the end. */
function barScale({
  session,
  steps,
  observations,
}: TrailInput): (work: { startMs: number; endMs?: number }) => Bar {
  let from = session.startMs;
  let to = session.endMs ?? session.startMs;
  for (const work of [...steps, ...observations]) {
    from = Math.min(from, work.startMs);
    to = Math.max(to, work.endMs ?? work.startMs);
  }
  if (session.endMs === undefined) to = Math.max(to, session.updatedMs);
  const span = to - from || 1;
  const percent = (ms: number): number => Math.round(Math.min(1, Math.max(0, ms / span)) * 10_000) / 100;
  return ({ startMs, endMs }) => {
    const left = percent(startMs - from);
    return { left, width: Math.max(0, Math.round((percent((endMs ?? to) - from) - left) * 100) / 100) };
  };
}

import type { SessionResponse } from '../../src/translator.js';
import { orderByContent } from './order-by-content.js';

type Observations = SessionResponse['observations'];

/**
 * Sessions in a form that is the same in every run: ids are numbered in order of appearance, times and ports are replaced.
 * Everything else stays, so that a golden file shows every field that users see. Observations are in the order of time, or
 * of what they say.
 */
export function normaliseSessions(
  sessions: readonly SessionResponse[],
  siblings: 'time' | 'content' = 'time',
): unknown {
  const names = new Map<string, string>();
  const ordered = sessions
    .map((response) => ({
      session: response.session,
      steps: response.steps.toSorted((a, b) => a.index - b.index),
      observations: siblings === 'time' ? inTreeOrder(response) : inContentOrder(response),
    }))
    .toSorted((a, b) =>
      siblings === 'time'
        ? a.session.startMs - b.session.startMs
        : labelOf(a.session).localeCompare(labelOf(b.session), 'en'),
    );
  for (const { session, steps, observations } of ordered) {
    name(names, 'session', session.id);
    for (const step of steps) name(names, 'step', step.id);
    for (const { traceId, parentId, id } of observations) {
      name(names, 'trace', traceId);
      if (parentId !== undefined) name(names, 'span', parentId);
      name(names, 'span', id);
    }
    for (const traceId of session.traceIds) name(names, 'trace', traceId);
  }
  return ordered.map((response) => replaced(response, '', names));
}

function labelOf({ name: label, task, userId }: SessionResponse['session']): string {
  return JSON.stringify([label, task, userId]);
}

function inContentOrder({ observations }: SessionResponse): Observations {
  return orderByContent(
    observations,
    (observation) => observation,
    (observation) => observation.name + JSON.stringify(replaced(observation, '', new Map())),
  );
}

/**
 * Parents before children, siblings by step and start. Starts are whole milliseconds: those that are the same are told apart by
 * name, and of one name by their ends.
 */
function inTreeOrder({ steps, observations }: SessionResponse): Observations {
  const ids = new Set(observations.map(({ id }) => id));
  const stepIndex = new Map(steps.map(({ id, index }) => [id, index]));
  const stepOf = ({ stepId = '' }: Observations[number]): number => stepIndex.get(stepId) ?? -1;
  const endOf = ({ endMs = Infinity }: Observations[number]): number => endMs;
  const below = (parentId: string | undefined): Observations =>
    observations
      .filter((each) => (ids.has(each.parentId ?? '') ? each.parentId : undefined) === parentId)
      .toSorted(
        (a, b) =>
          stepOf(a) - stepOf(b) ||
          a.startMs - b.startMs ||
          a.name.localeCompare(b.name, 'en') ||
          endOf(a) - endOf(b),
      )
      .flatMap((each) => [each, ...below(each.id)]);
  return below(undefined);
}

function name(names: Map<string, string>, kind: string, id: string): void {
  if (names.has(id)) return;
  const count = [...names.values()].filter((value) => value.startsWith(`${kind}-`)).length;
  names.set(id, `${kind}-${count + 1}`);
}

const TIMES = /(Ms|_ms|time_to_first_chunk)$/;
const VARYING = /(server\.port|process\.|host\.|service\.instance\.id|telemetry\.sdk\.version)/;

function replaced(value: unknown, key: string, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'number') return TIMES.test(key) ? 0 : VARYING.test(key) ? 'varies' : value;
  if (typeof value === 'string') return VARYING.test(key) ? 'varies' : renamed(value, names);
  if (Array.isArray(value)) return value.map((item) => replaced(item, key, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name_, item]) => [name_, replaced(item, name_, names)]),
  );
}

/** An id may be part of another: `trace:<trace id>`. */
function renamed(value: string, names: ReadonlyMap<string, string>): string {
  const exact = names.get(value);
  if (exact !== undefined) return exact;
  const prefixed = /^trace:(.*)$/.exec(value)?.[1];
  return prefixed === undefined ? value : `trace:${names.get(prefixed) ?? prefixed}`;
}

import type { Observation } from '../../../semconv/model/observation.js';
import type { Step } from '../../../semconv/model/step.js';
import { canonicalText, canonicalValue } from '../../shared/stuck/canonical-text.js';
import { stepForms } from '../../shared/stuck/move-forms.js';
import { hashText } from '../../shared/stuck/text-hash.js';
import type { Move } from './move.js';
import { callSignature, reasonOf, weightOf } from './observation-moves.js';
import { askedCalls, saidText } from './observed-calls.js';
import { oneLine } from './one-line.js';

const LABEL_LENGTH = 120;

/** Moves of a session that reports steps, in the order of their index; those that the translator made up are left out. */
export function stepMoves(
  sessionId: string,
  steps: readonly Step[],
  observations: readonly Observation[],
): Move[] {
  const inside = new Map<string, Observation[]>();
  for (const observation of observations) {
    if (observation.stepId === undefined) continue;
    const list = inside.get(observation.stepId);
    if (list === undefined) inside.set(observation.stepId, [observation]);
    else list.push(observation);
  }
  return steps
    .filter(({ implicit }) => !implicit)
    .toSorted(byIndex)
    .map((step) => stepMove(sessionId, step, inside.get(step.id) ?? []));
}

function stepMove(sessionId: string, step: Step, observations: readonly Observation[]): Move {
  const failed = observations.find(({ status, type }) => status === 'error' && type === 'TOOL');
  const isError = step.status === 'error' || (failed !== undefined && isOnlyTool(observations));
  const reason = failureReason(step, failed);
  const cost = step.cost ?? costOf(observations);
  return {
    id: step.id,
    sessionId,
    basis: 'steps',
    index: step.index,
    ...(step.previousId === undefined ? {} : { previousId: step.previousId }),
    ...saidBy(step, observations),
    isError,
    ...(isError ? { reason } : {}),
    ...(step.progress === undefined ? {} : { progress: String(step.progress) }),
    ...(step.screenshots?.[0] === undefined ? {} : { screenshot: step.screenshots[0] }),
    tokens: step.usage.total,
    ...(cost === undefined ? {} : { cost }),
    ms: step.endMs === undefined ? 0 : Math.max(0, step.endMs - step.startMs),
  };
}

type Said = Pick<
  Move,
  | 'stateLabel'
  | 'stateKey'
  | 'stateText'
  | 'exactState'
  | 'action'
  | 'actionShape'
  | 'actionLabel'
  | 'outcome'
  | 'message'
>;

function saidBy(step: Step, observations: readonly Observation[]): Said {
  const { id, stateKey, state, goal, action } = step;
  const tools = observations.filter(
    ({ type }) => type === 'TOOL' || type === 'RETRIEVAL' || type === 'EVENT',
  );
  const asked = tools.length > 0 ? [] : observations.flatMap(askedCalls);
  const calls = [
    ...tools.map(callSignature),
    ...asked.map(({ name, arguments: given }) => ({
      action: `${name} ${canonicalValue(given, 'action')}`,
      outcome: '',
    })),
  ];
  const words = calls.length > 0 ? '' : observations.map(saidText).join('\n').trim();
  const label = oneLine(action ?? (toolNames(observations) || words), LABEL_LENGTH);
  const name = named(step);
  const failure = step.status === 'error' ? (step.statusMessage ?? '') : undefined;
  const fallback = toolNames(observations);
  return {
    stateLabel: oneLine(stateKey ?? state ?? goal ?? name ?? fallback, LABEL_LENGTH),
    ...(stateKey === undefined ? {} : { stateKey }),
    ...stepForms({ id, stateKey, state, goal, name, action, actionLabel: label, calls, failure }, fallback),
    actionLabel: label,
    ...(words === '' ? {} : { message: hashText(canonicalText(words, 'outcome')) }),
  };
}

/** Among several tools, one may fail without the step failing. */
function isOnlyTool(observations: readonly Observation[]): boolean {
  return observations.filter(({ type }) => type === 'TOOL').length === 1;
}

function failureReason(step: Step, failed: Observation | undefined): string {
  const own = step.statusMessage ?? step.evalDescription;
  if (own !== undefined) return oneLine(own, 200);
  return failed === undefined ? 'error' : reasonOf(failed);
}

function costOf(observations: readonly Observation[]): number | undefined {
  const costs = observations.flatMap((observation) => weightOf(observation).cost ?? []);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}

/** `step` is the name that a step has when it was given none. */
function named({ name }: Step): string | undefined {
  return name === '' || name === 'step' ? undefined : name;
}

function toolNames(observations: readonly Observation[]): string {
  const names = observations.flatMap(({ type, tool, name }) => (type === 'TOOL' ? [tool?.name ?? name] : []));
  return [...new Set(names)].join(', ');
}

function byIndex(left: Step, right: Step): number {
  return left.index - right.index || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}

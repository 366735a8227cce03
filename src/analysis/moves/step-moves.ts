import type { Observation } from '../../../semconv/model/observation.js';
import type { Step } from '../../../semconv/model/step.js';
import { canonicalText } from '../../shared/stuck/canonical-text.js';
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
  const work = workOf(step, observations);
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
    ...stateOf(step, observations),
    ...work,
    isError,
    ...(isError ? { reason } : {}),
    ...(step.progress === undefined ? {} : { progress: String(step.progress) }),
    ...(step.screenshots?.[0] === undefined ? {} : { screenshot: step.screenshots[0] }),
    tokens: step.usage.total,
    ...(cost === undefined ? {} : { cost }),
    ms: step.endMs === undefined ? 0 : Math.max(0, step.endMs - step.startMs),
  };
}

type State = Pick<Move, 'stateLabel' | 'stateKey' | 'stateText' | 'exactState'>;

function stateOf(step: Step, observations: readonly Observation[]): State {
  const said = step.state ?? step.goal ?? named(step) ?? toolNames(observations);
  const exact = `${step.stateKey ?? ''} ${canonicalText(step.state ?? '', 'outcome')}`;
  return {
    stateLabel: oneLine(step.stateKey ?? said, LABEL_LENGTH),
    ...(step.stateKey === undefined ? {} : { stateKey: step.stateKey }),
    stateText: canonicalText(said, 'state'),
    exactState: hashText(step.state === undefined ? `${exact} ${canonicalText(said, 'outcome')}` : exact),
  };
}

type Work = Pick<Move, 'action' | 'actionShape' | 'actionLabel' | 'outcome' | 'message'>;

function workOf(step: Step, observations: readonly Observation[]): Work {
  const tools = observations.filter(
    ({ type }) => type === 'TOOL' || type === 'RETRIEVAL' || type === 'EVENT',
  );
  const signatures = tools.map(callSignature);
  const asked = tools.length > 0 ? [] : observations.flatMap(askedCalls);
  const did = [
    canonicalText(step.action ?? '', 'action'),
    ...signatures.map(({ action }) => action),
    ...asked.map(({ name, arguments: given }) => `${name} ${JSON.stringify(given) ?? ''}`),
  ];
  // A step that says neither what was seen nor what was done is like no other.
  const isKnown = did.some((text) => text !== '') || step.state !== undefined;
  const said = tools.length + asked.length > 0 ? '' : observations.map(saidText).join('\n').trim();
  const failure = step.status === 'error' ? `error ${step.statusMessage ?? ''}` : '';
  const label = step.action ?? (toolNames(observations) || oneLine(said, LABEL_LENGTH));
  return {
    action: hashText(isKnown ? did.join('\n') : `?${step.id}`),
    actionShape: hashText(canonicalText(label, 'state')),
    actionLabel: oneLine(label, LABEL_LENGTH),
    outcome: hashText(
      canonicalText(failure, 'outcome') + signatures.map(({ outcome }) => outcome).join('\n'),
    ),
    ...(said === '' ? {} : { message: hashText(canonicalText(said, 'outcome')) }),
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

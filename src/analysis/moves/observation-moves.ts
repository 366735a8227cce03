import type { Observation } from '../../../semconv/model/observation.js';
import { canonicalText, canonicalValue } from '../../shared/stuck/canonical-text.js';
import { type CallForms, callForms } from '../../shared/stuck/move-forms.js';
import { hashText } from '../../shared/stuck/text-hash.js';
import type { Move } from './move.js';
import { saidText } from './observed-calls.js';
import { type OrderedObservation, orderObservations } from './observation-order.js';
import { oneLine } from './one-line.js';
import { withUntracedTools } from './untraced-tools.js';

const LABEL_LENGTH = 120;

/**
 * Moves of a session that reports no steps: the calls of tools and what models say. A generation that asks for tools is part of
 * the first tool's move; tools that made no span of their own are read off what was asked and what came back.
 */
export function observationMoves(sessionId: string, observations: readonly Observation[]): Move[] {
  const moves: Move[] = [];
  let carried = NOTHING;
  for (const entry of withUntracedTools(orderObservations(observations), observations)) {
    if (entry.isCarrier) {
      carried = add(carried, weightOf(entry.observation));
      continue;
    }
    moves.push({
      ...readMove(sessionId, entry),
      index: moves.length,
      ...add(carried, weightOf(entry.observation)),
    });
    carried = NOTHING;
  }
  // Tools that never came: what it took to ask for them belongs to the end.
  const last = moves.pop();
  if (last !== undefined) moves.push({ ...last, ...add(last, carried) });
  return moves;
}

/** What was asked of a call, and what came of it. */
export function callSignature(observation: Observation): CallForms {
  const { id, tool, type, name, input, output, status, errorType, statusMessage } = observation;
  return callForms({
    id,
    kind: type,
    name: tool?.name ?? name,
    given: tool?.arguments ?? input,
    got: tool?.result ?? output,
    failure: status === 'error' ? `error ${errorType ?? ''} ${statusMessage ?? ''}` : undefined,
  });
}

function readMove(
  sessionId: string,
  { observation, agent }: OrderedObservation,
): Omit<Move, 'index' | 'tokens' | 'cost' | 'ms'> {
  const { id, type, name, tool, status } = observation;
  const shown = type === 'TOOL' ? (tool?.name ?? name) : name;
  const label = agent === undefined ? shown : `${agent}: ${shown}`;
  const isError = status === 'error';
  return {
    id,
    sessionId,
    basis: 'observations',
    stateLabel: oneLine(label, LABEL_LENGTH),
    stateKey: `${type} ${label}`,
    stateText: '',
    exactState: hashText(`${type} ${label}`),
    ...(type === 'GENERATION' ? generationWork(observation) : toolWork(observation)),
    actionShape: '',
    isError,
    ...(isError ? { reason: reasonOf(observation) } : {}),
    ...(observation.screenshots?.[0] === undefined ? {} : { screenshot: observation.screenshots[0] }),
  };
}

function toolWork(observation: Observation): Pick<Move, 'action' | 'actionLabel' | 'outcome'> {
  const { action, outcome } = callSignature(observation);
  const given = observation.tool?.arguments ?? observation.input;
  return {
    action: hashText(action),
    outcome: hashText(outcome),
    actionLabel: oneLine(given === undefined ? '' : textOf(given), LABEL_LENGTH),
  };
}

function generationWork(
  observation: Observation,
): Pick<Move, 'action' | 'actionLabel' | 'outcome' | 'message'> {
  const { id, status, errorType, statusMessage, inputMessages, input } = observation;
  const failure = status === 'error' ? `error ${errorType ?? ''} ${statusMessage ?? ''}` : '';
  const said = saidText(observation);
  const message = said === '' ? undefined : hashText(canonicalText(said, 'outcome'));
  const asked = canonicalValue(inputMessages ?? input, 'action');
  return {
    // What was said before makes two calls differ, though the answer may be the same.
    action: hashText(asked === '' && message === undefined ? `?${id}` : asked),
    outcome: hashText(canonicalText(failure, 'outcome') + (message ?? '')),
    actionLabel: oneLine(said, LABEL_LENGTH),
    ...(message === undefined ? {} : { message }),
  };
}

/** Why an observation failed, in the words of whoever reported it. */
export function reasonOf({
  errorType,
  statusMessage,
}: Pick<Observation, 'errorType' | 'statusMessage'>): string {
  const both = [errorType, statusMessage].filter((part) => part !== undefined && part !== '');
  return oneLine(both.length === 0 ? 'error' : [...new Set(both)].join(': '), 200);
}

type Weight = Pick<Move, 'tokens' | 'ms'> & { cost?: number };

const NOTHING: Weight = { tokens: 0, ms: 0 };

/** What an observation took by itself. */
export function weightOf({ usage, cost, startMs, endMs }: Observation): Weight {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage ?? {};
  return {
    tokens: input + cacheRead + cacheWrite + output + reasoning,
    ms: endMs === undefined ? 0 : Math.max(0, endMs - startMs),
    ...(cost === undefined ? {} : { cost }),
  };
}

function add(left: Weight, right: Weight): Weight {
  const isPriced = left.cost !== undefined || right.cost !== undefined;
  return {
    tokens: left.tokens + right.tokens,
    ms: left.ms + right.ms,
    ...(isPriced ? { cost: (left.cost ?? 0) + (right.cost ?? 0) } : {}),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

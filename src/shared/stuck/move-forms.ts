import { canonicalText, canonicalValue } from './canonical-text.js';
import { hashText } from './text-hash.js';

/** A call that was made inside a move. */
export interface CallFacts {
  /** Of the span: where nothing was captured, a call is like no other. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly given?: unknown;
  readonly got?: unknown;
  /** What the failure says; undefined when there is none. */
  readonly failure?: string | undefined;
}

/** What a call asked and what it brought, as compared texts. */
export interface CallForms {
  readonly action: string;
  readonly outcome: string;
}

export function callForms({ id, kind, name, given, got, failure }: CallFacts): CallForms {
  const isKnown = given !== undefined || got !== undefined;
  const asked = isKnown ? canonicalValue(given, 'action') : `?${id}`;
  return {
    action: `${kind} ${name} ${asked}`,
    outcome: canonicalText(failure ?? '', 'outcome') + canonicalValue(got, 'outcome'),
  };
}

/** What a step says of itself. */
export interface StepTexts {
  readonly id: string;
  readonly stateKey?: string | undefined;
  readonly state?: string | undefined;
  readonly goal?: string | undefined;
  /** Undefined for a step without a name of its own. */
  readonly name?: string | undefined;
  readonly action?: string | undefined;
  /** What stands for an action that is not told. */
  readonly actionLabel: string;
  readonly calls: readonly CallForms[];
  readonly failure?: string | undefined;
}

/** What steps are compared by. All but `stateText` are hashes; an outcome of which nothing is known is empty. */
export interface StepForms {
  readonly stateText: string;
  readonly exactState: string;
  readonly action: string;
  readonly actionShape: string;
  readonly outcome: string;
}

export function stepForms(step: StepTexts, fallbackState: string): StepForms {
  const { stateKey, state, goal, name, action, calls, failure } = step;
  const said = state ?? goal ?? name ?? fallbackState;
  const did = [canonicalText(action ?? '', 'action'), ...calls.map((call) => call.action)];
  // A step that says neither what was seen nor what was done is like no other.
  const isKnown = state !== undefined || did.some((text) => text !== '');
  const outcome =
    canonicalText(failure === undefined ? '' : `error ${failure}`, 'outcome') +
    calls.map((call) => call.outcome).join('\n');
  return {
    stateText: canonicalText(said, 'state'),
    exactState: hashText(`${stateKey ?? ''} ${canonicalText(said, 'outcome')}`),
    action: hashText(isKnown ? did.join('\n') : `?${step.id}`),
    actionShape: hashText(canonicalText(step.actionLabel, 'state')),
    outcome: outcome.trim() === '' ? '' : hashText(outcome),
  };
}

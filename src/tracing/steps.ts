import { activeContext, enterContext, runInContext } from './active-context.js';
import { warnOnce } from './diag.js';
import { guarded } from './guarded.js';
import { sessionOf } from './session.js';
import {
  changeForeignStep,
  changeStep,
  closeStep,
  failStep,
  knownStep,
  onlyOpenStep,
  openStep,
  stepOf,
  type StepFields,
  type StepState,
} from './step.js';
import { runSettled } from './when-settled.js';

/** A step in the hand of the program. No method throws. */
export interface StepHandle {
  readonly concept: 'step';
  readonly id: string;
  /** Changes facts; after the end this is an amendment. */
  update(fields: StepFields): void;
  /** Ends the step. A second end only says what is new. */
  end(fields?: StepFields): void;
  /** Runs `fn` inside the step, without ending it. */
  run<R>(fn: () => R): R;
}

type WithStepId = StepFields & { stepId?: string; step_id?: string };

/**
 * Opens a step, which is the active one for the rest of this async context. An open step of this context is ended first.
 * Steps that run side by side belong in `withStep`.
 * @example
 * createStep({ state: page.url(), goal: 'Find a kettle', action: 'search', screenshot: await page.screenshot() });
 * endStep({ evalScore: 0.8 });
 * @throws SpoorError SPOOR_STEP_OPEN when `strictSteps` is on and a step is open.
 */
export function createStep(fields: StepFields = {}): StepHandle {
  return guarded('createStep', EMPTY_STEP, () => {
    const step = openStep(fields, false);
    enterContext(step.context);
    return handleOf(step);
  });
}

/**
 * Runs `fn` in a step of its own, which ends when `fn` does. When `fn` throws, the step gets score 0 and the message, and
 * the same error goes on. Steps may nest and may run side by side.
 * @example
 * const results = await withStep({ name: 'search', goal: 'Find a kettle' }, () => search('kettle'));
 */
export function withStep<R>(fields: StepFields, fn: (step: StepHandle) => R): R {
  const step = guarded('withStep', undefined, () => openStep(fields, true));
  if (step === undefined) return fn(EMPTY_STEP);
  return runSettled(() => runInContext(step.context, fn, undefined, handleOf(step)), {
    done: () => closeStep(step, {}),
    failed: (error) => failStep(step, error),
  });
}

/**
 * Changes facts of the active step, or of the one that `stepId` names, also after its end.
 * @example
 * updateStep({ action: 'clicked the second result' });
 * updateStep({ stepId, evalScore: 0.2, evalDescription: 'the wrong kettle' });
 */
export function updateStep(fields: WithStepId = {}): void {
  guarded('updateStep', undefined, () => {
    const id = fields.stepId ?? fields.step_id;
    const step = id === undefined ? activeStep('updateStep') : knownStep(id);
    if (step !== undefined) changeStep(step, fields);
    else if (id !== undefined) changeForeignStep(id, fields, sessionOf(activeContext())?.id);
  });
}

/**
 * Ends the active step, or the one that `stepId` names.
 * @example
 * endStep({ evalScore: 1, evalDescription: 'found at once' });
 */
export function endStep(fields: WithStepId = {}): void {
  guarded('endStep', undefined, () => {
    const id = fields.stepId ?? fields.step_id;
    const step = id === undefined ? activeStep('endStep') : knownStep(id);
    if (step !== undefined) closeStep(step, fields);
    else if (id !== undefined) changeForeignStep(id, fields, sessionOf(activeContext())?.id);
  });
}

/**
 * The active step of this async context, if there is one.
 * @example
 * currentStep()?.update({ stateKey: 'results' });
 */
export function currentStep(): StepHandle | undefined {
  return guarded('currentStep', undefined, () => {
    const step = stepOf(activeContext());
    return step === undefined ? undefined : handleOf(step);
  });
}

function activeStep(caller: string): StepState | undefined {
  const context = activeContext();
  const step = stepOf(context) ?? onlyOpenStep(sessionOf(context));
  if (step === undefined) warnOnce(`${caller}:none`, `${caller}: no step is open here`);
  return step;
}

function handleOf(step: StepState): StepHandle {
  return {
    concept: 'step',
    id: step.id,
    update: (fields) => guarded('step.update', undefined, () => changeStep(step, fields)),
    end: (fields = {}) => guarded('step.end', undefined, () => closeStep(step, fields)),
    run: (fn) => runInContext(step.context, fn),
  };
}

const EMPTY_STEP: StepHandle = {
  concept: 'step',
  id: '',
  update: () => undefined,
  end: () => undefined,
  run: (fn) => fn(),
};

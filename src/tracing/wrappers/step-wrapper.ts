import type { Context } from '@opentelemetry/api';
import { ATTR_SPOOR_OUTCOME } from '../../../semconv/spoor-attributes.js';
import { isSilent } from '../sampling.js';
import { closeStep, failStep, openStep, type StepFields, type StepState } from '../step.js';
import { streamAttributes, type CallEnding, type CallSpan } from './call-span.js';
import { createWrapper } from './create-wrapper.js';
import type { Wrapper } from './wrapper.js';

const OPTIONS = [
  'name',
  'state',
  'stateKey',
  'goal',
  'action',
  'evalScore',
  'evalDescription',
  'screenshot',
  'screenshotPath',
] as const;

/** The wrapper `step`: `late-wrappers.ts` says what it is for. */
export const step: Wrapper<StepFields> = createWrapper<StepFields>({
  name: 'step',
  options: OPTIONS,
  aliases: { stepName: 'name' },
  prepare: (fields, fnName) => {
    const named: StepFields = fnName === '' ? fields : { name: fnName, ...fields };
    return {
      type: 'SPAN',
      open: () => (isSilent() ? undefined : new StepCall(openStep(named, true))),
    };
  },
});

class StepCall implements CallSpan {
  readonly context: Context;
  private readonly state: StepState;

  constructor(state: StepState) {
    this.context = state.context;
    this.state = state;
  }

  outputLength(): number {
    return 0;
  }

  end({ outcome, error, stream }: CallEnding): void {
    const { state } = this;
    const attributes = streamAttributes(stream);
    if (outcome === 'failed') {
      if (!state.ended) state.span.setAttributes(attributes);
      failStep(state, error);
    } else if (outcome === 'completed') {
      closeStep(state, {}, attributes);
    } else {
      closeStep(state, {}, { ...attributes, [ATTR_SPOOR_OUTCOME]: outcome });
    }
  }
}

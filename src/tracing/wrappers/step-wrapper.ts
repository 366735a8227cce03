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

/**
 * Runs each call of a function as a step of its own, which ends when the call does; what is called inside belongs to it.
 * When the function throws, the step gets score 0 and the message, and the same error goes on.
 * @throws SpoorError SPOOR_WRAP_REFUSED for what is no function, SPOOR_OPTION_UNKNOWN for an option that does not exist.
 * @example
 * const login = step({ name: 'log in', goal: 'a session' })(async (page: Page) => page.login());
 */
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

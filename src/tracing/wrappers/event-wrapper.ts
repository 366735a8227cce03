import { trace, type Attributes, type Context } from '@opentelemetry/api';
import {
  ATTR_SPOOR_EVENT_IS_SUCCESSFUL,
  ATTR_SPOOR_EVENT_RESULT,
  ATTR_SPOOR_OUTCOME,
} from '../../../semconv/spoor-attributes.js';
import { currentContentPolicy } from '../../config/content-policy.js';
import { booleanValue } from '../attribute-values.js';
import { closeEvent, startEvent, type EventFields, type EventOptions, type EventState } from '../event.js';
import { isSilent } from '../sampling.js';
import { failSpan } from '../span-error.js';
import { callInput } from './call-input.js';
import { streamAttributes, type CallEnding, type CallSpan } from './call-span.js';
import { createWrapper } from './create-wrapper.js';
import { wantsContent } from './wants-content.js';
import type { Wrapper } from './wrapper.js';

/** Options of `event`. Snake-case names are accepted too. */
export interface EventWrapOptions extends Omit<EventFields, 'isFinished'> {
  /** Default: as the content policy says (`captureContent`). */
  readonly captureInput?: boolean;
  /** Default: as the content policy says (`captureContent`). */
  readonly captureOutput?: boolean;
}

const OPTIONS = [
  'name',
  'description',
  'result',
  'isSuccessful',
  'model',
  'cost',
  'functionName',
  'arguments',
  'screenshot',
  'screenshotPath',
  'screenshots',
  'captureInput',
  'captureOutput',
] as const;

/** The wrapper `event`: `late-wrappers.ts` says what it is for. */
export const event: Wrapper<EventWrapOptions> = createWrapper<EventWrapOptions>({
  name: 'event',
  options: OPTIONS,
  aliases: { costAdded: 'cost' },
  prepare: (fields, fnName) => {
    const { captureInput, captureOutput, ...facts } = fields;
    const keepsArguments = booleanValue(captureInput);
    const keepsResult = booleanValue(captureOutput);
    const options: EventOptions = fnName === '' ? facts : { name: fnName, functionName: fnName, ...facts };
    return {
      type: 'EVENT',
      open: (args) => {
        if (isSilent()) return undefined;
        const given = wantsContent(keepsArguments, 'toolArguments') ? { arguments: callInput(args) } : {};
        return new EventCall({ ...given, ...options }, keepsResult);
      },
    };
  },
});

class EventCall implements CallSpan {
  readonly context: Context;
  private readonly state: EventState;
  private readonly keepsResult: boolean | undefined;

  constructor(options: EventOptions, keepsResult: boolean | undefined) {
    const { event: state, context } = startEvent(options);
    this.context = trace.setSpan(context, state.span);
    this.state = state;
    this.keepsResult = keepsResult;
  }

  outputLength(): number {
    return wantsContent(this.keepsResult, 'output') ? currentContentPolicy().maxLength : 0;
  }

  end({ outcome, value, error, stream }: CallEnding): void {
    const { state } = this;
    const fields: EventFields = {};
    const said = (state.span as { attributes?: Attributes }).attributes ?? {};
    if (!state.ended) {
      const attributes = streamAttributes(stream);
      if (outcome !== 'completed') attributes[ATTR_SPOOR_OUTCOME] = outcome;
      state.span.setAttributes(attributes);
      if (outcome === 'failed') failSpan(state.span, error);
    }
    if (said[ATTR_SPOOR_EVENT_IS_SUCCESSFUL] === undefined) fields.isSuccessful = outcome !== 'failed';
    if (said[ATTR_SPOOR_EVENT_RESULT] === undefined && wantsContent(this.keepsResult, 'output')) {
      fields.result = stream === undefined ? value : stream.output;
    }
    closeEvent(state, fields);
  }
}

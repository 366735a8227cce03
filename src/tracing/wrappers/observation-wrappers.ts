import type { ObservationType } from '../../../semconv/model/observation.js';
import { booleanValue, listValue, nameValue, textValue } from '../attribute-values.js';
import { parseObservationType } from '../observation-kinds.js';
import { createWrapper, type Prepared } from './create-wrapper.js';
import { observeCalls } from './observed-call.js';
import type { Wrapper } from './wrapper.js';

/** Options of the wrappers that observe. Snake-case names are accepted too. */
export interface WrapOptions {
  /** Default: the function's own name. */
  readonly name?: string;
  /** One of the nine types, in any case. Default: that of the wrapper. */
  readonly type?: ObservationType | Lowercase<ObservationType> | (string & {});
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  /** Default: as the content policy says (`captureContent`). */
  readonly captureInput?: boolean;
  /** Default: as the content policy says (`captureContent`). */
  readonly captureOutput?: boolean;
  /** Name of the model that is asked. */
  readonly model?: string;
  readonly description?: string;
  readonly capture_input?: boolean;
  readonly capture_output?: boolean;
}

/** Options of `prompt`. */
export interface PromptOptions extends WrapOptions {
  /** Whether usage, model and finish reasons are read from what comes back. Default: true. */
  readonly captureTokens?: boolean;
  readonly capture_tokens?: boolean;
}

const OPTIONS = [
  'name',
  'type',
  'metadata',
  'tags',
  'captureInput',
  'captureOutput',
  'model',
  'description',
  'captureTokens',
] as const;
const ALIASES = { observationType: 'type' } as const;

function observationWrapper<Options>(name: string, type: ObservationType): Wrapper<Options> {
  return createWrapper<Options>({
    name,
    options: OPTIONS,
    aliases: ALIASES,
    prepare: (fields, fnName) => prepare(fields, fnName, type),
  });
}

function prepare(
  fields: Readonly<Record<string, unknown>>,
  fnName: string,
  usual: ObservationType,
): Prepared {
  const type = fields['type'] === undefined ? usual : parseObservationType(fields['type']);
  const open = observeCalls({
    type,
    name: nameValue(fields['name']) ?? (fnName === '' ? type.toLowerCase() : fnName),
    model: nameValue(fields['model']),
    description: textValue(fields['description']),
    tags: listValue(fields['tags']),
    metadata: fields['metadata'],
    captureInput: booleanValue(fields['captureInput']),
    captureOutput: booleanValue(fields['captureOutput']),
    readsAnswer: type === 'GENERATION' && fields['captureTokens'] !== false,
  });
  return { type, open };
}

/** The wrappers that observe: `late-wrappers.ts` says what each is for. */
export const agent: Wrapper<WrapOptions> = observationWrapper('agent', 'AGENT');
export const tool: Wrapper<WrapOptions> = observationWrapper('tool', 'TOOL');
export const prompt: Wrapper<PromptOptions> = observationWrapper('prompt', 'GENERATION');
export const trace: Wrapper<WrapOptions> = observationWrapper('trace', 'SPAN');
export const retrieval: Wrapper<WrapOptions> = observationWrapper('retrieval', 'RETRIEVAL');
export const embedding: Wrapper<WrapOptions> = observationWrapper('embedding', 'EMBEDDING');
export const chain: Wrapper<WrapOptions> = observationWrapper('chain', 'CHAIN');

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

/**
 * Observes a function as an agent: a span around each call, with arguments and result as far as content is captured. What
 * is called inside becomes its children. Without a trace around it, it begins one.
 *
 * The wrapped function is the function itself for everybody who looks: results, errors, `this`, properties and types stay.
 * When it returns, or comes to, a generator, an async iterable, a stream or an event emitter, the span stays open until that
 * has been consumed, was left or broke; one that is dropped, or silent for half an hour, ends the span as `abandoned`. An
 * emitter is over with `end`, `close`, `error` or `finish`, and gets no listener.
 * @throws SpoorError SPOOR_WRAP_REFUSED for what is no function, SPOOR_OPTION_UNKNOWN for an option that does not exist.
 * @example
 * const answer = agent({ name: 'researcher' }, async (question: string) => ask(question));
 */
export const agent: Wrapper<WrapOptions> = observationWrapper('agent', 'AGENT');

/**
 * Observes a function as a tool, with its arguments and result. Otherwise as `agent`.
 * @example
 * class Shop {
 *   @tool({ description: 'Looks up a price' })
 *   price(item: string): number { return prices[item] ?? 0; }
 * }
 */
export const tool: Wrapper<WrapOptions> = observationWrapper('tool', 'TOOL');

/**
 * Observes a function that asks a model. Usage, model, id and finish reasons are read from what it returns, or from the
 * chunks of the stream that it returns, in the shapes of all known providers. Otherwise as `agent`.
 * @example
 * const complete = prompt({ model: 'model-a' }, (text: string) => client.complete({ prompt: text }));
 */
export const prompt: Wrapper<PromptOptions> = observationWrapper('prompt', 'GENERATION');

/**
 * Observes a function as an observation of any type, by default a plain span. Otherwise as `agent`.
 * @throws SpoorError SPOOR_OBSERVATION_TYPE_UNKNOWN for a type that does not exist.
 * @example
 * const judge = trace({ type: 'evaluation' }, (answer: string) => answer.length > 0);
 */
export const trace: Wrapper<WrapOptions> = observationWrapper('trace', 'SPAN');

/**
 * Observes a function that looks something up. Otherwise as `agent`.
 * @example
 * const search = retrieval({ name: 'handbook' }, (query: string) => index.search(query));
 */
export const retrieval: Wrapper<WrapOptions> = observationWrapper('retrieval', 'RETRIEVAL');

/**
 * Observes a function that turns text into vectors. Otherwise as `agent`.
 * @example
 * const embed = embedding({ model: 'model-e', captureOutput: false }, (texts: string[]) => client.embed(texts));
 */
export const embedding: Wrapper<WrapOptions> = observationWrapper('embedding', 'EMBEDDING');

/**
 * Observes a function that links other work together. Otherwise as `agent`.
 * @example
 * const pipeline = chain(async (question: string) => answer(await search(question)));
 */
export const chain: Wrapper<WrapOptions> = observationWrapper('chain', 'CHAIN');

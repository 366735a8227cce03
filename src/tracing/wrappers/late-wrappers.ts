import { lateModule } from '../../shared/late.js';
import { warnOnce } from '../diag.js';
import type { StepFields } from '../step.js';
import type * as EventNamespace from './event-wrapper.js';
import type { EventWrapOptions } from './event-wrapper.js';
import type * as ObservationNamespace from './observation-wrappers.js';
import type { PromptOptions, WrapOptions } from './observation-wrappers.js';
import type * as StepNamespace from './step-wrapper.js';
import type { Wrapper } from './wrapper.js';

/** The wrappers as programs call them. What they are made of is loaded when the first function is wrapped. */
const observations = lateModule<typeof ObservationNamespace>('./observation-wrappers.js', import.meta.url);
const events = lateModule<typeof EventNamespace>('./event-wrapper.js', import.meta.url);
const steps = lateModule<typeof StepNamespace>('./step-wrapper.js', import.meta.url);

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
export const agent: Wrapper<WrapOptions> = lateWrapper('agent', () => observations().agent);

/**
 * Observes a function as a tool, with its arguments and result. Otherwise as `agent`.
 * @example
 * class Shop {
 *   @tool({ description: 'Looks up a price' })
 *   price(item: string): number { return prices[item] ?? 0; }
 * }
 */
export const tool: Wrapper<WrapOptions> = lateWrapper('tool', () => observations().tool);

/**
 * Observes a function that asks a model. Usage, model, id and finish reasons are read from what it returns, or from the
 * chunks of the stream that it returns, in the shapes of all known providers. Otherwise as `agent`.
 * @example
 * const complete = prompt({ model: 'model-a' }, (text: string) => client.complete({ prompt: text }));
 */
export const prompt: Wrapper<PromptOptions> = lateWrapper('prompt', () => observations().prompt);

/**
 * Observes a function as an observation of any type, by default a plain span. Otherwise as `agent`.
 * @throws SpoorError SPOOR_OBSERVATION_TYPE_UNKNOWN for a type that does not exist.
 * @example
 * const judge = trace({ type: 'evaluation' }, (answer: string) => answer.length > 0);
 */
export const trace: Wrapper<WrapOptions> = lateWrapper('trace', () => observations().trace);

/**
 * Observes a function that looks something up. Otherwise as `agent`.
 * @example
 * const search = retrieval({ name: 'handbook' }, (query: string) => index.search(query));
 */
export const retrieval: Wrapper<WrapOptions> = lateWrapper('retrieval', () => observations().retrieval);

/**
 * Observes a function that turns text into vectors. Otherwise as `agent`.
 * @example
 * const embed = embedding({ model: 'model-e', captureOutput: false }, (texts: string[]) => client.embed(texts));
 */
export const embedding: Wrapper<WrapOptions> = lateWrapper('embedding', () => observations().embedding);

/**
 * Observes a function that links other work together. Otherwise as `agent`.
 * @example
 * const pipeline = chain(async (question: string) => answer(await search(question)));
 */
export const chain: Wrapper<WrapOptions> = lateWrapper('chain', () => observations().chain);

/**
 * Makes each call of a function an event of its own, with the function's name, arguments and result, and whether it
 * succeeded. What is called inside belongs to it, and `updateEvent` there changes it: what the function says of its event
 * itself stands.
 * @throws SpoorError SPOOR_WRAP_REFUSED for what is no function, SPOOR_OPTION_UNKNOWN for an option that does not exist.
 * @example
 * const search = event({ description: 'Searches the shop' })((query: string) => shop.search(query));
 */
export const event: Wrapper<EventWrapOptions> = lateWrapper('event', () => events().event);

/**
 * Runs each call of a function as a step of its own, which ends when the call does; what is called inside belongs to it.
 * When the function throws, the step gets score 0 and the message, and the same error goes on.
 * @throws SpoorError SPOOR_WRAP_REFUSED for what is no function, SPOOR_OPTION_UNKNOWN for an option that does not exist.
 * @example
 * const login = step({ name: 'log in', goal: 'a session' })(async (page: Page) => page.login());
 */
export const step: Wrapper<StepFields> = lateWrapper('step', () => steps().step);

function lateWrapper<Options>(name: string, load: () => Wrapper<Options>): Wrapper<Options> {
  const apply = (...args: unknown[]): unknown => {
    const wrapper = loaded(load) as unknown as ((...args: unknown[]) => unknown) | undefined;
    return wrapper === undefined ? passedBy(args) : wrapper(...args);
  };
  return Object.defineProperty(apply, 'name', { value: name }) as unknown as Wrapper<Options>;
}

function loaded<T>(load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    warnOnce('wrappers', 'the wrappers could not be loaded; functions are left as they are', error);
    return undefined;
  }
}

/** Every form of a wrapper that leaves alone what it is given: a decorator that returns nothing changes nothing. */
function passedBy([first, second]: readonly unknown[]): unknown {
  if (typeof second === 'function') return second;
  if (second !== undefined) return undefined;
  return typeof first === 'function' ? first : (...member: unknown[]): unknown => passedBy(member);
}

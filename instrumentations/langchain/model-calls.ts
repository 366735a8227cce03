import type { CallMapper, Unpatch } from '../../src/instrument/call-mapper.js';
import { coverCalls, coverOf, type Cover } from '../../src/instrument/cover.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod, type Caller } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { traceCall, type TracedMethod } from '../../src/instrument/trace-call.js';
import { activeContext, runInContext } from '../../src/instrument/context.js';
import { chatInput, chatRequest, completionInput, completionRequest } from './request.js';
import { chatOutput, chatResponse } from './response.js';
import { conversationOf, parentContext } from './run-context.js';
import { bindGenerator } from './run-streams.js';
import { chatReducer } from './stream.js';

/**
 * Calls of models. A model is traced where it does its work, in `_generate` and `_streamResponseChunks`: that is once a real
 * call, cached answers and LangChain's own bookkeeping left out. These are methods of each model's own class, so a class is
 * patched when the first of its models is used.
 */
const CHAT: CallMapper = {
  request: withConversation(chatRequest),
  input: chatInput,
  response: chatResponse,
  output: chatOutput,
  reducer: chatReducer,
  signal: ([, options]) => {
    const { signal } = fieldsOf(options);
    return signal instanceof AbortSignal ? signal : undefined;
  },
};
const COMPLETION: CallMapper = {
  ...CHAT,
  request: withConversation(completionRequest),
  input: completionInput,
};

function withConversation(read: CallMapper['request']): CallMapper['request'] {
  return (args, model) => ({ ...read(args, model), conversationId: conversationOf(activeContext()) });
}

const METHODS = ['_generate', '_streamResponseChunks'] as const;

/** Patches what a model's class does for a call, before the model does it. */
export function callOfModel(base: object, late: Unpatch[]): Caller {
  return (model, args, original) => {
    guard('model class', () => patchModelClass(model, base, late));
    return Reflect.apply(original, model, args);
  };
}

function patchModelClass(model: unknown, base: object, late: Unpatch[]): void {
  const type = (model as { _modelType?: () => unknown })._modelType?.();
  const mapper = type === 'base_llm' ? COMPLETION : CHAT;
  for (const method of METHODS) {
    const owner = ownerOf(model, method);
    // The base class has these methods only to say that they are missing.
    if (owner === undefined || owner === base) continue;
    const read = method === '_generate' ? mapper : { ...mapper, request: asStream(mapper.request) };
    const traced: TracedMethod = { sdk: 'langchain', label: method, mapper: read, clientOf: (one) => one };
    late.push(...patchMethod(owner, method, callModel(traced)));
  }
}

function asStream(read: CallMapper['request']): CallMapper['request'] {
  return (args, model) => ({ ...read(args, model), stream: true });
}

/** The prototype that has the method as its own. */
export function ownerOf(instance: unknown, method: string): object | undefined {
  let owner: object | null = Object.getPrototypeOf(instance) as object | null;
  while (owner !== null && !Object.hasOwn(owner, method))
    owner = Object.getPrototypeOf(owner) as object | null;
  return owner ?? undefined;
}

function callModel(traced: TracedMethod): Caller {
  return (model, args, original) => {
    const active = activeContext();
    // A model that hands its call on to another one, or to its own streaming: one call.
    if (coverOf(active)?.span !== undefined) return Reflect.apply(original, model, args);
    const cover: Cover = { span: undefined };
    let inside = active;
    const run: typeof original = function (this: unknown, ...given) {
      inside = activeContext();
      return Reflect.apply(original, this, given);
    };
    const parent = guard('parent of a call', () => parentContext(managerIn(args))) ?? active;
    const result = runInContext(coverCalls(parent, cover), () => traceCall(traced, run, model, args));
    // Its steps are taken in the context of whoever reads; what the provider's SDK does belongs to the call.
    if (cover.span !== undefined) bindGenerator(result, inside);
    return result;
  };
}

/** `(messages, options, runManager)` */
function managerIn(args: readonly unknown[]): unknown {
  return fieldsOf(args[2]);
}

import type { CallMapper, CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { traceCall, type TracedMethod } from '../../src/instrument/trace-call.js';
import { keepProviderReader, tracesItself } from './instrumentation-native.js';
import * as request from './request.js';
import * as response from './response.js';
import { createCompletionReducer } from './stream.js';

const completions = {
  response: (value: unknown) => response.completionResponse(fieldsOf(value)),
  output: (value: unknown) => response.completionOutput(fieldsOf(value)),
};

const chat: CallMapper = {
  request: (args, client) => request.chatRequest(fieldsOf(args[0]), fieldsOf(client)),
  input: (args) => request.chatInput(fieldsOf(args[0])),
  ...completions,
};

const fim: CallMapper = {
  request: (args, client) => request.completionRequest(fieldsOf(args[0]), fieldsOf(client)),
  input: (args) => request.completionInput(fieldsOf(args[0])),
  ...completions,
};

const embeddings: CallMapper = {
  request: (args, client) => request.embeddingsRequest(fieldsOf(args[0]), fieldsOf(client)),
  input: (args) => request.embeddingsInput(fieldsOf(args[0])),
  response: completions.response,
  output: () => ({}),
};

function streamed(mapper: CallMapper): CallMapper {
  return {
    ...mapper,
    request: (args, client) => ({ ...mapper.request(args, client), stream: true }),
    reducer: createCompletionReducer,
  };
}

/** Each method makes one request. None calls another of them. */
const METHODS: Readonly<Record<string, Readonly<Record<string, CallMapper>>>> = {
  chat: { complete: chat, parse: chat, stream: streamed(chat), parseStream: streamed(chat) },
  agents: { complete: chat, stream: streamed(chat) },
  fim: { complete: fim, stream: streamed(fim) },
  embeddings: { create: embeddings },
};

export const definition: CustomSdk = {
  patchModule: (moduleExports) => {
    const client = fieldsOf(moduleExports)['Mistral'];
    if (typeof client !== 'function') return keepProviderReader(moduleExports);
    return Object.keys(METHODS).flatMap((resource) => patchGetter(client.prototype as object, resource));
  },
  patchClient: (client) =>
    Object.keys(METHODS).flatMap((name) => patchResource(name, fieldsOf(client)[name])),
};

/**
 * The classes of the resources are not exported. The client makes each resource when it is first asked for, by a getter: the
 * getter that stands here for that time patches the class of what was made.
 */
function patchGetter(prototype: object, resource: string): Unpatch[] {
  const original = Object.getOwnPropertyDescriptor(prototype, resource);
  const make = original?.get;
  if (original === undefined || make === undefined || original.configurable !== true) return [];
  let undo: Unpatch[] | undefined;
  let isEnabled = true;
  const get = {
    get(this: unknown): unknown {
      const made: unknown = Reflect.apply(make, this, []);
      if (isEnabled && undo === undefined) undo = guard('patch', () => patchResource(resource, made)) ?? [];
      return made;
    },
  }.get;
  Object.defineProperty(get, 'name', { value: make.name, configurable: true });
  Object.defineProperty(prototype, resource, { ...original, get });
  return [
    () => {
      isEnabled = false;
      for (const unpatch of undo ?? []) unpatch();
      if (Object.getOwnPropertyDescriptor(prototype, resource)?.get === get) {
        Object.defineProperty(prototype, resource, original);
      }
    },
  ];
}

function patchResource(name: string, resource: unknown): Unpatch[] {
  if (typeof resource !== 'object' || resource === null) return [];
  return Object.entries(METHODS[name] ?? {}).flatMap(([method, mapper]) => {
    const traced: TracedMethod = {
      sdk: 'mistral',
      label: `${name}.${method}`,
      mapper,
      clientOf: (client) => client,
    };
    return patchMethod(Object.getPrototypeOf(resource), method, (client, args, original) =>
      guard('native tracing', () => tracesItself(fieldsOf(client))) === true
        ? Reflect.apply(original, client, args)
        : traceCall(traced, original, client, args),
    );
  });
}

import { GEN_AI_OPERATION_NAME_VALUE_CHAT, GEN_AI_OUTPUT_TYPE_VALUE_SPEECH } from '../../semconv/values.js';
import type { CallMapper, CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod, type Caller, type Method } from '../../src/instrument/patch-sdk.js';
import { fieldsOf, textOf, type Fields } from '../../src/instrument/read.js';
import { traceCall, type TracedMethod } from '../../src/instrument/trace-call.js';
import { traceCallback } from '../../src/instrument/trace-callback.js';
import type { Server } from '../../src/instrument/server.js';
import { bodyFields } from './body-json.js';
import { watchEndpoint } from './endpoint.js';
import { readInvokeInput, readInvokeRequest } from './model-request.js';
import { readInvoke, readInvokeOutput } from './model-response.js';
import { createInvokeReducer } from './model-stream.js';
import { readConverseInput, readConverseRequest } from './request.js';
import { readConverse, readConverseOutput } from './response.js';
import type { BedrockCommand } from './sdk-types.js';
import { createSpeechReducer } from './speech-stream.js';
import { createConverseReducer } from './stream.js';

/** Reads one call. Made for each where the body of an answer is JSON text, which is parsed once. */
type MapperFactory = () => CallMapper;

/** The commands that are LLM calls; every other one of the client passes as if nothing were there. */
const COMMANDS: Readonly<Record<string, MapperFactory>> = {
  Converse: () => converse,
  ConverseStream: () => converseStream,
  InvokeModel: () => invokeMapper(false),
  InvokeModelWithResponseStream: () => ({
    ...invokeMapper(true),
    reducer: createInvokeReducer,
    streamOf: (value) => fieldsOf(value)['body'],
  }),
  InvokeModelWithBidirectionalStream: () => conversation,
};

/** What is sent is an iterable of the program's, which only the SDK reads. */
const conversation: CallMapper = {
  request: (args, client) => ({
    ...readInvokeRequest(inputOf(args), {}, objectOf(client), true),
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    outputType: GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  }),
  input: () => ({}),
  response: () => ({}),
  output: () => ({}),
  reducer: createSpeechReducer,
  streamOf: (value) => fieldsOf(value)['body'],
  signal: signalOf,
  watchServer,
};

const converse: CallMapper = {
  request: (args, client) => readConverseRequest(inputOf(args), objectOf(client), false),
  input: (args) => readConverseInput(inputOf(args)),
  response: (value) => readConverse(fieldsOf(value)),
  output: (value) => readConverseOutput(fieldsOf(value)),
  signal: signalOf,
  watchServer,
};

const converseStream: CallMapper = {
  ...converse,
  request: (args, client) => readConverseRequest(inputOf(args), objectOf(client), true),
  reducer: createConverseReducer,
  streamOf: (value) => fieldsOf(value)['stream'],
};

function invokeMapper(stream: boolean): CallMapper {
  let answer: Fields | undefined;
  return {
    request: (args, client) =>
      readInvokeRequest(inputOf(args), bodyFields(inputOf(args)['body']), objectOf(client), stream),
    input: (args) => readInvokeInput(bodyFields(inputOf(args)['body'])),
    response: (value) => readInvoke((answer = bodyFields(fieldsOf(value)['body']))),
    output: (value) => readInvokeOutput(answer ?? bodyFields(fieldsOf(value)['body'])),
    signal: signalOf,
    watchServer,
  };
}

export const definition: CustomSdk = {
  patchModule: (moduleExports) =>
    patchSend(fieldsOf(fieldOf(fieldOf(moduleExports, 'BedrockRuntimeClient'), 'prototype'))),
  patchClient: (client) => {
    const { config } = objectOf(client) as { config?: unknown };
    return fieldsOf(config)['serviceId'] === 'Bedrock Runtime' ? patchSend(ownPrototype(client)) : [];
  },
};

/**
 * `send` belongs to a class that the clients of all of the provider's services share, and those are none of our business.
 * So the class of this client gets a `send` of its own, which calls the one above it.
 */
function patchSend(prototype: Fields): Unpatch[] {
  if (Object.hasOwn(prototype, 'send')) return patchMethod(prototype, 'send', traceSend);
  const inherited = prototype['send'];
  if (typeof inherited !== 'function') return [];
  const own = {
    send(this: unknown, ...args: unknown[]): unknown {
      // Looked up late: others may patch the shared class after us.
      const above = Object.getPrototypeOf(prototype) as { send: Method };
      return Reflect.apply(above.send, this, args);
    },
  }.send;
  Object.defineProperty(own, 'length', { value: inherited.length, configurable: true });
  Object.defineProperty(prototype, 'send', {
    value: own,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return [...patchMethod(prototype, 'send', traceSend), () => takeBack(prototype, own)];
}

function takeBack(prototype: Fields, own: unknown): void {
  if (prototype['send'] === own) Reflect.deleteProperty(prototype, 'send');
}

/** The prototype just below the one that has `send`: the one that every client of this service has. */
function ownPrototype(client: unknown): Fields {
  let own: object | null = Object.getPrototypeOf(client) as object | null;
  let found = own;
  while (own !== null) {
    const above = Object.getPrototypeOf(own) as object | null;
    if (above !== null && Object.hasOwn(above, 'send')) found = own;
    own = above;
  }
  return fieldsOf(found);
}

const traceSend: Caller = (client, args, original) => {
  const name = guard('command', () => operationOf(args[0]));
  const mapper = name === undefined ? undefined : COMMANDS[name]?.();
  if (name === undefined || mapper === undefined) return Reflect.apply(original, client, args);
  const traced: TracedMethod = { sdk: 'bedrock', label: name, mapper, clientOf: (target) => target };
  const place = [1, 2].find((index) => typeof args[index] === 'function');
  return place === undefined
    ? traceCall(traced, original, client, args)
    : traceCallback(traced, original, client, args, place);
};

/** The operation of a command: by its schema, else by the name of its class or of one above it. */
function operationOf(command: unknown): string | undefined {
  const { schema } = fieldsOf(command) as BedrockCommand;
  const named: unknown = Array.isArray(schema) ? schema[2] : fieldsOf(schema)['name'];
  if (typeof named === 'string' && Object.hasOwn(COMMANDS, named)) return named;
  for (let owner = fieldsOf(command); ;) {
    const name = textOf(fieldOf(owner.constructor, 'name'))?.replace(/Command$/, '');
    if (name === undefined || name === 'Object') return undefined;
    if (Object.hasOwn(COMMANDS, name)) return name;
    owner = (Object.getPrototypeOf(owner) ?? {}) as Fields;
  }
}

function inputOf(args: readonly unknown[]): Fields {
  return fieldsOf((fieldsOf(args[0]) as BedrockCommand).input);
}

/** The SDK also takes a signal of its own making, which has the same field. */
function signalOf(args: readonly unknown[]): AbortSignal | undefined {
  return fieldsOf(args[1])['abortSignal'] as AbortSignal | undefined;
}

function watchServer(client: unknown, tell: (server: Server) => void): void {
  watchEndpoint(objectOf(client), tell);
}

function objectOf(value: unknown): object {
  return fieldsOf(value);
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'function' ? (value as unknown as Fields)[key] : fieldsOf(value)[key];
}

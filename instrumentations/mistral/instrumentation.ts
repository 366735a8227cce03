import type { CallMapper, CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchGetter } from '../../src/instrument/patch-getter.js';
import { patchMethod } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { traceCall, type TracedMethod } from '../../src/instrument/trace-call.js';
import { conversation, streamedConversation } from './conversations.js';
import { keepProviderReader, tracesItself } from './instrumentation-native.js';
import * as media from './media-calls.js';
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
  'beta.conversations': {
    start: conversation,
    append: conversation,
    restart: conversation,
    startStream: streamedConversation,
    appendStream: streamedConversation,
    restartStream: streamedConversation,
  },
  ocr: { process: media.recognition },
  classifiers: { moderate: media.moderation, moderateChat: media.chatModeration },
  'audio.transcriptions': { complete: media.transcription, stream: media.streamedTranscription },
  'audio.speech': { complete: media.speech },
};

export const definition: CustomSdk = {
  patchModule: (moduleExports) => {
    const client = fieldsOf(moduleExports)['Mistral'];
    if (typeof client !== 'function') return keepProviderReader(moduleExports);
    return Object.keys(METHODS).flatMap((path) => patchPath(client.prototype as object, path, path));
  },
  patchClient: (client) =>
    Object.keys(METHODS).flatMap((path) => {
      const resource = path.split('.').reduce((owner: unknown, name) => fieldsOf(owner)[name], client);
      return patchResource(path, resource);
    }),
};

/** The classes of the resources are not exported: each is found when the program first asks for the resource. */
function patchPath(prototype: object, rest: string, path: string): Unpatch[] {
  const [name = '', ...deeper] = rest.split('.');
  return patchGetter(prototype, name, (resource) => {
    if (deeper.length === 0) return patchResource(path, resource);
    if (typeof resource !== 'object' || resource === null) return [];
    return patchPath(Object.getPrototypeOf(resource) as object, deeper.join('.'), path);
  });
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

import type { CallMapper, CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { patchGetter } from '../../src/instrument/patch-getter.js';
import { patchMethod } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { traceCall, type TracedMethod } from '../../src/instrument/trace-call.js';
import { images } from './images.js';
import { createInteraction, getInteraction } from './interactions.js';
import { patchLive } from './live.js';
import * as request from './request.js';
import * as response from './response.js';
import { createGenerateReducer } from './stream.js';
import type { ModelParams } from './sdk-types.js';

const whole: CallMapper = {
  request: (args, models) => request.generateRequest(paramsOf(args), fieldsOf(models)),
  input: (args) => request.generateInput(paramsOf(args)),
  response: (value) => response.generateResponse(fieldsOf(value)),
  output: (value) => response.generateOutput(fieldsOf(value)),
  signal: (args) => paramsOf(args).config?.abortSignal ?? undefined,
};

const streamed: CallMapper = {
  ...whole,
  request: (args, models) => ({ ...whole.request(args, models), stream: true }),
  reducer: createGenerateReducer,
};

const embeddings: CallMapper = {
  ...whole,
  request: (args, models) => request.embedRequest(paramsOf(args), fieldsOf(models)),
  input: (args) => request.embedInput(paramsOf(args)),
  response: (value) => response.embedResponse(fieldsOf(value)),
  output: () => ({}),
};

const count: CallMapper = {
  ...whole,
  request: (args, models) => request.countRequest(paramsOf(args), fieldsOf(models)),
  response: (value) => response.countResponse(fieldsOf(value)),
  output: () => ({}),
};

/**
 * The public methods are arrow functions of each instance, which no prototype has. Below them are methods of the class that
 * make one request each: chats, rounds of automatic function calls and continued answers all come through them, so that a
 * request is a call.
 */
const METHODS: readonly (readonly [method: string, mapper: CallMapper])[] = [
  ['generateContentInternal', whole],
  ['generateContentStreamInternal', streamed],
  ['embedContentInternal', embeddings],
  ['countTokens', count],
  ['generateImagesInternal', images],
  ['editImageInternal', images],
];

const INTERACTIONS: readonly (readonly [method: string, mapper: CallMapper])[] = [
  ['create', createInteraction],
  ['get', getInteraction],
];

export const definition: CustomSdk = {
  patchModule: (moduleExports) => {
    const { Models, Live, GoogleGenAI } = fieldsOf(moduleExports);
    return [
      ...(typeof Models === 'function' ? patchModels(Models.prototype) : []),
      ...(typeof Live === 'function' ? patchLive(Live.prototype) : []),
      ...(typeof GoogleGenAI === 'function' ? patchInteractions(GoogleGenAI.prototype as object) : []),
    ];
  },
  patchClient: (client) => {
    if (typeof client !== 'object' || client === null) return [];
    const { models, live } = fieldsOf(client);
    return [
      ...patchModels(prototypeOf(models)),
      ...patchLive(prototypeOf(live)),
      ...patchInteractions(ownerOfGetter(client, 'interactions')),
    ];
  },
};

/** The getter warns that interactions are an experiment, so nobody but the program may ask for it. */
function patchInteractions(owner: object | null): Unpatch[] {
  if (owner === null) return [];
  return patchGetter(owner, 'interactions', (interactions) =>
    INTERACTIONS.flatMap(([method, mapper]) => {
      const traced: TracedMethod = {
        sdk: 'google-genai',
        label: `interactions.${method}`,
        mapper,
        clientOf: (resource) => resource,
      };
      return patchMethod(ownerOf(interactions, method), method, (resource, args, original) =>
        traceCall(traced, original, resource, args),
      );
    }),
  );
}

function prototypeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
}

/** The prototype that has a method itself: the first major has a class below the one that it uses. */
function ownerOf(value: unknown, method: string): unknown {
  let owner = prototypeOf(value);
  while (typeof owner === 'object' && owner !== null && !Object.hasOwn(owner, method))
    owner = prototypeOf(owner);
  return owner;
}

function ownerOfGetter(client: object, name: string): object | null {
  let owner: object | null = client;
  while (owner !== null && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner;
}

function patchModels(prototype: unknown): Unpatch[] {
  // The first versions had the public method itself there.
  const isOld = fieldsOf(prototype)['embedContentInternal'] === undefined;
  const methods = isOld ? [...METHODS, ['embedContent', embeddings] as const] : METHODS;
  return methods.flatMap(([method, mapper]) => {
    const traced: TracedMethod = {
      sdk: 'google-genai',
      label: `models.${method}`,
      mapper,
      clientOf: (models) => models,
    };
    return patchMethod(prototype, method, (models, args, original) =>
      traceCall(traced, original, models, args),
    );
  });
}

function paramsOf(args: readonly unknown[]): ModelParams {
  return fieldsOf(args[0]);
}

import type { CallMapper, CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { patchMethod } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { traceCall, type TracedMethod } from '../../src/instrument/trace-call.js';
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
];

export const definition: CustomSdk = {
  patchModule: (moduleExports) => {
    const models = fieldsOf(moduleExports)['Models'];
    return typeof models === 'function' ? patchModels(models.prototype) : [];
  },
  patchClient: (client) => {
    const { models } = fieldsOf(client);
    return typeof models === 'object' && models !== null ? patchModels(Object.getPrototypeOf(models)) : [];
  },
};

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

import { createRequire } from 'node:module';
import type { CallMapper, CallMethod, ClientSdk, CustomSdk } from '../../src/instrument/call-mapper.js';
import { fieldsOf } from '../../src/instrument/read.js';
import * as batches from './batch-calls.js';
import * as media from './media-calls.js';
import { imageReducer, transcriptReducer } from './media-stream.js';
import * as request from './request.js';
import * as response from './response.js';
import { responsesReducer } from './responses-stream.js';
import * as runs from './run-calls.js';
import { runReducer } from './run-stream.js';
import { chatReducer, completionReducer } from './stream.js';

const chat: CallMapper = {
  request: request.chatRequest,
  input: request.chatInput,
  response: response.chatResponse,
  output: response.chatOutput,
  reducer: chatReducer,
};

const completion: CallMapper = {
  request: request.completionRequest,
  input: request.completionInput,
  response: response.chatResponse,
  output: response.completionOutput,
  reducer: completionReducer,
};

const responses: CallMapper = {
  request: request.responsesRequest,
  input: request.responsesInput,
  response: response.responsesResponse,
  output: response.responsesOutput,
  reducer: responsesReducer,
};

const embeddings: CallMapper = {
  request: request.embeddingsRequest,
  input: request.embeddingsInput,
  response: response.embeddingsResponse,
  output: response.noOutput,
};

const images: CallMapper = {
  request: media.imageRequest,
  input: media.imageInput,
  response: media.imageResponse,
  output: media.imageOutput,
  reducer: imageReducer,
};

const transcripts: CallMapper = {
  request: media.transcriptRequest,
  input: media.transcriptInput,
  response: media.transcriptResponse,
  output: media.transcriptOutput,
  reducer: transcriptReducer,
};

const speech: CallMapper = {
  request: media.speechRequest,
  input: media.speechInput,
  response: media.noResponse,
  output: response.noOutput,
};

const moderations: CallMapper = {
  request: media.moderationRequest,
  input: media.moderationInput,
  response: media.moderationResponse,
  output: media.moderationOutput,
};

function run(readArguments: (typeof runs)['ofThread']): CallMapper {
  return {
    request: (args, client) => runs.runRequest(readArguments(args), client),
    input: (args) => runs.runInput(readArguments(args)),
    response: runs.runResponse,
    output: runs.runOutput,
    reducer: runReducer,
  };
}

const assistant: CallMapper = {
  request: runs.assistantRequest,
  input: runs.assistantInput,
  response: runs.assistantResponse,
  output: response.noOutput,
};

const RUNS = 'beta.threads.runs';
const threadRun = run(runs.ofThread);
const newThreadRun = run(runs.ofNewThread);
const runToolOutputs = run(runs.ofRun);

/** Runs of assistants. The helpers that stream call one of the others inside; those that wait ask for the run until it has ended. */
const RUN_METHODS: readonly CallMethod[] = [
  { resource: 'beta.assistants', method: 'create', mapper: assistant },
  { resource: RUNS, method: 'create', mapper: threadRun },
  { resource: RUNS, method: 'createAndPoll', mapper: threadRun, coversInner: true },
  { resource: RUNS, method: 'submitToolOutputs', mapper: runToolOutputs },
  { resource: RUNS, method: 'submitToolOutputsAndPoll', mapper: runToolOutputs, coversInner: true },
  { resource: 'beta.threads', method: 'createAndRun', mapper: newThreadRun },
  { resource: 'beta.threads', method: 'createAndRunPoll', mapper: newThreadRun, coversInner: true },
];

/** Which methods are LLM calls. `parse`, `stream` and `runTools` call `create` inside, so that each call is traced once. */
export const METHODS: readonly CallMethod[] = [
  { resource: 'chat.completions', method: 'create', mapper: chat },
  { resource: 'completions', method: 'create', mapper: completion },
  { resource: 'responses', method: 'create', mapper: responses },
  { resource: 'responses', method: 'compact', mapper: responses },
  { resource: 'beta.responses', method: 'create', mapper: responses },
  { resource: 'beta.responses', method: 'compact', mapper: responses },
  { resource: 'embeddings', method: 'create', mapper: embeddings },
  { resource: 'images', method: 'generate', mapper: images },
  { resource: 'images', method: 'edit', mapper: images },
  { resource: 'images', method: 'createVariation', mapper: images },
  { resource: 'audio.transcriptions', method: 'create', mapper: transcripts },
  { resource: 'audio.translations', method: 'create', mapper: transcripts },
  { resource: 'audio.speech', method: 'create', mapper: speech },
  { resource: 'moderations', method: 'create', mapper: moderations },
  ...RUN_METHODS,
  { resource: 'batches', method: 'create', mapper: batches.createBatch },
  { resource: 'batches', method: 'retrieve', mapper: batches.retrieveBatch },
  { resource: 'batches', method: 'cancel', mapper: batches.cancelBatch },
  { resource: 'files', method: 'create', mapper: batches.uploadFile },
  { resource: 'vectorStores', method: 'search', mapper: batches.searchStore },
];

const CLIENT = 'OpenAI';

/** Most programs open no socket: what is needed for them is loaded with the first entry point that exports no client. */
const beside: CustomSdk = {
  patchModule: (moduleExports, module) =>
    isClientModule(moduleExports) ? [] : loadSockets().patchModule(moduleExports, module),
};

/** As CommonJS the package is its client class. */
function isClientModule(moduleExports: unknown): boolean {
  return typeof moduleExports === 'function' || fieldsOf(moduleExports)[CLIENT] !== undefined;
}

function loadSockets(): CustomSdk {
  const require = createRequire(import.meta.url);
  return (require('./socket-classes.js') as { socketClasses: CustomSdk }).socketClasses;
}

export const definition: ClientSdk = { clientExports: [CLIENT], methods: METHODS, beside };

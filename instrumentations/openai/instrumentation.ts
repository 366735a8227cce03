import type { CallMapper, CallMethod, ClientSdk } from '../../src/instrument/call-mapper.js';
import * as request from './request.js';
import * as response from './response.js';
import { responsesReducer } from './responses-stream.js';
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

/** Which methods are LLM calls. `parse`, `stream` and `runTools` call `create` inside, so that each call is traced once. */
export const METHODS: readonly CallMethod[] = [
  { resource: 'chat.completions', method: 'create', mapper: chat },
  { resource: 'completions', method: 'create', mapper: completion },
  { resource: 'responses', method: 'create', mapper: responses },
  { resource: 'responses', method: 'compact', mapper: responses },
  { resource: 'embeddings', method: 'create', mapper: embeddings },
];

export const definition: ClientSdk = { clientExports: ['OpenAI'], methods: METHODS };

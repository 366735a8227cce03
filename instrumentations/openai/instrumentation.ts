import type { CallMapper, CallMethod, ClientSdk } from '../../src/instrument/call-mapper.js';
import * as media from './media-calls.js';
import { imageReducer, transcriptReducer } from './media-stream.js';
import * as request from './request.js';
import * as response from './response.js';
import { responsesReducer } from './responses-stream.js';
import { socketClasses } from './socket-classes.js';
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
];

export const definition: ClientSdk = { clientExports: ['OpenAI'], methods: METHODS, beside: socketClasses };

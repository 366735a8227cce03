import type { CallMapper, ClientSdk } from '../../src/instrument/call-mapper.js';
import { BATCH_METHODS } from './batch-calls.js';
import { takeOver, tracesItself } from './instrumentation-native.js';
import {
  readCompletionInput,
  readCompletionRequest,
  readCountTokensRequest,
  readMessagesInput,
  readMessagesRequest,
} from './request.js';
import {
  readCompletion,
  readCompletionOutput,
  readMessage,
  readMessageOutput,
  readTokenCount,
} from './response.js';
import { createCompletionReducer, createMessageReducer } from './stream.js';

const messages: CallMapper = {
  request: (args, client) => readMessagesRequest(objectOf(args[0]), objectOf(client), objectOf(args[1])),
  input: (args) => readMessagesInput(objectOf(args[0])),
  response: (value) => readMessage(objectOf(value)),
  output: (value) => readMessageOutput(objectOf(value)),
  reducer: createMessageReducer,
};

const countTokens: CallMapper = {
  request: (args, client) => readCountTokensRequest(objectOf(args[0]), objectOf(client)),
  input: (args) => readMessagesInput(objectOf(args[0])),
  response: (value) => readTokenCount(objectOf(value)),
  output: () => ({}),
};

const completions: CallMapper = {
  request: (args, client) => readCompletionRequest(objectOf(args[0]), objectOf(client)),
  input: (args) => readCompletionInput(objectOf(args[0])),
  response: (value) => readCompletion(objectOf(value)),
  output: (value) => readCompletionOutput(objectOf(value)),
  reducer: createCompletionReducer,
};

/**
 * The helpers `messages.stream`, `messages.parse`, `toolRunner` and message threads make their requests through `create`,
 * so each request of theirs is one call here.
 */
export const definition: ClientSdk = {
  clientExports: ['Anthropic', 'BaseAnthropic'],
  methods: [
    { resource: 'messages', method: 'create', mapper: messages },
    { resource: 'messages', method: 'countTokens', mapper: countTokens },
    { resource: 'beta.messages', method: 'create', mapper: messages },
    { resource: 'beta.messages', method: 'countTokens', mapper: countTokens },
    // Older majors only.
    { resource: 'beta.promptCaching.messages', method: 'create', mapper: messages },
    { resource: 'beta.tools.messages', method: 'create', mapper: messages },
    { resource: 'completions', method: 'create', mapper: completions },
    ...BATCH_METHODS,
  ],
  // These begin the SDK's own span before they call `create`.
  helpers: [
    { resource: 'messages', method: 'stream' },
    { resource: 'beta.messages', method: 'stream' },
  ],
  tracesItself,
  takeOver,
};

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

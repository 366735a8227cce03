import { hasAppProvider } from '../../src/instrument/app-provider.js';
import type { CallMapper, SdkDefinition } from '../../src/instrument/call-mapper.js';
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
import type {
  AnthropicClient,
  ApiCompletion,
  ApiMessage,
  CompletionParams,
  MessagesParams,
} from './sdk-types.js';
import { createCompletionReducer, createMessageReducer } from './stream.js';

const messages: CallMapper = {
  request: (args, client) => readMessagesRequest(objectOf<MessagesParams>(args[0]), objectOf(client)),
  input: (args) => readMessagesInput(objectOf<MessagesParams>(args[0])),
  response: (value) => readMessage(objectOf<ApiMessage>(value)),
  output: (value) => readMessageOutput(objectOf<ApiMessage>(value)),
  reducer: createMessageReducer,
};

const countTokens: CallMapper = {
  request: (args, client) => readCountTokensRequest(objectOf<MessagesParams>(args[0]), objectOf(client)),
  input: (args) => readMessagesInput(objectOf<MessagesParams>(args[0])),
  response: (value) => readTokenCount(objectOf<{ input_tokens?: unknown }>(value)),
  output: () => ({}),
};

const completions: CallMapper = {
  request: (args, client) => readCompletionRequest(objectOf<CompletionParams>(args[0]), objectOf(client)),
  input: (args) => readCompletionInput(objectOf<CompletionParams>(args[0])),
  response: (value) => readCompletion(objectOf<ApiCompletion>(value)),
  output: (value) => readCompletionOutput(objectOf<ApiCompletion>(value)),
  reducer: createCompletionReducer,
};

/**
 * The helpers `messages.stream`, `messages.parse`, `toolRunner` and message threads make their requests through `create`,
 * so each request of theirs is one call here.
 */
export const definition: SdkDefinition = {
  clientExports: ['Anthropic', 'BaseAnthropic'],
  methods: [
    { resource: 'messages', method: 'create', mapper: messages },
    { resource: 'messages', method: 'countTokens', mapper: countTokens },
    { resource: 'beta.messages', method: 'create', mapper: messages },
    { resource: 'beta.messages', method: 'countTokens', mapper: countTokens },
    { resource: 'completions', method: 'create', mapper: completions },
  ],
  tracesItself,
};

/**
 * From 0.134 on a client has a tracer of its own, unless it was told not to trace, and makes a span for each call as soon
 * as the app has a tracer provider or has given it one.
 */
function tracesItself(client: unknown): boolean {
  const { _tracer, openTelemetry } = objectOf<AnthropicClient>(client);
  if (_tracer === undefined || _tracer === null) return false;
  return hasAppProvider() || openTelemetry?.tracerProvider !== undefined;
}

function objectOf<T extends object>(value: unknown): T {
  return (typeof value === 'object' && value !== null ? value : {}) as T;
}

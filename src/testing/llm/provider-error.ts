import type { JsonObject } from '../../../semconv/model/json.js';
import type { Fault } from '../script.js';
import { asJsonObject } from './json-object.js';
import type { Frame } from './reply.js';

export type Provider = 'openai' | 'anthropic';

interface ErrorText {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

const OPENAI: Readonly<Record<number, ErrorText>> = {
  400: {
    type: 'invalid_request_error',
    code: null,
    message: 'We could not parse the JSON body of your request.',
  },
  401: {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message:
      'Incorrect API key provided: test-key. You can find your API key at https://platform.openai.com/account/api-keys.',
  },
  403: {
    type: 'invalid_request_error',
    code: null,
    message: 'You are not allowed to sample from this model',
  },
  404: {
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: 'The model does not exist or you do not have access to it.',
  },
  429: {
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached on requests per min (RPM). Please try again later.',
  },
  503: { type: 'server_error', code: null, message: 'The server is overloaded or not ready yet.' },
};
const OPENAI_OTHER: ErrorText = {
  type: 'server_error',
  code: null,
  message: 'The server had an error while processing your request. Sorry about that!',
};

const ANTHROPIC: Readonly<Record<number, Omit<ErrorText, 'code'>>> = {
  400: { type: 'invalid_request_error', message: 'The request body is not valid JSON' },
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  403: { type: 'permission_error', message: 'Your API key does not have permission to use this resource' },
  404: { type: 'not_found_error', message: 'model: not-a-model' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: {
    type: 'rate_limit_error',
    message: 'This request would exceed the rate limit for your organization.',
  },
  529: { type: 'overloaded_error', message: 'Overloaded' },
};
const ANTHROPIC_OTHER = { type: 'api_error', message: 'Internal server error' };

/** The body of an error answer, as the provider words it. */
export function errorBody(provider: Provider, status: number, fault: Fault, requestId: string): JsonObject {
  if (provider === 'anthropic') {
    const { type, message } = ANTHROPIC[status] ?? ANTHROPIC_OTHER;
    return {
      type: 'error',
      error: { type: fault.type ?? type, message: fault.message ?? message },
      request_id: requestId,
    };
  }
  const { type, code, message } = OPENAI[status] ?? OPENAI_OTHER;
  return {
    error: {
      message: fault.message ?? message,
      type: fault.type ?? type,
      param: null,
      code: fault.code ?? code,
    },
  };
}

/** The event that a provider sends when a stream that began with 200 fails. `frames` is what was sent before it. */
export function errorFrame(
  provider: Provider,
  fault: Fault,
  requestId: string,
  frames: readonly Frame[],
): Frame {
  if (provider === 'anthropic') {
    return {
      event: 'error',
      data: JSON.stringify(errorBody(provider, fault.status ?? 529, fault, requestId)),
    };
  }
  const body = errorBody(provider, fault.status ?? 500, fault, requestId);
  if (frames[0]?.event === undefined) return { data: JSON.stringify(body) };
  const { message = null, code } = asJsonObject(body['error']);
  const event = {
    type: 'error',
    code: code ?? 'server_error',
    message,
    param: null,
    sequence_number: frames.length,
  };
  return { event: 'error', data: JSON.stringify(event) };
}

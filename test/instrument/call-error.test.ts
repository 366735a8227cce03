import { describe, expect, it } from 'vitest';
import { errorMessage, errorType, isAbort } from '../../src/instrument/call-error.js';

class RateLimitError extends Error {
  readonly status = 429;
}
class APIError extends Error {
  constructor(fields: { code?: string; type?: string; status?: number; error?: unknown }) {
    super('broke');
    Object.assign(this, fields);
  }
}
class APIUserAbortError extends Error {}
class RequestAbortedError extends Error {}

describe('errorType', () => {
  it('is the class when the class says something', () => {
    expect(errorType(new RateLimitError())).toBe('RateLimitError');
  });

  it('is the name that the error was given, when it has one of its own', () => {
    expect(errorType(Object.assign(new RateLimitError(), { name: 'ThrottlingException' }))).toBe(
      'ThrottlingException',
    );
    expect(errorType(Object.assign(new RateLimitError(), { name: 'Error' }))).toBe('RateLimitError');
  });

  it('is the code, the type or the status when the class is a general one', () => {
    expect(errorType(new APIError({ code: 'broken', status: 500 }))).toBe('broken');
    expect(errorType(new APIError({ type: 'server_error' }))).toBe('server_error');
    expect(errorType(new APIError({ status: 503 }))).toBe('503');
    const error = { type: 'error', error: { type: 'overloaded_error' } };
    expect(errorType(new APIError({ error }))).toBe('overloaded_error');
    expect(errorType(new APIError({}))).toBe('APIError');
    expect(errorType(Object.assign(new Error('x'), { statusCode: 429 }))).toBe('429');
  });

  it('is the name of an error of the platform', () => {
    expect(errorType(new DOMException('late', 'TimeoutError'))).toBe('TimeoutError');
  });

  it('is _OTHER for what is no error', () => {
    expect([errorType('text'), errorType(null), errorType(undefined)]).toEqual([
      '_OTHER',
      '_OTHER',
      '_OTHER',
    ]);
  });
});

describe('isAbort', () => {
  it('knows an abort by its name and by its class', () => {
    const signal = AbortSignal.abort();
    const errors = [signal.reason, new APIUserAbortError(), new RequestAbortedError()];
    expect(errors.map(isAbort)).toEqual([true, true, true]);
  });

  it('does not take a time-out for an abort', () => {
    expect([
      isAbort(new DOMException('late', 'TimeoutError')),
      isAbort(new Error('x')),
      isAbort('x'),
    ]).toEqual([false, false, false]);
  });
});

describe('errorMessage', () => {
  it('is the text of an error or of a thrown string', () => {
    expect([errorMessage(new Error('a')), errorMessage('b'), errorMessage({}), errorMessage(null)]).toEqual([
      'a',
      'b',
      undefined,
      undefined,
    ]);
  });
});

import type { ErrorCode } from '../shared/errors.js';

/** A request that cannot be served, with everything that the answer says. */
export class HttpFailure extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ErrorCode, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'HttpFailure';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** 503 with the seconds after which to try again. */
export function overloaded(message: string, retryAfterS: number): HttpFailure {
  return new HttpFailure(503, 'SPOOR_OVERLOADED', message, { 'retry-after': String(retryAfterS) });
}

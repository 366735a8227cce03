import type { ErrorCode } from './error-codes.js';

export type { ErrorCode };

/**
 * An error of wrong setup or wrong use, with a stable `code`. Telemetry itself never throws into a program.
 * @example
 * try {
 *   init(optionsFromFile);
 * } catch (error) {
 *   if (error instanceof SpoorError && error.code === 'SPOOR_OPTION_UNKNOWN') console.error(error.message);
 *   else throw error;
 * }
 */
export class SpoorError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SpoorError';
    this.code = code;
  }
}

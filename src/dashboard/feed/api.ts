import type { ApiError } from '../../server/api-types.js';
import { keyHeaders } from './key.js';

/** Why an answer of the API cannot be shown. `status` 0 means that nobody answered. */
export class ApiFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ApiFailure';
    this.status = status;
  }
}

/** Reads JSON from the API. Throws an `ApiFailure`, or the signal's reason when it was aborted. */
export async function readApi<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, {
    signal,
    headers: { accept: 'application/json', ...keyHeaders() },
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ApiFailure(0, 'The translator does not answer. Is it still running?', { cause });
  });
  const body: unknown = await response.json().catch(() => undefined);
  signal.throwIfAborted();
  if (response.ok && body !== undefined) return body as T;
  const said = (body as Partial<ApiError> | undefined)?.error?.message;
  throw new ApiFailure(response.status, said ?? `The translator answered ${response.status} without JSON.`);
}

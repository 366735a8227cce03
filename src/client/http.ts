import type { ApiError } from '../server/api-types.js';
import { ERRORS, type ErrorCode } from '../shared/error-codes.js';
import { SpoorError } from '../shared/errors.js';
import type { ResolvedClientOptions } from './options.js';

/** What a caller may say of one request. */
export interface RequestOptions {
  /** Gives the request up; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface HttpRequest extends RequestOptions {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** A stream has no end to wait for: only its beginning is timed. */
  readonly isStream?: boolean;
}

const RETRYABLE: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Makes a request that may be made more than once: again after 429, 5xx and lost connections. Returns the last answer,
 * whatever its status. Rejects with SPOOR_TRANSLATOR_UNREACHABLE, SPOOR_TIMEOUT, or the reason of a signal.
 */
export async function request(
  options: ResolvedClientOptions,
  closed: AbortSignal,
  { signal, ...given }: HttpRequest,
): Promise<Response> {
  const stop = signal === undefined ? closed : AbortSignal.any([closed, signal]);
  for (let failures = 0; ; failures += 1) {
    const isLast = failures >= options.retries;
    try {
      const response = await attempt(options, stop, given);
      if (!RETRYABLE.has(response.status) || isLast) return response;
      await response.body?.cancel();
      await pause(pauseMs(failures, response.headers.get('retry-after')), stop);
    } catch (error) {
      if (stop.aborted) throw stop.reason;
      if (isLast) throw error;
      await pause(pauseMs(failures, null), stop);
    }
  }
}

async function attempt(
  { baseUrl, headers, timeoutMs }: ResolvedClientOptions,
  stop: AbortSignal,
  given: HttpRequest,
): Promise<Response> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeoutMs);
  try {
    const response = await fetch(baseUrl + given.path, {
      method: given.method ?? 'GET',
      headers: { ...headers, ...given.headers },
      ...(given.body === undefined ? {} : { body: given.body }),
      redirect: 'error',
      signal: AbortSignal.any([stop, over.signal]),
    });
    if (given.isStream === true) return response;
    // The body belongs to the answer that is timed.
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
  } catch (cause) {
    if (stop.aborted) throw stop.reason;
    if (over.signal.aborted) {
      throw new SpoorError(
        'SPOOR_TIMEOUT',
        `The translator at ${baseUrl} did not answer within ${timeoutMs} ms.`,
      );
    }
    const reason = (cause as { cause?: { code?: string } }).cause?.code ?? (cause as Error).message;
    throw unreachable(baseUrl, reason, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** The JSON of an answer; undefined for 404. Rejects with the code that the translator gave. */
export async function readJson(baseUrl: string, response: Response): Promise<unknown> {
  if (response.status === 404) return undefined;
  if (response.status < 200 || response.status > 299) throw await refusal(baseUrl, response);
  try {
    return await response.json();
  } catch (cause) {
    throw unreachable(baseUrl, 'its answer is not JSON', cause);
  }
}

/** The error that an answer stands for. */
export async function refusal(baseUrl: string, response: Response): Promise<SpoorError> {
  const body = (await response.json().catch(() => undefined)) as
    | Partial<ApiError & { message: string }>
    | undefined;
  const message = body?.error?.message ?? body?.message;
  if (typeof message !== 'string') return unreachable(baseUrl, `it answered ${response.status}`);
  const named = body?.error?.code ?? '';
  const code: ErrorCode = Object.hasOwn(ERRORS, named) ? (named as ErrorCode) : 'SPOOR_REQUEST_INVALID';
  return new SpoorError(code, `The translator at ${baseUrl} answered ${response.status}: ${message}`);
}

export function unreachable(baseUrl: string, reason: string, cause?: unknown): SpoorError {
  return new SpoorError('SPOOR_TRANSLATOR_UNREACHABLE', `No translator answers at ${baseUrl} (${reason}).`, {
    cause,
  });
}

/** Doubles with each failure, spread so that clients do not come back together; the receiver's own word counts more. */
function pauseMs(failures: number, retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  const asked = Number.isFinite(seconds)
    ? seconds * 1000
    : FIRST_PAUSE_MS * 2 ** failures * (0.75 + Math.random() / 2);
  return Math.min(asked, LONGEST_PAUSE_MS);
}

/** Waits, and rejects with the reason of `stop` when that comes first. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) return reject(stop.reason as Error);
    const onStop = (): void => {
      clearTimeout(timer);
      reject(stop.reason as Error);
    };
    const timer = setTimeout(() => {
      stop.removeEventListener('abort', onStop);
      resolve();
    }, ms);
    stop.addEventListener('abort', onStop, { once: true });
  });
}

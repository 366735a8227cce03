import type { Session } from '../../semconv/model/session.js';
import type { ApiError, SessionResponse, SessionsResponse } from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import type { Page, SessionQuery } from '../store/store.js';

export const DEFAULT_URL = 'http://127.0.0.1:4318';

/** The JSON API of a running translator. Rejects with `SPOOR_TRANSLATOR_UNREACHABLE` when nothing like one answers. */
export interface ApiClient {
  readonly url: string;
  sessions(query: SessionQuery): Promise<Page<Session>>;
  session(id: string): Promise<SessionResponse | undefined>;
  /** Opens `/api/live`; the caller reads the body as server-sent events. */
  live(lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export function createApiClient(url: string): ApiClient {
  const get = async (path: string): Promise<unknown> => {
    const response = await request(url, path, {});
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    return readJson(url, response);
  };
  return {
    url,
    async sessions(query) {
      const found = await get(`/api/sessions${queryText(query)}`);
      if (found === undefined) throw unreachable(url, 'it has no /api/sessions');
      return found as SessionsResponse;
    },
    async session(id) {
      return (await get(`/api/sessions/${encodeURIComponent(id)}`)) as SessionResponse | undefined;
    },
    async live(lastEventId, signal) {
      const response = await request(url, '/api/live', {
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal,
      });
      if (response.status !== 200 || response.body === null) throw await refusal(url, response);
      return response.body;
    },
  };
}

async function request(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url + path, { redirect: 'error', ...init });
  } catch (cause) {
    const reason = (cause as { cause?: { code?: string } }).cause?.code ?? (cause as Error).message;
    throw unreachable(url, reason, cause);
  }
}

async function readJson(url: string, response: Response): Promise<unknown> {
  if (response.status !== 200) throw await refusal(url, response);
  try {
    return await response.json();
  } catch (cause) {
    throw unreachable(url, 'its answer is not JSON', cause);
  }
}

async function refusal(url: string, response: Response): Promise<SpoorError> {
  const body = (await response.json().catch(() => undefined)) as Partial<ApiError> | undefined;
  const said = body?.error?.message;
  if (said === undefined) return unreachable(url, `it answered ${response.status}`);
  return new SpoorError(
    'SPOOR_REQUEST_INVALID',
    `The translator at ${url} answered ${response.status}: ${said}`,
  );
}

function unreachable(url: string, reason: string, cause?: unknown): SpoorError {
  return new SpoorError('SPOOR_TRANSLATOR_UNREACHABLE', `No translator answers at ${url} (${reason}).`, {
    cause,
  });
}

function queryText({ sinceMs, text, ...rest }: SessionQuery): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...rest, since: sinceMs, q: text })) {
    if (value !== undefined) query.set(key, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

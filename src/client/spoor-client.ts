import { createHash } from 'node:crypto';
import { BLOBS_PATH, hashOfReference } from '../../semconv/blob-reference.js';
import type { Log } from '../../semconv/model/log.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import { encodeTraceRequestJson } from '../otlp/encode-json.js';
import type {
  BlobResponse,
  LogsResponse,
  ObservationsResponse,
  PinResponse,
  RawSpansResponse,
  ScoresResponse,
  SearchResponse,
  SessionResponse,
  SessionsResponse,
  SqlRequest,
  SqlResponse,
  StatsResponse,
  TracesResponse,
} from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import type {
  LogQuery,
  ObservationQuery,
  Page,
  PageQuery,
  ScoreQuery,
  ScoreRecord,
  SearchQuery,
  SessionQuery,
  TraceSummary,
  TraceWindowQuery,
} from '../store/store.js';
import { queryText } from './query-text.js';
import { readJson, refusal, request, unreachable, type HttpRequest, type RequestOptions } from './http.js';
import { followLive, type LiveEvent, type LiveOptions } from './live.js';
import { resolveClientOptions, type ClientOptions, type ResolvedClientOptions } from './options.js';
import { scoreSpan, type NewScore } from './score-span.js';

/** An image of the translator. */
export interface BlobContent {
  bytes: Uint8Array;
  /** As the translator found it out from the bytes. */
  mediaType: string;
}

/**
 * A client of a translator's API. It needs no instrumentation and loads no OpenTelemetry. Requests that may be repeated
 * are, after 429, 5xx and lost connections.
 *
 * Methods reject with a `SpoorError`: SPOOR_TRANSLATOR_UNREACHABLE, SPOOR_TIMEOUT, SPOOR_CLIENT_CLOSED, or the code that
 * the translator gave; with the reason of the signal when that is what stopped them.
 *
 * @throws SpoorError SPOOR_OPTION_UNKNOWN or SPOOR_OPTION_INVALID
 * @example
 * const client = new SpoorClient({ baseUrl: 'http://127.0.0.1:4318' });
 * for await (const session of client.sessions.all({ status: 'error' })) console.log(session.id, session.statusMessage);
 * client.close();
 */
export class SpoorClient {
  readonly #options: ResolvedClientOptions;
  readonly #closed = new AbortController();

  constructor(options: ClientOptions = {}) {
    this.#options = resolveClientOptions(options, process.env);
  }

  /** Address of the translator, without a slash at the end. */
  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  readonly sessions = {
    /** A page of sessions, the one that changed last first. */
    list: async (query: SessionQuery = {}, options: RequestOptions = {}): Promise<Page<Session>> =>
      (await this.#mustGet(`/api/sessions${queryText(query)}`, options)) as SessionsResponse,
    /** Every session that fits, page after page. */
    all: (query: SessionQuery = {}, options: RequestOptions = {}): AsyncIterable<Session> =>
      eachItem((cursor) => this.sessions.list(withCursor(query, cursor), options)),
    /**
     * A session with its steps and observations; undefined when there is none with this id. Of one with more than 5,000
     * observations it has the first 1,000, and the `nextCursor` with which `observations` goes on.
     */
    get: async (id: string, options: RequestOptions = {}): Promise<SessionResponse | undefined> =>
      (await this.#get(`/api/sessions/${encodeURIComponent(id)}`, options)) as SessionResponse | undefined,
    /** A page of the observations of a session, in order of start; undefined when there is no such session. */
    observations: async (
      id: string,
      query: ObservationQuery = {},
      options: RequestOptions = {},
    ): Promise<Page<Observation> | undefined> => {
      const path = `/api/sessions/${encodeURIComponent(id)}/observations${queryText(query)}`;
      return (await this.#get(path, options)) as ObservationsResponse | undefined;
    },
    /** Keeps a session when older ones have to make room, or no longer. False when there is none with this id. */
    pin: async (id: string, isPinned: boolean = true, options: RequestOptions = {}): Promise<boolean> => {
      const path = `/api/sessions/${encodeURIComponent(id)}/pin`;
      const method = isPinned ? 'PUT' : 'DELETE';
      return ((await this.#get(path, { ...options, method })) as PinResponse | undefined) !== undefined;
    },
    /** Removes a session with its spans, scores and log records. False when there is none with this id. */
    remove: async (id: string, options: RequestOptions = {}): Promise<boolean> => {
      const path = `/api/sessions/${encodeURIComponent(id)}`;
      return (await this.#get(path, { ...options, method: 'DELETE' })) !== undefined;
    },
    /** A page of the log records of a session, in order of time; empty when there are none. */
    logs: async (id: string, query: LogQuery = {}, options: RequestOptions = {}): Promise<Page<Log>> => {
      const path = `/api/sessions/${encodeURIComponent(id)}/logs${queryText(query)}`;
      return ((await this.#get(path, options)) as LogsResponse | undefined) ?? { items: [] };
    },
  } as const;

  readonly observations = {
    /** One observation, whole; undefined when there is none. */
    get: async (
      traceId: string,
      spanId: string,
      options: RequestOptions = {},
    ): Promise<Observation | undefined> =>
      (await this.#get(
        `/api/observations/${encodeURIComponent(traceId)}/${encodeURIComponent(spanId)}`,
        options,
      )) as Observation | undefined,
    /** A page of what a search finds, newest first. It may hold fewer than asked for, even none, and still have a next one. */
    search: async (query: SearchQuery = {}, options: RequestOptions = {}): Promise<Page<Observation>> =>
      (await this.#mustGet(`/api/search${queryText(query)}`, options)) as SearchResponse,
    /** Everything that a search finds, page after page. */
    searchAll: (query: SearchQuery = {}, options: RequestOptions = {}): AsyncIterable<Observation> =>
      eachItem((cursor) => this.observations.search(withCursor(query, cursor), options)),
  } as const;

  readonly traces = {
    /** A page of traces, the newest first. */
    list: async (query: PageQuery = {}, options: RequestOptions = {}): Promise<Page<TraceSummary>> =>
      (await this.#mustGet(`/api/traces${queryText(query)}`, options)) as TracesResponse,
    /** The spans of a trace as they were received, in OTLP/JSON; undefined when there is none. */
    spans: async (traceId: string, options: RequestOptions = {}): Promise<RawSpansResponse | undefined> =>
      (await this.#get(`/api/traces/${encodeURIComponent(traceId)}/spans`, options)) as
        | RawSpansResponse
        | undefined,
    /** A page of those that overlap a window of time, in order of start. */
    window: async (
      traceId: string,
      query: TraceWindowQuery,
      options: RequestOptions = {},
    ): Promise<RawSpansResponse> => {
      const path = `/api/traces/${encodeURIComponent(traceId)}/spans${queryText({ limit: 50, ...query })}`;
      return (await this.#mustGet(path, options)) as RawSpansResponse;
    },
    /** A page of the log records of a trace, in order of time; empty when there are none. */
    logs: async (traceId: string, query: LogQuery = {}, options: RequestOptions = {}): Promise<Page<Log>> => {
      const path = `/api/traces/${encodeURIComponent(traceId)}/logs${queryText(query)}`;
      return ((await this.#get(path, options)) as LogsResponse | undefined) ?? { items: [] };
    },
  } as const;

  readonly scores = {
    /** A page of scores, newest first. */
    list: async (query: ScoreQuery = {}, options: RequestOptions = {}): Promise<Page<ScoreRecord>> =>
      (await this.#mustGet(`/api/scores${queryText(query)}`, options)) as ScoresResponse,
    /** Judges a session, step, trace or observation. Resolves once the score is kept. */
    create: async (score: NewScore, options: RequestOptions = {}): Promise<void> => {
      const body = JSON.stringify(encodeTraceRequestJson([scoreSpan(score, Date.now())]));
      const headers = { 'content-type': 'application/json' };
      await this.#must({ ...options, method: 'POST', path: '/v1/traces', headers, body });
    },
  } as const;

  readonly blobs = {
    /** Keeps an image: PNG, JPEG, WebP or GIF. Returns the reference by which records name it. */
    put: async (bytes: Uint8Array, options: RequestOptions = {}): Promise<BlobResponse> => {
      const body = Uint8Array.from(bytes);
      const path = `${BLOBS_PATH}/${createHash('sha256').update(body).digest('hex')}`;
      const headers = { 'content-type': 'application/octet-stream' };
      return (await this.#must({ ...options, method: 'PUT', path, headers, body })) as BlobResponse;
    },
    /** The image that a reference or a hash names; undefined when there is none. */
    get: async (reference: string, options: RequestOptions = {}): Promise<BlobContent | undefined> => {
      const path = `${BLOBS_PATH}/${hashOfReference(reference) ?? encodeURIComponent(reference)}`;
      const response = await this.#request({ ...options, path });
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw await refusal(this.baseUrl, response);
      return {
        bytes: new Uint8Array(await response.arrayBuffer()),
        mediaType: response.headers.get('content-type') ?? '',
      };
    },
  } as const;

  /** Runs SQL that reads, where the translator takes it; rejects with SPOOR_SQL_OFF where it does not. */
  async sql(query: SqlRequest, options: RequestOptions = {}): Promise<SqlResponse> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(query);
    return (await this.#must({ ...options, method: 'POST', path: '/api/sql', headers, body })) as SqlResponse;
  }

  /** What the translator is and holds. Resolves when it is there. */
  async health(options: RequestOptions = {}): Promise<StatsResponse> {
    return (await this.#mustGet('/api/stats', options)) as StatsResponse;
  }

  /**
   * Follows what changes, until the loop is left, the signal says so, or the client is closed. Lost connections are made
   * again. The first one must succeed.
   *
   * @example
   * for await (const event of client.live({ sessionId: 'checkout-17' })) {
   *   if (event.type === 'change') console.log(event.sessions[0]?.stepCount);
   * }
   */
  live(options: LiveOptions = {}): AsyncGenerator<LiveEvent, void, undefined> {
    return followLive(this.#options, this.#closed.signal, options);
  }

  /** Gives up what is under way; later calls reject with SPOOR_CLIENT_CLOSED. */
  close(): void {
    this.#closed.abort(new SpoorError('SPOOR_CLIENT_CLOSED', 'The client was closed.'));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #request(given: HttpRequest): Promise<Response> {
    return request(this.#options, this.#closed.signal, given);
  }

  async #get(
    path: string,
    { signal, method = 'GET' }: RequestOptions & Pick<HttpRequest, 'method'>,
  ): Promise<unknown> {
    return readJson(this.baseUrl, await this.#request({ path, signal, method }));
  }

  #mustGet(path: string, { signal }: RequestOptions): Promise<unknown> {
    return this.#must({ path, signal });
  }

  /** As a request for JSON that must not be missing: whatever answers 404 here is no translator. */
  async #must(given: HttpRequest): Promise<unknown> {
    const answer = await readJson(this.baseUrl, await this.#request(given));
    if (answer === undefined) throw unreachable(this.baseUrl, `it has no ${given.path.split('?', 1)[0]}`);
    return answer;
  }
}

async function* eachItem<T>(page: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    yield* items;
    cursor = nextCursor;
  } while (cursor !== undefined);
}

function withCursor<T extends PageQuery>(query: T, cursor: string | undefined): T {
  return cursor === undefined ? query : { ...query, cursor };
}

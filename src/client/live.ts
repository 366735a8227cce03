import type { LiveChange } from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import { pause, refusal, request, type RequestOptions } from './http.js';
import type { ResolvedClientOptions } from './options.js';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

/**
 * What a live feed says. `open`: the feed is connected, for the first time or again. `change`: these sessions and traces
 * have changed. `reset`: more was missed than the translator remembers, so that everything has to be read again.
 */
export type LiveEvent = { type: 'open' } | ({ type: 'change' } & LiveChange) | { type: 'reset' };

export interface LiveOptions extends RequestOptions {
  /** Only changes of this session. */
  sessionId?: string;
}

const RECONNECT_MS = 1000;

/**
 * Follows a live feed until the caller leaves the loop or the signal says so. A connection that is lost is made again, and
 * what was missed is made up for. Throws when the first connection cannot be made.
 */
export async function* followLive(
  options: ResolvedClientOptions,
  closed: AbortSignal,
  { sessionId, signal }: LiveOptions,
): AsyncGenerator<LiveEvent, void, undefined> {
  const left = new AbortController();
  const stop = AbortSignal.any([closed, left.signal, ...(signal === undefined ? [] : [signal])]);
  const path = `/api/live${sessionId === undefined ? '' : `?session=${encodeURIComponent(sessionId)}`}`;
  const place: { lastEventId?: string } = {};
  let wasOpen = false;
  try {
    for (;;) {
      try {
        for await (const event of connection(options, stop, path, place)) {
          wasOpen = true;
          yield event;
        }
      } catch (error) {
        if (stop.aborted) return;
        if (!wasOpen || !isLostConnection(error)) throw error;
      }
      await pause(RECONNECT_MS, stop).catch(() => undefined);
      if (stop.aborted) return;
    }
  } finally {
    left.abort();
  }
}

/** One connection, to its end. */
async function* connection(
  options: ResolvedClientOptions,
  stop: AbortSignal,
  path: string,
  place: { lastEventId?: string },
): AsyncGenerator<LiveEvent, void, undefined> {
  const headers = {
    accept: 'text/event-stream',
    ...(place.lastEventId === undefined ? {} : { 'last-event-id': place.lastEventId }),
  };
  const response = await request({ ...options, retries: 0 }, stop, { path, headers, isStream: true });
  if (response.status !== 200 || response.body === null) throw await refusal(options.baseUrl, response);
  yield { type: 'open' };
  for await (const event of readServerSentEvents(response.body)) {
    const live = toLiveEvent(event);
    if (live !== undefined) yield live;
    // Only what the caller has taken counts as received.
    if (event.id !== undefined) place.lastEventId = event.id;
  }
}

function toLiveEvent({ event, data }: ServerSentEvent): LiveEvent | undefined {
  if (event === 'reset') return { type: 'reset' };
  return event === 'change' ? { type: 'change', ...(JSON.parse(data) as LiveChange) } : undefined;
}

function isLostConnection(error: unknown): boolean {
  // A body that breaks off is a TypeError of fetch.
  if (error instanceof TypeError) return true;
  return (
    error instanceof SpoorError &&
    (error.code === 'SPOOR_TRANSLATOR_UNREACHABLE' ||
      error.code === 'SPOOR_TIMEOUT' ||
      error.code === 'SPOOR_OVERLOADED')
  );
}

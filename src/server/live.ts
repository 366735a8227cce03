import type { ServerResponse } from 'node:http';
import type { Session } from '../../semconv/model/session.js';
import type { Store, StoreChange } from '../store/store.js';
import type { LiveChange } from './api-types.js';
import { overloaded } from './http-failure.js';
import type { TranslatorLimits } from './options.js';

export interface LiveFeed {
  publish(change: StoreChange): void;
  /** Opens an event stream; throws an `HttpFailure` when there are too many. */
  open(res: ServerResponse, request: { sessionId?: string; lastEventId?: string }): void;
  close(): void;
}

export interface LiveFeedOptions {
  store: Store;
  limits: Pick<TranslatorLimits, 'liveClients' | 'liveHistory' | 'liveBacklogBytes' | 'heartbeatMs'>;
  /** Where numbering starts. Must grow from start to start, so that an id of an earlier process is told apart. */
  firstSequence: number;
  log: (line: string) => void;
}

interface Change {
  sequence: number;
  sessionIds: readonly string[];
  traceIds: readonly string[];
}

interface Client {
  res: ServerResponse;
  sessionId: string | undefined;
  /** Sequence of the last change that it has been told of. */
  sent: number;
}

const GATHER_MS = 50;

/**
 * Tells listeners what has changed. Only ids are kept; the sessions are read when an event is sent, so a client that
 * lagged behind or reconnects gets one event with the present state instead of every state in between.
 */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { store, limits } = options;
  const clients = new Set<Client>();
  let history: Change[] = [];
  let sequence = options.firstSequence;
  let gather: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let flushed: Promise<void> = Promise.resolve();

  const drop = (client: Client): void => {
    clients.delete(client);
    client.res.destroy();
    if (clients.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  };
  const write = (client: Client, text: string): void => {
    // It can come back with its last id; what is queued for it would only grow.
    if (client.res.writableLength > limits.liveBacklogBytes) drop(client);
    else client.res.write(text);
  };
  const flush = async (): Promise<void> => {
    const upTo = sequence;
    const read = new Map<string, Promise<Session | undefined>>();
    const sessionOf = (id: string): Promise<Session | undefined> => {
      const known = read.get(id) ?? store.session(id);
      read.set(id, known);
      return known;
    };
    for (const client of clients) {
      const missed = missedBy(client, history);
      client.sent = upTo;
      if (missed.length === 0) continue;
      const ids = [...new Set(missed.flatMap((change) => change.sessionIds))].filter(
        (id) => client.sessionId === undefined || id === client.sessionId,
      );
      const sessions = (await Promise.all(ids.map(sessionOf))).filter((session) => session !== undefined);
      const traceIds = [...new Set(missed.flatMap((change) => change.traceIds))];
      write(client, eventText('change', upTo, { sessions, traceIds } satisfies LiveChange));
    }
  };
  const scheduleFlush = (): void => {
    gather ??= setTimeout(() => {
      gather = undefined;
      // One after the other, so that ids only ever grow on the wire.
      flushed = flushed.then(flush).catch((cause: unknown) => {
        options.log(`spoor: the live feed could not read the store: ${String(cause)}`);
        // They come back with the last id that they did get.
        for (const client of clients) drop(client);
      });
    }, GATHER_MS).unref();
  };

  return {
    publish(change) {
      if (change.sessionIds.length === 0 && change.traceIds.length === 0) return;
      sequence += 1;
      history.push({ sequence, sessionIds: change.sessionIds, traceIds: change.traceIds });
      if (history.length > limits.liveHistory) history = history.slice(-limits.liveHistory);
      if (clients.size > 0) scheduleFlush();
    },
    open(res, { sessionId, lastEventId }) {
      if (clients.size >= limits.liveClients) throw overloaded('Too many listeners.', 5);
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      const from = lastEventId === undefined ? sequence : resumePoint(lastEventId);
      const client: Client = { res, sessionId, sent: from ?? sequence };
      clients.add(client);
      res.on('error', () => drop(client));
      res.on('close', () => drop(client));
      heartbeat ??= setInterval(() => {
        for (const listener of clients) write(listener, ': alive\n\n');
      }, limits.heartbeatMs).unref();
      write(
        client,
        from === undefined ? eventText('reset', sequence, {}) : `retry: 1000\nid: ${client.sent}\n\n`,
      );
      if (client.sent < sequence) scheduleFlush();
    },
    close() {
      clearTimeout(gather);
      for (const client of clients) drop(client);
      clearInterval(heartbeat);
    },
  };

  /** The sequence to go on from, or undefined when what came after it is no longer known. */
  function resumePoint(lastEventId: string): number | undefined {
    const last = /^\d{1,16}$/.test(lastEventId) ? Number(lastEventId) : undefined;
    const oldest = history[0]?.sequence ?? sequence + 1;
    return last !== undefined && last >= oldest - 1 && last <= sequence ? last : undefined;
  }
}

function missedBy(client: Client, history: readonly Change[]): Change[] {
  return history.filter(
    (change) =>
      change.sequence > client.sent &&
      (client.sessionId === undefined || change.sessionIds.includes(client.sessionId)),
  );
}

function eventText(event: string, id: number, body: unknown): string {
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(body)}\n\n`;
}

import type { Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod, type Method } from '../../src/instrument/patch-sdk.js';
import { fieldsOf, type Fields } from '../../src/instrument/read.js';
import { openLiveConnection, type LiveConnection, type SentKind } from './live-connection.js';

const connections = new WeakMap<object, LiveConnection>();

const SENDERS: Readonly<Record<string, SentKind>> = {
  sendClientContent: 'contents',
  sendToolResponse: 'tool responses',
  sendRealtimeInput: 'realtime',
};

/** Patches the class of `client.live`, and the class of the sessions when the first one is there. */
export function patchLive(prototype: unknown): Unpatch[] {
  const undo: Unpatch[] = [];
  const patched = patchMethod(prototype, 'connect', (live, args, original) =>
    connect(live, args, original, (session) => undo.push(...patchSession(Object.getPrototypeOf(session)))),
  );
  return patched.length === 0
    ? []
    : [
        () => {
          for (const one of [...patched, ...undo.splice(0)]) one();
        },
      ];
}

function connect(
  live: unknown,
  args: unknown[],
  original: Method,
  onSession: (session: object) => void,
): unknown {
  const params = fieldsOf(args[0]);
  const callbacks = params['callbacks'];
  if (typeof callbacks !== 'object' || callbacks === null) return Reflect.apply(original, live, args);
  const connection = guard('live session', () => openLiveConnection(live, params));
  if (connection === undefined) return Reflect.apply(original, live, args);
  const watched = standIn(params, { callbacks: watchCallbacks(callbacks, connection) });
  const result: unknown = Reflect.apply(original, live, [watched, ...args.slice(1)]);
  if (!(result instanceof Promise)) return result;
  return result.then((session: unknown) => {
    if (typeof session === 'object' && session !== null) {
      connections.set(session, connection);
      guard('patch', () => onSession(session));
    }
    return session;
  });
}

/** `target` with some fields replaced, for reading; what is written is written to `target`, as the SDK would do. */
function standIn(target: object, fields: Fields): object {
  return new Proxy(
    {},
    {
      get: (_, key) =>
        typeof key === 'string' && Object.hasOwn(fields, key) ? fields[key] : Reflect.get(target, key),
      set: (_, key, value) => Reflect.set(target, key, value),
      has: (_, key) => Reflect.has(target, key),
    },
  );
}

/** The program's callbacks, which are looked up when they are due, as the SDK does. */
function watchCallbacks(callbacks: object, connection: LiveConnection): object {
  const observers: Readonly<Record<string, (event: Fields) => void>> = {
    onmessage: (message) => connection.received(message),
    onerror: (event) => connection.failed(event['error'] ?? event),
    onclose: (event) => connection.closed(event),
  };
  const watched: object = new Proxy(
    {},
    {
      get: (_, key) => {
        const own: unknown = Reflect.get(callbacks, key);
        const observe = typeof key === 'string' ? observers[key] : undefined;
        if (typeof own !== 'function') {
          // Nobody needs to see errors and the end but us.
          return own === undefined && key !== 'onmessage' ? observe : own;
        }
        return function (this: unknown, ...args: unknown[]): unknown {
          guard('live session', () => observe?.(fieldsOf(args[0])));
          return Reflect.apply(own, this === watched ? callbacks : this, args);
        };
      },
      set: (_, key, value) => Reflect.set(callbacks, key, value),
      has: (_, key) => Reflect.has(callbacks, key),
    },
  );
  return watched;
}

function patchSession(prototype: unknown): Unpatch[] {
  const senders = Object.entries(SENDERS).flatMap(([method, kind]) =>
    patchMethod(prototype, method, (session, args, original) => {
      const result = Reflect.apply(original, session, args);
      guard('live session', () => connectionOf(session)?.sent(kind, fieldsOf(args[0])));
      return result;
    }),
  );
  const close = patchMethod(prototype, 'close', (session, args, original) => {
    guard('live session', () => connectionOf(session)?.closing());
    return Reflect.apply(original, session, args);
  });
  return [...senders, ...close];
}

function connectionOf(session: unknown): LiveConnection | undefined {
  return typeof session === 'object' && session !== null ? connections.get(session) : undefined;
}

import type { CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod, type Caller } from '../../src/instrument/patch-sdk.js';
import { fieldsOf, type Fields } from '../../src/instrument/read.js';
import { RealtimeSession } from './realtime-session.js';
import { ResponsesSession } from './responses-session.js';
import { SocketCalls } from './socket-calls.js';

/**
 * The classes that speak over a WebSocket. They are watched where they send and where they hand on what came, on their
 * prototypes: nobody is added to the listeners that the program can see, and whether there is one for errors stays the
 * program's affair.
 */
const CLASSES: Readonly<Record<string, Protocol>> = {
  OpenAIRealtimeWS: 'realtime',
  OpenAIRealtimeWebSocket: 'realtime',
  ResponsesWS: 'responses',
};
type Protocol = 'realtime' | 'responses';

/** Each sends one event, and none of them calls another. */
const SENDERS = ['send', 'sendResponseCreate', 'sendRaw'] as const;
/** `readyState` of a socket that takes nothing any more. */
const CLOSING = 2;

const protocols = new WeakMap<object, Protocol>();
/** By connection; null for other things that emit events by the same class. */
const connections = new WeakMap<object, SocketCalls | null>();
/** By the socket below a connection. */
const sockets = new WeakMap<object, SocketCalls>();
let undoSockets: Unpatch[] = [];

export const socketClasses: CustomSdk = {
  patchModule: (moduleExports) =>
    Object.entries(CLASSES).flatMap(([name, protocol]) => {
      const candidate = fieldsOf(moduleExports)[name];
      return typeof candidate === 'function' ? patchPrototype(candidate.prototype as object, protocol) : [];
    }),
  patchClient: (client) => {
    if (!isConnection(client)) return [];
    // Only the one for responses keeps the client that it was made with.
    return patchPrototype(
      Object.getPrototypeOf(client) as object,
      '_client' in client ? 'responses' : 'realtime',
    );
  },
};

function isConnection(value: unknown): value is object {
  const { _emit: emit, send, socket } = fieldsOf(value);
  return typeof emit === 'function' && typeof send === 'function' && typeof socket === 'object';
}

function patchPrototype(prototype: object, protocol: Protocol): Unpatch[] {
  // A bundler may know what is exported by other names: what has the methods is taken.
  if (ownerOf(prototype, '_emit') === undefined || ownerOf(prototype, 'send') === undefined) return [];
  protocols.set(prototype, protocol);
  const patch = (name: string, call: Caller): Unpatch[] => patchMethod(ownerOf(prototype, name), name, call);
  return [
    ...patch('_emit', onEmit),
    ...patch('_onError', onError),
    ...patch('close', onClose),
    ...SENDERS.flatMap((name) => patch(name, onSend)),
    undoSocketPatches,
  ];
}

function undoSocketPatches(): void {
  for (const undo of undoSockets.splice(0)) undo();
}

function ownerOf(prototype: object, name: string): object | undefined {
  let owner: object | null = prototype;
  while (owner !== null && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner ?? undefined;
}

const onEmit: Caller = (target, args, original) => {
  const calls = callsOf(target);
  if (calls !== undefined) guard('socket event', () => emits(calls, args));
  return Reflect.apply(original, target, args);
};

/** Every event of the server is emitted as `event` first. The others are the SDK's own, and end what is under way. */
function emits(calls: SocketCalls, [name, value]: unknown[]): void {
  if (name === 'event') calls.receives(fieldsOf(value));
  else if (name === 'close' && typeof value === 'number') calls.closed(value);
  else if (name === 'reconnecting') calls.closed(fieldsOf(value)['closeCode']);
}

const onSend: Caller = (target, args, original) => {
  const calls = callsOf(target);
  if (calls === undefined || calls.isSending) return Reflect.apply(original, target, args);
  guard('socket send', () => calls.sends(eventOf(args[0])));
  calls.isSending = true;
  try {
    const result: unknown = Reflect.apply(original, target, args);
    if (!calls.isSerial) guard('socket send', () => refuseWhenClosed(target, calls));
    return result;
  } catch (error) {
    calls.sendFailed(error);
    throw error;
  } finally {
    calls.isSending = false;
  }
};

/** Of events that come as text, only the one that matters is read. */
function eventOf(event: unknown): Fields {
  if (typeof event !== 'string') return fieldsOf(event);
  return event.includes('response.create') ? fieldsOf(JSON.parse(event)) : {};
}

/** A socket that is closed takes what it is given and says nothing. */
function refuseWhenClosed(target: unknown, calls: SocketCalls): void {
  const { socket, _recovery: recovery } = fieldsOf(target);
  const { readyState } = fieldsOf(socket);
  if (recovery === undefined && typeof readyState === 'number' && readyState >= CLOSING) {
    calls.sendFailed({ code: 'connection_closed', message: 'the connection was closed' });
  }
}

/** What the server says comes as an event; here is what went wrong on this side. */
const onError: Caller = (target, args, original) => {
  const calls = connections.get(target as object);
  const [event, message, cause] = args;
  if (calls?.isSending === true && (event === null || event === undefined))
    guard('socket error', () => calls.sendFailed(cause ?? { code: 'send_failed', message }));
  return Reflect.apply(original, target, args);
};

const onClose: Caller = (target, args, original) => {
  connections.get(target as object)?.closes();
  return Reflect.apply(original, target, args);
};

function callsOf(target: unknown): SocketCalls | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  let calls = connections.get(target);
  if (calls === undefined) {
    calls = guard('socket', () => connect(target)) ?? null;
    connections.set(target, calls);
  }
  if (calls === null) return undefined;
  const { socket } = fieldsOf(target);
  if (socket !== calls.socket) guard('socket', () => watchSocket(socket, calls));
  return calls;
}

function connect(target: object): SocketCalls | null {
  const protocol = protocolOf(target);
  if (protocol === undefined) return null;
  const { url, _client: client } = fieldsOf(target);
  if (protocol === 'responses') return new SocketCalls(new ResponsesSession(), client, 'ResponsesWS');
  return new SocketCalls(new RealtimeSession(url), serverOfUrl(url), 'OpenAIRealtimeWS');
}

function protocolOf(target: object): Protocol | undefined {
  for (
    let owner: object | null = target;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const protocol = protocols.get(owner);
    if (protocol !== undefined) return protocol;
  }
  return undefined;
}

/** In the form that clients have. Of the address only the host: some put the key in the query. */
function serverOfUrl(value: unknown): object {
  if (!(value instanceof URL)) return {};
  return {
    baseURL: `https://${value.host}`,
    apiVersion: value.searchParams.get('api-version') ?? undefined,
  };
}

/** Waits for the end of a socket. Some connections tell of it themselves; the sockets of `ws` do by a method. */
function watchSocket(socket: unknown, calls: SocketCalls): void {
  if (typeof socket !== 'object' || socket === null) return;
  calls.socket = socket;
  sockets.set(socket, calls);
  const owner = ownerOf(socket, 'emitClose');
  if (owner !== undefined) {
    undoSockets.push(...patchMethod(owner, 'emitClose', onSocketClose));
  } else if (socket instanceof EventTarget) {
    const isCurrent = (): boolean => sockets.get(socket) === calls;
    const listener = (event: Event): void => {
      if (isCurrent()) guard('socket end', () => calls.closed(fieldsOf(event)['code']));
    };
    socket.addEventListener('close', listener, { once: true });
  }
}

const onSocketClose: Caller = (target, args, original) => {
  const calls = sockets.get(target as object);
  if (calls !== undefined) guard('socket end', () => calls.closed(fieldsOf(target)['_closeCode']));
  return Reflect.apply(original, target, args);
};

import { guard } from '../../src/instrument/guard.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import type { OpenCall } from '../../src/instrument/open-call.js';
import { fieldsOf, textOf, type Fields } from '../../src/instrument/read.js';
import { startCall } from '../../src/instrument/trace-call.js';

/** What one protocol over a WebSocket knows of its connection: there may be many responses on it, and it may last for hours. */
export interface SocketSession {
  readonly mapper: CallMapper;
  /** An event that the program sends. @returns the arguments of a call when it asks for a response. */
  sends(event: Fields): unknown[] | undefined;
  /** An event of the server. */
  receives(event: Fields): void;
  /** The arguments of the call for a response that nobody asked for: the server answers by itself when someone has spoken. */
  unasked(): unknown[];
  /** A response begins: what was said so far is its input. */
  begins(args: unknown[]): void;
  /** It is over. @returns whether its input has become known better since it began. */
  ends(args: unknown[]): boolean;
  /** True for the last event of a response. */
  isFinal(event: Fields): boolean;
  /** True when an error that names no event must be about the response that is asked for or under way. */
  readonly isSerial: boolean;
}

/** A response that was asked for, or that is under way. Without a call when it is not traced. */
interface Ask {
  call: OpenCall | undefined;
  args: unknown[];
  eventId: string | undefined;
  metadata: Fields | undefined;
}

/** More of them than any provider allows: what is over and was never said to be must not pile up. */
const MOST_OPEN = 32;
/** By what the server refuses a response, whatever event it names. */
const REFUSALS = new Set(['conversation_already_has_active_response']);

/** The responses of one connection: each is a call, from the event that asks for it to the event that ends it. */
export class SocketCalls {
  /** The socket that is watched for its end. */
  socket: unknown;
  isSending: boolean;
  private readonly session: SocketSession;
  private readonly client: unknown;
  private readonly label: string;
  private asked: Ask[];
  private readonly open: Map<string, Ask>;
  private newest: string | undefined;
  private lastSent: Ask | undefined;
  private isClosing: boolean;

  /** `client` is what the provider is read from. */
  constructor(session: SocketSession, client: unknown, label: string) {
    this.session = session;
    this.client = client;
    this.label = label;
    this.socket = undefined;
    this.isSending = false;
    this.asked = [];
    this.open = new Map();
    this.newest = undefined;
    this.lastSent = undefined;
    this.isClosing = false;
  }

  get isSerial(): boolean {
    return this.session.isSerial;
  }

  /** The program is about to send an event. */
  sends(event: Fields): void {
    const args = this.session.sends(event);
    this.lastSent = undefined;
    if (args === undefined) return;
    const ask = this.start(args);
    ask.eventId = textOf(event['event_id']);
    const metadata = fieldsOf(event['response'])['metadata'] ?? event['metadata'];
    if (typeof metadata === 'object' && metadata !== null) ask.metadata = metadata as Fields;
    ask.call?.captureInput(args);
    this.lastSent = ask;
    if (this.asked.push(ask) > MOST_OPEN) this.asked.shift()?.call?.abandon();
  }

  /** The event could not be sent. */
  sendFailed(error: unknown): void {
    const ask = this.lastSent;
    if (ask === undefined) return;
    this.asked = this.asked.filter((other) => other !== ask);
    ask.call?.failed(error);
    this.lastSent = undefined;
  }

  /** An event of the server, before the program sees it. */
  receives(event: Fields): void {
    this.session.receives(event);
    const type = textOf(event['type']) ?? '';
    if (type === 'error') this.refused(event);
    else if (type === 'response.created') this.begins(event);
    else if (type.startsWith('response.')) this.goesOn(event);
  }

  /** The program closes the connection: what is still under way when it is closed was called off. */
  closes(): void {
    this.isClosing = true;
  }

  /** The connection is gone, and with it every response. */
  closed(code: unknown): void {
    const open = [...this.open.values(), ...this.asked];
    this.open.clear();
    this.asked = [];
    this.socket = undefined;
    const why = typeof code === 'number' ? ` (${code})` : '';
    for (const { call } of open.toReversed()) {
      if (this.isClosing) call?.streamClosed();
      else call?.failed({ code: 'connection_closed', message: `the connection was closed${why}` });
    }
  }

  private start(args: unknown[]): Ask {
    const { mapper } = this.session;
    const traced = { sdk: 'openai', label: this.label, mapper, clientOf: (client: unknown) => client };
    const call = guard('call start', () => startCall(traced, this.client, args));
    return { call, args, eventId: undefined, metadata: undefined };
  }

  private begins(event: Fields): void {
    const response = fieldsOf(event['response']);
    const ask = this.takeAsked(response) ?? this.start(this.session.unasked());
    this.session.begins(ask.args);
    ask.call?.captureInput(ask.args);
    ask.call?.startStream();
    ask.call?.chunk(event);
    const id = textOf(response['id']) ?? '';
    this.newest = id;
    this.open.set(id, ask);
    if (this.open.size > MOST_OPEN) this.dropOldest();
  }

  /** Responses begin in the order in which they were asked for; the ones that have metadata of their own are known by it. */
  private takeAsked(response: Fields): Ask | undefined {
    const metadata = fieldsOf(response['metadata']);
    const index = this.asked.findIndex(
      (ask) => ask.metadata === undefined || sameFields(ask.metadata, metadata),
    );
    return index < 0 ? undefined : this.asked.splice(index, 1)[0];
  }

  private dropOldest(): void {
    const [id, ask] = this.open.entries().next().value as [string, Ask];
    this.open.delete(id);
    ask.call?.abandon();
  }

  private goesOn(event: Fields): void {
    const response = event['response'];
    const id = textOf(event['response_id']) ?? textOf(fieldsOf(response)['id']) ?? this.newest ?? '';
    const ask = this.open.get(id);
    if (ask === undefined) return;
    ask.call?.chunk(event);
    if (!this.session.isFinal(event)) return;
    this.open.delete(id);
    if (this.session.ends(ask.args)) ask.call?.captureInput(ask.args);
    ask.call?.streamEnded(fieldsOf(response)['status'] === 'cancelled');
  }

  /** An error of the server: what it is about is said by the id of the event, if the program gave one. */
  private refused(event: Fields): void {
    const error = { ...event, ...fieldsOf(event['error']) };
    const ask = this.refusedAsk(error);
    if (ask === undefined) return;
    const { type, code, message } = error as Fields;
    ask.call?.failed({ code: code ?? type, message });
  }

  private refusedAsk(error: Fields): Ask | undefined {
    const { newest, asked, session } = this;
    const named = textOf(fieldsOf(error['error'])['event_id']);
    if (session.isSerial) {
      const open = newest === undefined ? undefined : this.open.get(newest);
      if (open === undefined) return asked.shift();
      this.open.delete(newest as string);
      return open;
    }
    const index = asked.findIndex(({ eventId }) => named !== undefined && eventId === named);
    if (index >= 0) return asked.splice(index, 1)[0];
    // Without an id it is about a response when it can be about nothing else.
    const isRefusal = REFUSALS.has(textOf(error['code']) ?? '');
    const isLast = this.lastSent !== undefined && asked.includes(this.lastSent);
    return (isRefusal || isLast) && typeof named !== 'string' ? asked.shift() : undefined;
  }
}

function sameFields(left: Fields, right: Fields): boolean {
  return Object.keys(left).every((key) => left[key] === right[key]);
}

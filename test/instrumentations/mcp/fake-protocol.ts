/** The framing of the real packages as far as it matters here: ids, handlers looked up at once and called later, answers. */
interface Message {
  method: string;
  id?: number;
  params?: { _meta?: Record<string, unknown>; [key: string]: unknown };
}
type Handler = (request: Message, extra: { signal: AbortSignal }) => Promise<unknown>;

export class Protocol {
  _requestMessageId = 0;
  _requestHandlers: Map<string, Handler> = new Map();
  _transport: object | undefined = {};
  /** What went out. */
  sent: Message[] = [];
  peer: Protocol | undefined;

  request(request: Message): Promise<unknown> {
    const message = { ...request, id: this._requestMessageId++ };
    this.sent.push(message);
    return this.peer?._onrequest(message) ?? Promise.reject(new Error('Not connected'));
  }

  _onclose(): void {
    this._transport = undefined;
  }

  _onrequest(message: Message): Promise<unknown> {
    const handler = this._requestHandlers.get(message.method);
    if (handler === undefined) return Promise.reject(new Error('Method not found'));
    return Promise.resolve().then(() => handler(message, { signal: new AbortController().signal }));
  }
}

/** A client and the server behind it, of a class of their own. */
export function connectedPair(): { client: Protocol; server: Protocol } {
  class Fresh extends Protocol {}
  for (const name of ['request', '_onrequest', '_onclose'] as const) {
    Object.defineProperty(Fresh.prototype, name, {
      value: { [name]: Protocol.prototype[name] }[name],
      configurable: true,
      writable: true,
    });
  }
  const [client, server] = [new Fresh(), new Fresh()];
  client.peer = server;
  return { client, server };
}

import type { CallMapper, SdkDefinition } from '../../src/instrument/call-mapper.js';
import type { StreamReducer } from '../../src/instrument/records.js';

/** A small SDK of the shape that the kit understands, with every seam open: nobody's in particular. */
export class ApiPromise<T> extends Promise<T> {
  responsePromise: Promise<unknown>;
  parseResponse: (head: unknown) => unknown;
  parsedPromise?: Promise<T>;

  constructor(responsePromise: Promise<unknown>, parseResponse: (head: unknown) => unknown) {
    super((resolve) => resolve(undefined as T));
    this.responsePromise = responsePromise;
    this.parseResponse = parseResponse;
  }

  parse(): Promise<T> {
    return (this.parsedPromise ??= this.responsePromise.then(this.parseResponse) as Promise<T>);
  }

  asResponse(): Promise<unknown> {
    return this.responsePromise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- the SDKs that this stands for do just that.
  override then<A, B>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.parse().then(onValue, onError);
  }
}

/** What a call answers: a value, a list of chunks, or an error to reject with. */
export type Answer =
  | { value: unknown }
  | { chunks: readonly unknown[]; error?: unknown }
  | { error: unknown };

export class Stream {
  iterator: () => AsyncIterator<unknown>;
  controller: AbortController = new AbortController();

  constructor(iterator: () => AsyncIterator<unknown>) {
    this.iterator = iterator;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.iterator();
  }
}

class Texts {
  _client: Client;

  constructor(client: Client) {
    this._client = client;
  }

  create(body: { model: string; prompt?: string }): unknown {
    void body;
    return this._client.answer();
  }
}

export class Client {
  static Texts: typeof Texts = Texts;
  baseURL = 'https://api.example.com/v1';
  texts: Texts = new Texts(this);
  closed = 0;

  readonly answer: () => unknown;

  constructor(answer: () => unknown) {
    this.answer = answer;
  }
}

/** A client whose calls give `answer`. */
export function clientFor(answer: Answer): Client {
  const client = new Client(() => {
    if ('value' in answer) return new ApiPromise(Promise.resolve({}), async () => answer.value);
    if (!('chunks' in answer)) return new ApiPromise(Promise.reject(answer.error), async () => undefined);
    return new ApiPromise(Promise.resolve({}), async () => new Stream(() => chunksOf(answer, client)));
  });
  return client;
}

async function* chunksOf(
  answer: { chunks: readonly unknown[]; error?: unknown },
  client: Client,
): AsyncGenerator {
  try {
    yield* answer.chunks;
    if (answer.error !== undefined) throw answer.error;
  } finally {
    client.closed += 1;
  }
}

function reducer(keepContent: boolean): StreamReducer {
  let text = '';
  let finished = false;
  return {
    add(chunk) {
      if (chunk === 'bad') throw new TypeError('a chunk that is not understood');
      if (chunk === 'END') finished = true;
      else if (keepContent) text += String(chunk);
    },
    response: () => ({ id: 's1' }),
    output: () => ({ messages: [{ role: 'assistant', parts: [{ type: 'text', content: text }] }] }),
    get finished(): boolean {
      return finished;
    },
  };
}

export const mapper: CallMapper = {
  request: ([body]) => ({
    operation: 'text_completion',
    provider: 'example',
    model: (body as { model: string }).model,
  }),
  input: ([body]) => ({
    messages: [
      { role: 'user', parts: [{ type: 'text', content: (body as { prompt?: string }).prompt ?? '' }] },
    ],
  }),
  response: (value) => ({ id: (value as { id: string }).id }),
  output: (value) => ({
    messages: [{ role: 'assistant', parts: [{ type: 'text', content: (value as { text: string }).text }] }],
  }),
  reducer,
};

export const definition: SdkDefinition = {
  clientExports: ['Client'],
  methods: [{ resource: 'texts', method: 'create', mapper }],
};

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallMethod, ClientSdk } from '../../src/instrument/call-mapper.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

type Transform = (value: unknown) => unknown;

/** A promise of a page, whose subscribers are taken by another one that only its own methods reach. */
class PagePromise extends Promise<unknown> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    yield* (await this) as unknown[];
  }
}

function pageOf(answer: Promise<unknown>): PagePromise {
  const page = new PagePromise((resolve) => resolve(undefined));
  const own = {
    // oxlint-disable-next-line unicorn/no-thenable -- the SDK that this stands for does just that.
    then: answer.then.bind(answer),
    catch: answer.catch.bind(answer),
    finally: answer.finally.bind(answer),
    withResponse: () => answer.then((data) => ({ data, response: 'head' })),
    _thenUnwrap: (transform: Transform) => answer.then(transform),
  };
  return Object.assign(page, own);
}

class Stores {
  search(answer: Promise<unknown>): unknown {
    return pageOf(answer);
  }
}

const search: CallMethod = {
  resource: 'stores',
  method: 'search',
  mapper: {
    request: () => ({ operation: 'retrieval', provider: 'test', target: 'store' }),
    input: () => ({}),
    response: (value) => ({ finishReasons: value as string[] }),
    output: () => ({}),
    streamOf: () => undefined,
  },
};
const sdk: ClientSdk = { clientExports: ['Client'], methods: [search] };
const FOUND = ['one', 'two'];

type Page = ReturnType<typeof pageOf> & {
  withResponse(): Promise<unknown>;
  _thenUnwrap(transform: Transform): Promise<unknown>;
};
let spans: RecordedSpans;
let undo: (() => void)[];
const stores = new Stores();

beforeEach(() => {
  spans = recordSpans();
  undo = patchClient('test', sdk, { stores });
});
afterEach(() => {
  for (const one of undo) one();
  setProviderStarter(undefined);
});

const ask = (answer: Promise<unknown>): Page => stores.search(answer) as Page;
const outcomes = (): unknown =>
  spans
    .all()
    .map(({ name, attributes }) => [
      name,
      attributes['spoor.outcome'],
      attributes['gen_ai.response.finish_reasons'] ?? attributes['error.type'],
    ]);
const COMPLETED = [['retrieval store', 'completed', FOUND]];

describe('a promise that gives its subscribers to another one', () => {
  it('is returned itself, with methods of the same name and length', () => {
    const page = ask(Promise.resolve(FOUND));
    const bare = pageOf(Promise.resolve(FOUND));
    expect(page).toBeInstanceOf(PagePromise);
    const shapes = [page, bare].map((promise) =>
      Object.entries(promise).map(([key, value]) => [
        key,
        (value as Transform).name,
        (value as Transform).length,
      ]),
    );
    expect(shapes[0]).toEqual(shapes[1]);
  });

  it('ends its span with the value, however the program takes it', async () => {
    const ways: ((page: Page) => unknown)[] = [
      (page) => page,
      (page) => page.catch(() => undefined),
      (page) => page.finally(() => undefined),
      (page) => page.withResponse().then((answer) => (answer as { data: unknown }).data),
      (page) => page._thenUnwrap((value) => value),
      async (page) => {
        const all: unknown[] = [];
        for await (const one of page) all.push(one);
        return all;
      },
    ];
    for (const way of ways) {
      spans = recordSpans();
      expect(await way(ask(Promise.resolve(FOUND)))).toEqual(FOUND);
      expect(outcomes()).toEqual(COMPLETED);
    }
  });

  it('ends it once when the program subscribes more than once', async () => {
    const page = ask(Promise.resolve(FOUND));
    await Promise.all([page, page, page.finally(() => undefined)]);
    expect(outcomes()).toEqual(COMPLETED);
  });

  it("keeps the SDK's own rejection, and fails its span", async () => {
    const error = new RangeError('no such store');
    await expect(ask(Promise.reject(error))).rejects.toBe(error);
    await expect(ask(Promise.reject(error)).withResponse()).rejects.toBe(error);
    await expect(ask(Promise.reject(error)).catch((caught: unknown) => caught)).resolves.toBe(error);
    expect(outcomes()).toEqual([1, 2, 3].map(() => ['retrieval store', 'failed', 'RangeError']));
  });
});

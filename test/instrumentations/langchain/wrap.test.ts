import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wrap } from '../../../instrumentations/langchain/index.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

const FAMILY = new URL('../../sdks/langchain1/', import.meta.url);
const isInstalled = existsSync(new URL('node_modules/@langchain/core/package.json', FAMILY));

interface Chain {
  pipe(next: unknown): Chain;
  invoke(input: unknown): Promise<unknown>;
}
let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => setProviderStarter(undefined));

// The contract suite installs the SDKs; without it there is nothing to wrap.
describe.skipIf(!isInstalled)('wrap (needs the SDKs of the contract suite)', () => {
  it('traces the copy of LangChain that a chain belongs to, and returns the chain', async () => {
    const { RunnableLambda } = createRequire(new URL('package.json', FAMILY))(
      '@langchain/core/runnables',
    ) as {
      RunnableLambda: { from(work: (value: string) => string): Chain };
    };
    const chain = RunnableLambda.from((value) => `${value}!`).pipe((value: string) => `${value}?`);
    expect(await chain.invoke('a')).toBe('a!?');
    expect(spans.all()).toEqual([]);
    expect(wrap(chain)).toBe(chain);
    expect(await chain.invoke('a')).toBe('a!?');
    expect(spans.all().map(({ name }) => name)).toEqual([
      'RunnableLambda',
      'RunnableLambda',
      'RunnableSequence',
    ]);
  });
});

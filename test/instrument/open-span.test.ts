import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setContentPolicy } from '../../src/config/content-policy.js';
import { runFollowing } from '../../src/instrument/following-context.js';
import { endOpenCalls } from '../../src/instrument/open-calls.js';
import { startOpenSpan, type OpenSpan } from '../../src/instrument/open-span.js';
import { withCallsSuppressed } from '../../src/instrument/suppress.js';
import { startObservation } from '../../src/tracing/observation.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { parentOf, recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  setContentPolicy(true);
  spans = recordSpans();
});
afterEach(() => {
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});

function open(name: string): OpenSpan {
  const span = startOpenSpan({ sdk: 'acme', name, attributes: {} });
  if (span === undefined) throw new Error('nothing records');
  return span;
}
const ends = (): unknown[] => spans.all().map(({ name, status, attributes }) => [name, status, attributes]);

describe('an open span', () => {
  it('ends once, the first way wins', () => {
    const span = open('work');
    span.rename('better');
    span.endFailed({ type: 'Odd', message: 'Too odd.' });
    span.end({ late: true });
    span.abandon();
    expect(ends()).toEqual([
      ['better', { code: 2, message: 'Too odd.' }, { 'error.type': 'Odd', 'spoor.outcome': 'failed' }],
    ]);
  });

  it('keeps the text of an error only where input may be kept', () => {
    setContentPolicy(false);
    open('work').endFailed({ type: 'Odd', message: 'Too odd.' });
    expect(ends()).toEqual([['work', { code: 2 }, { 'error.type': 'Odd', 'spoor.outcome': 'failed' }]]);
  });

  it('is given up at the end of the process', () => {
    open('work');
    endOpenCalls();
    expect(ends()).toEqual([['work', { code: 0 }, { 'spoor.outcome': 'abandoned' }]]);
  });

  it('is not opened where calls are suppressed', () => {
    const suppressed = withCallsSuppressed(() =>
      startOpenSpan({ sdk: 'acme', name: 'work', attributes: {} }),
    );
    expect(suppressed).toBeUndefined();
  });
});

describe('a context that follows', () => {
  it('is the one that is current at the time, and the one around when there is none', () => {
    const outer = open('outer');
    const [first, second] = [open('first'), open('second')];
    let current: OpenSpan | undefined = first;
    outer.run(() =>
      runFollowing(
        () => current?.context,
        () => {
          startObservation({ name: 'in first' }).end();
          current = second;
          startObservation({ name: 'in second' }).end();
          current = undefined;
          startObservation({ name: 'in outer' }).end();
        },
      ),
    );
    for (const span of [first, second, outer]) span.end();
    expect(
      ['first', 'second', 'outer'].map(
        (name) => parentOf(spans.named(`in ${name}`)) === spans.named(name).spanContext().spanId,
      ),
    ).toEqual([true, true, true]);
  });
});

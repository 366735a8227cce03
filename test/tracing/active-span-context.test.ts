import { createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { contextWithSpan } from '../../src/tracing/active-span-context.js';

const KEY = createContextKey('of the app');
const span = (spanId: string): ReturnType<typeof trace.wrapSpanContext> =>
  trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId, traceFlags: 1 });
const OUTER = span('a'.repeat(16));
const INNER = span('b'.repeat(16));

describe('contextWithSpan', () => {
  it('says what trace.setSpan would say', () => {
    const context = contextWithSpan(ROOT_CONTEXT.setValue(KEY, 1), INNER);
    expect([trace.getSpan(context), trace.getSpanContext(context), context.getValue(KEY)]).toEqual([
      INNER,
      INNER.spanContext(),
      1,
    ]);
  });

  it('takes the place of the span that was active', () => {
    const context = contextWithSpan(contextWithSpan(ROOT_CONTEXT.setValue(KEY, 1), OUTER), INNER);
    expect([trace.getSpan(context), context.getValue(KEY)]).toEqual([INNER, 1]);
  });

  it('is never changed itself', () => {
    const context = contextWithSpan(ROOT_CONTEXT.setValue(KEY, 1), INNER);
    const others = [context.setValue(KEY, 2), context.deleteValue(KEY), trace.setSpan(context, OUTER)];
    expect(others.map((other) => [other.getValue(KEY), trace.getSpan(other)])).toEqual([
      [2, INNER],
      [undefined, INNER],
      [1, OUTER],
    ]);
    expect([trace.getSpan(context), context.getValue(KEY)]).toEqual([INNER, 1]);
    expect(trace.getSpan(trace.deleteSpan(context))).toBeUndefined();
  });
});

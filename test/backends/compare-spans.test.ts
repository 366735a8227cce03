import { expect, it } from 'vitest';
import type { HeldSpan } from './back-end.js';
import { compareShapes, compareSpans } from './compare-spans.js';

const span = (change: Partial<HeldSpan> = {}): HeldSpan => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'call',
  kind: 3,
  startTimeUnixNano: 1000n,
  attributes: { model: 'm', list: ['a', 'b'] },
  events: [{ timeUnixNano: 1500n, name: 'event', attributes: { count: 1 } }],
  links: [],
  ...change,
});

it('counts the attributes of spans and events that are the same', () => {
  expect(compareSpans([span()], [span()])).toEqual({ spans: 1, attributes: 3, added: 0, faults: [] });
});

it('names every difference with its path', () => {
  const other = span({
    kind: 1,
    startTimeUnixNano: 1001n,
    attributes: { list: ['b', 'a'], more: 1 },
    events: [{ timeUnixNano: 1500n, name: 'event', attributes: { count: '1' } }],
  });
  expect(compareSpans([span()], [other]).faults).toEqual([
    'call.kind: 1 instead of 3',
    'call.startTimeUnixNano: 1001 instead of 1000',
    'call.attributes.model: nothing instead of "m"',
    'call.attributes.list: ["b","a"] instead of ["a","b"]',
    'call.attributes.more: 1 instead of nothing',
    'call.events.0.attributes.count: "1" instead of 1',
  ]);
});

it('names spans that are missing, doubled or foreign', () => {
  const foreign = span({ spanId: 'c'.repeat(16), name: 'foreign' });
  expect(compareSpans([span()], [foreign, foreign]).faults).toEqual([
    '1 spans are there more than once',
    'call: not there',
    'foreign: was not sent',
  ]);
});

it('allows what a back end is known to add and to round', () => {
  const other = span({ startTimeUnixNano: 900n, attributes: { ...span().attributes, 'llm.x': 1 } });
  const tolerance = { adds: /^llm\./, timeStepNs: 100n };
  expect(compareSpans([span()], [other], tolerance)).toEqual({
    spans: 1,
    attributes: 3,
    added: 1,
    faults: [],
  });
});

it('compares two runs by their shapes', () => {
  const child = span({ spanId: 'c'.repeat(16), parentSpanId: span().spanId, name: 'child' });
  const again = [
    span({ spanId: '1'.repeat(16), attributes: { model: 'other', list: ['c'] } }),
    span({ ...child, spanId: '2'.repeat(16), parentSpanId: '1'.repeat(16) }),
  ];
  expect(compareShapes([span(), child], again).faults).toEqual([]);
  const loose = [again[0] ?? span(), span({ name: 'child', spanId: '3'.repeat(16), attributes: {} })];
  expect(compareShapes([span(), child], loose).faults).toHaveLength(2);
});

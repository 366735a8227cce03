import type { AttributeValue, SpanRecord } from '../../src/testing/index.js';
import { orderByContent } from './order-by-content.js';

/**
 * Spans in a form that is the same in every run: parents before children, ids numbered in that order, times and what
 * depends on the machine replaced. Siblings are in the order of time, or of what they say.
 */
export function normaliseSpans(spans: readonly SpanRecord[], siblings: 'time' | 'content' = 'time'): unknown {
  const ordered = siblings === 'time' ? inTreeOrder(spans) : inContentOrder(spans);
  const names = new Map<string, string>();
  for (const { traceId, spanId, attributes } of ordered) {
    number(names, 'trace', traceId);
    number(names, 'span', spanId);
    for (const key of ['session.id', 'spoor.step.id']) {
      const id = attributes[key];
      if (typeof id === 'string') number(names, key, id);
    }
  }
  return ordered.map((span) => replaced(span, '', names));
}

function nodeOf({ spanId, parentSpanId }: SpanRecord): { id: string; parentId: string | undefined } {
  return { id: spanId, parentId: parentSpanId };
}

function inContentOrder(spans: readonly SpanRecord[]): SpanRecord[] {
  return orderByContent(spans, nodeOf, (span) => span.name + JSON.stringify(replaced(span, '', new Map())));
}

function inTreeOrder(spans: readonly SpanRecord[]): SpanRecord[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parentId: string | undefined): SpanRecord[] =>
    spans
      .filter((span) => (ids.has(span.parentSpanId ?? '') ? span.parentSpanId : undefined) === parentId)
      .toSorted(
        (a, b) =>
          Number(a.startTimeUnixNano - b.startTimeUnixNano) ||
          a.name.localeCompare(b.name, 'en') ||
          Number(a.endTimeUnixNano - b.endTimeUnixNano),
      )
      .flatMap((span) => [span, ...below(span.spanId)]);
  return below(undefined);
}

function number(names: Map<string, string>, kind: string, id: string): void {
  if (names.has(id)) return;
  const count = [...names.values()].filter((name) => name.startsWith(`${kind}-`)).length;
  names.set(id, `${kind}-${count + 1}`);
}

const VARYING =
  /^(server\.port|process\.|host\.|service\.instance\.id|telemetry\.(sdk|distro)\.version)|time_to_first_chunk$/;

function replaced(value: unknown, key: string, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'bigint') return value === 0n ? 'never' : 'some time';
  if (VARYING.test(key)) return 'varies';
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: AttributeValue) => replaced(item, key, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item, name, names)]));
}

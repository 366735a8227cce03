import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/** Spans of the storage `memory`. A leaf: the handle reads it without loading the OpenTelemetry SDK. */
const spans: ReadableSpan[] = [];
/** A test that makes more has something else in mind. */
const MOST = 100_000;

/** Keeps a span; false when there is no room left. */
export function keepSpan(span: ReadableSpan): boolean {
  if (spans.length >= MOST) return false;
  spans.push(span);
  return true;
}

/** The spans that ended, in the order of their ends. */
export function keptSpans(): readonly ReadableSpan[] {
  return [...spans];
}

export function forgetSpans(): void {
  spans.length = 0;
}

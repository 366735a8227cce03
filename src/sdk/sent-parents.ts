import type { SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/** Spans that are sent under another parent, because their own one is not sent. The live span is not touched. */
const changed = new WeakMap<ReadableSpan, { readonly parent: SpanContext | undefined }>();

/** From now on, the copy of `span` that is sent hangs under `parent`. */
export function setSentParent(span: ReadableSpan, parent: SpanContext | undefined): void {
  changed.set(span, { parent });
}

/** The parent in the copy that is sent. */
export function sentParent(span: ReadableSpan): SpanContext | undefined {
  const change = changed.get(span);
  return change === undefined ? span.parentSpanContext : change.parent;
}

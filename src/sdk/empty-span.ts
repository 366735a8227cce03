import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace-node';

/** What stands for a text whose mask failed: nothing of the text goes out. */
export const MASK_FAILED = '[masked: the mask failed]';

/** Takes every text out of a span that is about to end, keys too: what is left when nothing can be masked. */
export function emptySpan(span: Span): void {
  span.updateName(MASK_FAILED);
  if (span.status.code === SpanStatusCode.ERROR) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: MASK_FAILED });
  }
  for (const event of span.events) event.name = MASK_FAILED;
  for (const { attributes } of [span, ...span.events, ...span.links]) {
    for (const key of Object.keys(attributes ?? {})) delete attributes?.[key];
  }
}

import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { ATTR_SPOOR_OUTCOME } from '../../../semconv/spoor-attributes.js';

/** The span of a start record whose process died: it ends where it began, and says that nobody ended it. */
export function endAbandoned(span: ReadableSpan): ReadableSpan {
  return {
    ...span,
    endTime: span.startTime,
    duration: [0, 0],
    ended: true,
    status: { code: SpanStatusCode.ERROR, message: 'the process died before the span ended' },
    attributes: { ...span.attributes, [ATTR_SPOOR_OUTCOME]: 'abandoned' },
  };
}

import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { SCOPE_INSTRUMENTATION_PREFIX, SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';

/** True for a span that spoor itself makes: of its API, or of one of its instrumentations. */
export function isOwnSpan(span: Pick<ReadableSpan, 'instrumentationScope'>): boolean {
  const { name } = span.instrumentationScope;
  return name === SCOPE_SPOOR || name.startsWith(SCOPE_INSTRUMENTATION_PREFIX);
}

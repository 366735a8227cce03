import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

const BARE_SPAN = 500;

/** About how many characters a span makes on the wire. Never throws: a span of another library may refuse to be read. */
export function spanSize(span: ReadableSpan): number {
  let size = BARE_SPAN;
  try {
    for (const value of Object.values(span.attributes)) if (typeof value === 'string') size += value.length;
  } catch {
    // It is masked away later, where that is reported.
  }
  return size;
}

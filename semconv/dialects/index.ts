import type { Dialect, DialectSpan } from './dialect.js';
import { otelGenAiDialect } from './otel-genai.js';
import { plainDialect } from './plain.js';
import { spoorDialect } from './spoor.js';

/** Every dialect that claims spans. No two claim the same one, so the order has no meaning. */
export const DIALECTS: readonly Dialect[] = [spoorDialect, otelGenAiDialect];

/** The dialect that a span is written in; the plain reader when none claims it. */
export function pickDialect(span: DialectSpan): Dialect {
  return DIALECTS.find((dialect) => dialect.matches(span)) ?? plainDialect;
}

export { plainDialect };

import type { AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { readGenAi } from './read-genai.js';
import { ANTHROPIC_SDK_SAMPLES } from './samples/anthropic-sdk-samples.js';

/** Spans that Anthropic's own SDKs make since late 2026: the conventions, with the reason to stop in a word of its own. */
export const anthropicSdkDialect: Dialect = createForeignDialect(
  'anthropic-sdk',
  ANTHROPIC_SDK_SAMPLES,
  readAnthropicSdk,
);

const TOOL_SPAN = 'anthropic.tool_use ';

function readAnthropicSdk(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const facts = readGenAi(span, reader);
  const isTool = span.name.startsWith(TOOL_SPAN);
  return withFacts(facts, {
    type: isTool ? 'TOOL' : undefined,
    tool: facts.tool ?? (isTool ? { name: span.name.slice(TOOL_SPAN.length) } : undefined),
    finishReasons: facts.finishReasons ?? reader.texts('anthropic.message.stop_reason'),
    sessionId: facts.sessionId ?? facts.conversationId,
  });
}

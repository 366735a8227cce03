import type { JsonValue } from '../model/json.js';
import type { ObservationType } from '../model/observation.js';
import type { AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { providerName } from './provider-names.js';
import { parseQuotedJson } from './quoted-json.js';
import { readMetadata } from './read-context.js';
import { readGenAi } from './read-genai.js';
import { MASTRA_SAMPLES } from './samples/mastra-samples.js';

/** Mastra's exporter: the conventions, with a type of its own, and inputs and outputs that are no model's under that type. */
export const mastraDialect: Dialect = createForeignDialect('mastra', MASTRA_SAMPLES, readMastra);

const TYPES: Readonly<Record<string, ObservationType>> = {
  agent_run: 'AGENT',
  model_inference: 'GENERATION',
  model_step: 'CHAIN',
  model_chunk: 'EVENT',
  tool_call: 'TOOL',
  mcp_tool_call: 'TOOL',
  provider_tool_call: 'TOOL',
  rag_embedding: 'EMBEDDING',
  workflow_run: 'CHAIN',
  workflow_step: 'CHAIN',
  scorer_run: 'EVALUATION',
};
const METADATA = 'mastra.metadata';

function readMastra(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const word = (reader.text('mastra.span.type') ?? '').toLowerCase();
  const sessionId = reader.text(`${METADATA}.sessionId`);
  const userId = reader.text(`${METADATA}.userId`);
  const metadata = readMetadata(reader, METADATA);
  return withFacts(base, {
    type: typeOf(word, base),
    provider: providerName(base.provider),
    sessionId: base.sessionId ?? sessionId ?? base.conversationId,
    userId: base.userId ?? userId,
    tags: base.tags ?? reader.texts('mastra.tags'),
    metadata: metadata === undefined ? undefined : { ...base.metadata, ...metadata },
    input: base.input ?? bodyOf(reader, word, 'input'),
    output: base.output ?? bodyOf(reader, word, 'output'),
  });
}

/** A `model_generation` is the call itself when nothing finer is sent; else the loop around it, which names no model. */
function typeOf(word: string, base: ObservationFacts): ObservationType {
  if (word === 'model_generation') return base.operation === 'chat' ? 'GENERATION' : 'CHAIN';
  const known = Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  return known ?? (word.startsWith('workflow_') ? 'CHAIN' : base.type);
}

function bodyOf(reader: AttributeReader, word: string, side: 'input' | 'output'): JsonValue | undefined {
  return word === '' ? undefined : reader.mapped(`mastra.${word}.${side}`, parseQuotedJson);
}

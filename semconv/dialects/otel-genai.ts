import type { Observation } from '../model/observation.js';
import { createAttributeReader, type AttributeReader } from './attribute-reader.js';
import { dialectNameOf } from './dialect-marks.js';
import type { Dialect, ObservationFacts } from './dialect.js';
import { withOperation } from './with-operation.js';
import { readGenAi } from './read-genai.js';
import { OTEL_GENAI_SAMPLES } from './samples/otel-genai-samples.js';
import { spanKindOf, writeGenAi } from './write-genai.js';

/** Costs that instrumentations add to the conventions, which have no name for them. US dollars. */
const COST_NAMES = ['gen_ai.usage.cost', 'operation.cost'];

/**
 * The OpenTelemetry GenAI conventions, current and as they were since 1.27: renamed attributes, and messages as attributes,
 * as one attribute of JSON, or as events.
 */
export const otelGenAiDialect: Dialect = {
  name: 'otel-genai',
  matches: (span) => dialectNameOf(span) === 'otel-genai',
  read(span) {
    const reader = createAttributeReader(span.attributes);
    const facts = withConversation(withCost(readGenAi(span, reader), reader));
    const rest = reader.rest();
    return {
      concept: 'observation',
      observation: rest === undefined ? facts : { ...facts, attributes: rest },
    };
  },
  write: (observation: Observation) => ({
    name: observation.name,
    kind: spanKindOf(observation.type),
    attributes: writeGenAi(withOperation(observation, 'otel-genai')),
  }),
  samples: OTEL_GENAI_SAMPLES,
};

function withCost(facts: ObservationFacts, reader: AttributeReader): ObservationFacts {
  for (const name of COST_NAMES) {
    if (facts.cost !== undefined) return facts;
    const cost = reader.number(name);
    if (cost !== undefined) return { ...facts, cost };
  }
  return facts;
}

/** The conventions have no session: a conversation is the nearest that they have. */
function withConversation(facts: ObservationFacts): ObservationFacts {
  const { sessionId, conversationId } = facts;
  return sessionId === undefined && conversationId !== undefined
    ? { ...facts, sessionId: conversationId }
    : facts;
}

/**
 * What Langfuse's back end makes of a span's attributes, by the mapping that it documents: its reader is a part of its server
 * and not published as a package.
 * @see https://langfuse.com/integrations/native/opentelemetry#property-mapping
 */

/** First what says it in Langfuse's own words, then in those of OpenInference, then in those of the conventions. */
const TYPES = [
  ['langfuse.observation.type', { generation: 'call', tool: 'tool', embedding: 'embedding' }],
  ['openinference.span.kind', { LLM: 'call', TOOL: 'tool', EMBEDDING: 'embedding' }],
  ['gen_ai.operation.name', { chat: 'call', execute_tool: 'tool', embeddings: 'embedding' }],
];
const MODELS = [
  'langfuse.observation.model.name',
  'gen_ai.response.model',
  'gen_ai.request.model',
  'llm.response.model_name',
  'llm.model_name',
];
const INPUTS = ['langfuse.observation.input', 'gen_ai.input.messages', 'input.value'];
const OUTPUTS = ['langfuse.observation.output', 'gen_ai.output.messages', 'output.value'];

export function readLangfuse(attributes) {
  const first = (names) => names.map((name) => attributes[name]).find((value) => value !== undefined);
  const type = TYPES.map(([name, words]) => words[attributes[name]]).find((word) => word !== undefined);
  const details = JSON.parse(attributes['langfuse.observation.usage_details'] ?? '{}');
  // Buckets that begin with `input` are summed, and so are those that begin with `output`.
  const sum = (side) =>
    Object.entries(details).reduce((all, [key, count]) => (key.startsWith(side) ? all + count : all), 0);
  return {
    type,
    model: first(MODELS),
    asked: first(INPUTS),
    answered: first(OUTPUTS),
    input: sum('input'),
    output: sum('output'),
    cached: details.input_cached_tokens,
    session: attributes['session.id'],
    user: attributes['user.id'],
  };
}

/**
 * How the attributes of GenAI vocabularies begin. One such key tells a span that speaks of models, tools or agents from one
 * of HTTP, files or databases, without reading it: the program's side asks this of every span.
 */
export const GENAI_ATTRIBUTE_PREFIXES: readonly string[] = [
  'gen_ai.', // OpenTelemetry
  'mcp.', // OpenTelemetry, the Model Context Protocol
  'openinference.',
  'llm.', // OpenInference, older OpenLLMetry
  'traceloop.', // OpenLLMetry
  'ai.', // Vercel AI SDK
  'langfuse.',
  'langsmith.',
  'mastra.',
  'pydantic_ai.',
  'genkit:',
  'claude_code.',
  'mistral_ai.',
  'mlflow.',
  'braintrust.',
  'lk.', // LiveKit
];

/** What stands before the first `.` or `:` of those keys. */
const FIRST_WORDS: ReadonlySet<string> = new Set(
  GENAI_ATTRIBUTE_PREFIXES.map((prefix) => prefix.replace(/[.:]$/, '')),
);

/** True for attributes of a GenAI vocabulary, whichever. Spoor's own are not asked for: they are stamped on all spans. */
export function hasGenAiAttributes(attributes: { readonly [key: string]: unknown }): boolean {
  for (const key in attributes) if (FIRST_WORDS.has(firstWord(key))) return true;
  return false;
}

function firstWord(key: string): string {
  for (let at = 0; at < key.length; at += 1) {
    const character = key[at];
    if (character === '.' || character === ':') return key.slice(0, at);
  }
  return '';
}

import * as values from '../../semconv/values.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { matchHost, serverOf, type Server } from '../../src/instrument/server.js';

/** Who answers at a host, for the many providers that speak OpenAI's protocol. Anything else is taken for OpenAI's own. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'openai.com': values.GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  'openai.azure.com': values.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI,
  'cognitiveservices.azure.com': values.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI,
  'services.ai.azure.com': values.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  'models.ai.azure.com': values.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  'openrouter.ai': 'openrouter',
  'groq.com': values.GEN_AI_PROVIDER_NAME_VALUE_GROQ,
  'deepseek.com': values.GEN_AI_PROVIDER_NAME_VALUE_DEEPSEEK,
  'x.ai': values.GEN_AI_PROVIDER_NAME_VALUE_X_AI,
  'mistral.ai': values.GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
  'perplexity.ai': values.GEN_AI_PROVIDER_NAME_VALUE_PERPLEXITY,
  'moonshot.ai': values.GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI,
  'moonshot.cn': values.GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI,
  'anthropic.com': values.GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  'cohere.ai': values.GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  'cohere.com': values.GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  'generativelanguage.googleapis.com': values.GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  'aiplatform.googleapis.com': values.GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
  'amazonaws.com': values.GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  'api.aws': values.GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  'together.ai': 'together',
  'together.xyz': 'together',
  'fireworks.ai': 'fireworks',
  'cerebras.ai': 'cerebras',
};

/** Clients have few base URLs, so what each one says is worked out once. `serverOf` gives the same object for the same URL. */
const known = new WeakMap<Server, Server & { provider: string }>();

/** Provider name and server of a client, from its base URL. */
export function providerOf(client: unknown): Server & { provider: string } {
  const server = serverOf(fieldsOf(client)['baseURL']);
  let found = known.get(server);
  if (found === undefined) {
    const provider = matchHost(server.serverAddress, PROVIDERS) ?? ownProvider(client);
    known.set(server, (found = { provider, ...server }));
  }
  return found;
}

/** A host that says nothing is a gateway or a local server. Only the client for Azure has a version of the API. */
function ownProvider(client: unknown): string {
  return typeof fieldsOf(client)['apiVersion'] === 'string'
    ? values.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI
    : values.GEN_AI_PROVIDER_NAME_VALUE_OPENAI;
}

import { PROVIDER_ALIASES } from '../aliases.js';

/** What other libraries call a provider → what the conventions call it. */
const NAMES: Readonly<Record<string, string>> = {
  ...PROVIDER_ALIASES,
  'amazon-bedrock': 'aws.bedrock',
  aws: 'aws.bedrock',
  azure: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  google: 'gcp.gen_ai',
  'google.generative-ai': 'gcp.gemini',
  'google.vertex': 'gcp.vertex_ai',
  google_genai: 'gcp.gen_ai',
  google_vertexai: 'gcp.vertex_ai',
  googleai: 'gcp.gemini',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  moonshotai: 'moonshot_ai',
  vertexai: 'gcp.vertex_ai',
  watsonx: 'ibm.watsonx.ai',
};

/** Kinds of call that some put behind the provider's name: `openai.chat`. */
const CALLS = /\.(chat|responses|completion|embedding|messages|text|image|speech|transcription)s?$/;

/** A provider by the conventions' name where they have one, else as the emitter calls it. */
export function providerName(said: string | undefined): string | undefined {
  if (said === undefined) return undefined;
  const name = said.toLowerCase().replace(CALLS, '');
  return Object.hasOwn(NAMES, name) ? NAMES[name] : name;
}

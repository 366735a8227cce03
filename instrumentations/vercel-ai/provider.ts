/** The package's names of providers → those of the conventions. A name is `<provider>.<api>`. */
const NAMES: Readonly<Record<string, string>> = {
  'google.vertex': 'gcp.vertex_ai',
  'google.generative-ai': 'gcp.gemini',
  vertex: 'gcp.vertex_ai',
  google: 'gcp.gen_ai',
  'amazon-bedrock': 'aws.bedrock',
  bedrock: 'aws.bedrock',
  azure: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  mistral: 'mistral_ai',
  xai: 'x_ai',
  moonshotai: 'moonshot_ai',
};

/** `gen_ai.provider.name` of a model's `provider`. A provider that the conventions do not name keeps its own name. */
export function providerName(provider: unknown): string {
  if (typeof provider !== 'string' || provider === '') return 'unknown';
  const [first = '', second = ''] = provider.split('.', 2);
  return NAMES[`${first}.${second}`] ?? NAMES[first] ?? first;
}

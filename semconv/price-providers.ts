/**
 * Names of `gen_ai.provider.name` that the price table does not know by themselves.
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
const IDS: Readonly<Record<string, string>> = {
  'azure.ai.inference': 'azure',
  'gcp.gen_ai': 'google',
  x_ai: 'x-ai',
  moonshot_ai: 'moonshotai',
};

/** The name of a provider in the price table. */
export function providerId(provider: string): string {
  return Object.hasOwn(IDS, provider) ? (IDS[provider] ?? provider) : provider;
}

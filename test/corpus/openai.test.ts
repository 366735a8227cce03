import * as sdk from 'openai';
import { definition } from '../../instrumentations/openai/instrumentation.js';
import { prefixOf } from './calls.js';
import type { Recording } from './recordings.js';
import { describeCorpus } from './suite.js';

/** Others that speak this protocol: only what goes to an endpoint of it. */
const PROTOCOL = /\/(chat\/completions|responses|(?<!agents\/|fim\/)completions|embeddings)([?#]|$)/;

function speaksIt(method: string, path: string): boolean {
  return method === 'POST' && PROTOCOL.test(path);
}

describeCorpus({
  name: 'openai',
  module: sdk,
  definition,
  providers: [
    { provider: 'openai', wanted: () => true },
    { provider: 'azure-openai', wanted: () => true },
    ...['groq', 'openrouter', 'deepseek', 'together', 'cerebras', 'huggingface', 'mistral', 'ollama'].map(
      (provider) => ({ provider, wanted: speaksIt }),
    ),
  ],
  clientFor,
});

function clientFor(recording: Recording, origin: string): sdk.OpenAI {
  const deployment = /^\/openai\/deployments\/([^/]+)\//.exec(recording.path)?.[1];
  if (deployment === undefined) {
    return new sdk.OpenAI({
      baseURL: origin + prefixOf('openai', recording),
      apiKey: 'none',
      logLevel: 'off',
    });
  }
  return new sdk.AzureOpenAI({
    endpoint: origin,
    deployment,
    apiVersion: '2025-01-01-preview',
    apiKey: 'none',
    logLevel: 'off',
  });
}

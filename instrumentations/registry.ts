import { createRequire } from 'node:module';
import type { SdkDefinition, SdkLine } from '../src/instrument/call-mapper.js';

/** Loads a folder's code at the moment when its SDK is loaded, which is synchronous; before that an app pays nothing for it. */
function load(folder: string): () => SdkDefinition {
  return () => {
    // Made here and not above, because a bundle has no address of its own: its folders' entries have their code at hand.
    const require = createRequire(import.meta.url);
    return (require(`./${folder}/instrumentation.js`) as { definition: SdkDefinition }).definition;
  };
}

/** One line an SDK. Options, on/off lists, the table of the README and the contract suite follow from it. */
export const REGISTRY: readonly SdkLine[] = [
  {
    name: 'openai',
    modules: ['openai'],
    files: [
      'openai/client.mjs',
      'openai/client.js',
      'openai/realtime/ws.mjs',
      'openai/realtime/ws.js',
      'openai/realtime/websocket.mjs',
      'openai/realtime/websocket.js',
      'openai/beta/realtime/ws.mjs',
      'openai/beta/realtime/ws.js',
      'openai/beta/realtime/websocket.mjs',
      'openai/beta/realtime/websocket.js',
      'openai/resources/responses/ws.mjs',
      'openai/resources/responses/ws.js',
      'openai/resources/beta/responses/ws.mjs',
      'openai/resources/beta/responses/ws.js',
    ],
    supports: '>=4.19',
    load: load('openai'),
  },
  {
    name: 'anthropic',
    modules: ['@anthropic-ai/sdk'],
    files: ['@anthropic-ai/sdk/client.mjs', '@anthropic-ai/sdk/client.js'],
    supports: '>=0.20',
    load: load('anthropic'),
  },
  {
    name: 'bedrock',
    modules: ['@aws-sdk/client-bedrock-runtime'],
    supports: '>=3.422',
    load: load('bedrock'),
  },
  { name: 'google-genai', modules: ['@google/genai'], supports: '>=1', load: load('google-genai') },
  {
    name: 'langchain',
    modules: ['@langchain/core'],
    files: [
      '@langchain/core/dist/runnables/base.js',
      '@langchain/core/dist/runnables/base.cjs',
      '@langchain/core/dist/runnables/branch.js',
      '@langchain/core/dist/runnables/branch.cjs',
      '@langchain/core/dist/language_models/chat_models.js',
      '@langchain/core/dist/language_models/chat_models.cjs',
      '@langchain/core/dist/language_models/llms.js',
      '@langchain/core/dist/language_models/llms.cjs',
      '@langchain/core/dist/tools/index.js',
      '@langchain/core/dist/tools/index.cjs',
      '@langchain/core/dist/retrievers/index.js',
      '@langchain/core/dist/retrievers/index.cjs',
      '@langchain/core/dist/callbacks/manager.js',
      '@langchain/core/dist/callbacks/manager.cjs',
      '@langchain/core/dist/utils/async_caller.js',
      '@langchain/core/dist/utils/async_caller.cjs',
    ],
    supports: '>=0.3',
    load: load('langchain'),
  },
  {
    name: 'mcp',
    modules: ['@modelcontextprotocol/sdk', '@modelcontextprotocol/client', '@modelcontextprotocol/server'],
    files: [
      '@modelcontextprotocol/sdk/dist/esm/shared/protocol.js',
      '@modelcontextprotocol/sdk/dist/cjs/shared/protocol.js',
      '@modelcontextprotocol/sdk/dist/shared/protocol.js',
    ],
    supports: '>=1',
    load: load('mcp'),
  },
  {
    name: 'openai-agents',
    modules: ['@openai/agents-core'],
    supports: '>=0.1',
    load: load('openai-agents'),
  },
  {
    name: 'mistral',
    modules: ['@mistralai/mistralai'],
    files: ['@mistralai/mistralai/esm/extra/observability/index.js'],
    supports: '>=1',
    load: load('mistral'),
  },
  {
    name: 'vercel-ai',
    modules: ['ai'],
    channels: ['ai:telemetry'],
    supports: '>=5',
    load: load('vercel-ai'),
  },
];

/**
 * The line of one folder, for the folder's own entry, which has `definition` loaded.
 * @throws TypeError when there is none
 */
export function lineOf(name: string, definition: SdkDefinition): SdkLine {
  const line = REGISTRY.find((one) => one.name === name);
  if (line === undefined) throw new TypeError(`the registry has no line for ${name}`);
  return { ...line, load: () => definition };
}

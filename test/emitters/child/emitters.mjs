/** How each library is set up by its own documentation. `start` gives the calls, as a user of the library makes them. */
import { createRequire } from 'node:module';
import { context } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { SESSION, USER } from '../truth.js';
import { aiSdkCalls } from './ai-sdk-calls.mjs';
import { anthropicCalls, openaiCalls } from './provider-calls.mjs';

const require = createRequire(import.meta.url);

/** Patched packages are loaded after the instrumentation, by `require`. */
function openaiClient({ openaiUrl }) {
  const { OpenAI } = require('openai');
  return new OpenAI({ apiKey: 'none', baseURL: openaiUrl, maxRetries: 0 });
}

function anthropicClient({ anthropicUrl }, options) {
  const { Anthropic } = require('@anthropic-ai/sdk');
  return new Anthropic({ apiKey: 'none', baseURL: anthropicUrl, maxRetries: 0, ...options });
}

/** The same calls, each inside a context. */
function inside(active, calls) {
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, () => context.with(active(), call)]),
  );
}

function openInferenceContext() {
  const { setSession, setUser } = require('@arizeai/openinference-core');
  return setUser(setSession(context.active(), { sessionId: SESSION }), { userId: USER });
}

/** The SDK of OpenLLMetry puts the association properties on spans; what it would send goes nowhere. */
function traceloopProcessors() {
  const { createSpanProcessor } = require('@traceloop/node-server-sdk');
  const exporter = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} };
  return [createSpanProcessor({ exporter, disableBatch: true })];
}

function associated(calls) {
  const { withAssociationProperties } = require('@traceloop/node-server-sdk');
  const properties = { session_id: SESSION, user_id: USER };
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, () => withAssociationProperties(properties, call)]),
  );
}

export const EMITTERS = {
  'openinference-openai': {
    start(urls) {
      const { OpenAIInstrumentation } = require('@arizeai/openinference-instrumentation-openai');
      registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });
      return inside(openInferenceContext, openaiCalls(openaiClient(urls)));
    },
  },
  'openinference-anthropic': {
    start(urls) {
      const { AnthropicInstrumentation } = require('@arizeai/openinference-instrumentation-anthropic');
      const instrumentation = new AnthropicInstrumentation();
      registerInstrumentations({ instrumentations: [instrumentation] });
      return inside(openInferenceContext, anthropicCalls(anthropicClient(urls, { openTelemetry: false })));
    },
  },
  'openinference-langchain': {
    async start(urls) {
      const { LangChainInstrumentation } = require('@arizeai/openinference-instrumentation-langchain');
      const manager = await import('@langchain/core/callbacks/manager');
      new LangChainInstrumentation().manuallyInstrument(manager);
      const { langchainCalls } = await import('./langchain-calls.mjs');
      return inside(openInferenceContext, langchainCalls(urls));
    },
  },
  'openllmetry-openai': {
    start(urls) {
      const { OpenAIInstrumentation } = require('@traceloop/instrumentation-openai');
      registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });
      return associated(openaiCalls(openaiClient(urls)));
    },
    processors: traceloopProcessors,
  },
  'openllmetry-anthropic': {
    start({ anthropicUrl }) {
      const { AnthropicInstrumentation } = require('@traceloop/instrumentation-anthropic');
      // It cannot patch the SDK's first major version, which has no text completions.
      const sdk = require('anthropic-sdk-0');
      new AnthropicInstrumentation().manuallyInstrument(sdk);
      const client = new sdk.Anthropic({ apiKey: 'none', baseURL: anthropicUrl, maxRetries: 0 });
      return associated(anthropicCalls(client));
    },
    processors: traceloopProcessors,
  },
  'contrib-openai': {
    start(urls) {
      const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');
      const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true });
      registerInstrumentations({ instrumentations: [instrumentation] });
      return openaiCalls(openaiClient(urls));
    },
  },
  langfuse: {
    start(urls) {
      const { observeOpenAI } = require('@langfuse/openai');
      const { propagateAttributes } = require('@langfuse/tracing');
      const calls = openaiCalls(observeOpenAI(openaiClient(urls)));
      return Object.fromEntries(
        Object.entries(calls).map(([name, call]) => [
          name,
          () => propagateAttributes({ sessionId: SESSION, userId: USER, tags: ['parcel'] }, call),
        ]),
      );
    },
    processors() {
      const { LangfuseSpanProcessor } = require('@langfuse/otel');
      // Its own processor puts the session and the user on the spans; what it would send goes nowhere.
      const exporter = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} };
      return [new LangfuseSpanProcessor({ publicKey: 'pk', secretKey: 'sk', exporter })];
    },
  },
  langsmith: {
    start(urls) {
      process.env.LANGSMITH_TRACING = 'true';
      process.env.LANGSMITH_OTEL_ENABLED = 'true';
      const { initializeOTEL } = require('langsmith/experimental/otel/setup');
      initializeOTEL({ globalTracerProvider: urls.provider, skipGlobalContextManagerSetup: true });
      const { wrapOpenAI } = require('langsmith/wrappers');
      const { Client } = require('langsmith');
      const client = new Client({ apiKey: 'none', apiUrl: urls.receiverUrl });
      this.flush = () => client.awaitPendingTraceBatches();
      return openaiCalls(
        wrapOpenAI(openaiClient(urls), {
          client,
          tracingEnabled: true,
          metadata: { session_id: SESSION, user_id: USER },
          tags: ['parcel'],
        }),
      );
    },
  },
  'anthropic-native': {
    start(urls) {
      const client = anthropicClient(urls, {
        openTelemetry: { traces: { contentMode: 'content' } },
      });
      return anthropicCalls(client, { openTelemetry: { conversationId: SESSION } });
    },
  },
  'ai-sdk-5': { start: (urls) => aiSdkCalls('ai-v5', 'ai-sdk-openai-2', urls) },
  'ai-sdk-6': { start: (urls) => aiSdkCalls('ai-v6', 'ai-sdk-openai-3', urls) },
  'ai-sdk-7': {
    async start(urls) {
      const { OpenTelemetry } = await import('@ai-sdk/otel');
      const { registerTelemetry } = await import('ai');
      registerTelemetry(new OpenTelemetry({ runtimeContext: true }));
      return aiSdkCalls('ai', '@ai-sdk/openai', urls);
    },
  },
  'ai-sdk-7-legacy': {
    async start(urls) {
      const { LegacyOpenTelemetry } = await import('@ai-sdk/otel');
      const { registerTelemetry } = await import('ai');
      registerTelemetry(new LegacyOpenTelemetry());
      return aiSdkCalls('ai', '@ai-sdk/openai', urls);
    },
  },
  genkit: {
    async start(urls) {
      const { genkitCalls } = await import('./genkit-calls.mjs');
      return genkitCalls(openaiClient(urls));
    },
  },
  mastra: {
    async start(setting) {
      const { mastraCalls } = await import('./mastra-calls.mjs');
      const { calls, flush } = mastraCalls(setting);
      this.flush = flush;
      return calls;
    },
  },
};

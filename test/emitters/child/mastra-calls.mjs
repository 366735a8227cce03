/** The calls of the truth, made with a Mastra agent. Its exporter builds spans by itself, so each call is flushed at once. */
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { createTool } from '@mastra/core/tools';
import { Observability } from '@mastra/observability';
import { OtelExporter } from '@mastra/otel-exporter';
import { createOpenAI } from 'ai-sdk-openai-2';
import { z } from 'zod';
import { MODELS, questionOf, SESSION, SYSTEM, TOOL, TOOL_RESULT, USER } from '../truth.js';

export function mastraCalls({ openaiUrl, exporter }) {
  const observability = new Observability({
    configs: {
      otel: {
        serviceName: 'parcel-desk',
        exporters: [
          new OtelExporter({
            provider: { custom: { endpoint: 'http://127.0.0.1:9/v1/traces', protocol: 'http/json' } },
            exporter,
            signals: { logs: false },
          }),
        ],
      },
    },
  });
  const model = createOpenAI({ apiKey: 'none', baseURL: openaiUrl }).chat(MODELS.openai.request);
  const desk = (tools) =>
    new Agent({ id: 'desk', name: 'Desk', instructions: SYSTEM, model, tools, maxRetries: 0 });
  const find = createTool({
    id: TOOL.name,
    description: TOOL.description,
    inputSchema: z.object({ id: z.number() }),
    execute: async () => TOOL_RESULT,
  });
  const agents = { plain: desk({}), armed: desk({ [TOOL.name]: find }) };
  const mastra = new Mastra({ agents, observability, logger: false });
  const options = { tracingOptions: { metadata: { sessionId: SESSION, userId: USER }, tags: ['parcel'] } };
  const ask = async (agent, call) => {
    const { error } = await mastra.getAgent(agent).generate(questionOf(call), options);
    if (error !== undefined) throw error;
  };
  return {
    flush: () => observability.getDefaultInstance().flush(),
    calls: {
      plain: () => ask('plain', 'plain'),
      tools: () => ask('armed', 'tools'),
      async stream() {
        const { textStream } = await mastra.getAgent('plain').stream(questionOf('stream'), options);
        for await (const text of textStream) if (typeof text !== 'string') throw new Error('an odd part');
      },
      error: () => ask('plain', 'error'),
    },
  };
}

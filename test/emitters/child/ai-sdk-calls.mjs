/** The calls of the truth, made with the Vercel AI SDK of one version. */
import { MODELS, questionOf, SESSION, SYSTEM, TOOL, TOOL_RESULT, USER } from '../truth.js';

export async function aiSdkCalls(sdk, openaiSdk, { openaiUrl }) {
  const { embed, generateText, streamText, jsonSchema, isStepCount, stepCountIs, tool } = await import(sdk);
  const { createOpenAI } = await import(openaiSdk);
  const openai = createOpenAI({ apiKey: 'none', baseURL: openaiUrl });
  const model = openai.chat(MODELS.openai.request);
  const telemetry = {
    isEnabled: true,
    functionId: 'parcel-desk',
    metadata: { sessionId: SESSION, userId: USER, tags: ['parcel'] },
  };
  const traced =
    sdk === 'ai'
      ? {
          telemetry: { ...telemetry, includeRuntimeContext: { sessionId: true, userId: true } },
          runtimeContext: telemetry.metadata,
        }
      : { experimental_telemetry: telemetry };
  const ask = (call) => ({
    model,
    [sdk === 'ai' ? 'instructions' : 'system']: SYSTEM,
    prompt: questionOf(call),
    maxRetries: 0,
    ...traced,
  });
  const tools = {
    [TOOL.name]: tool({
      description: TOOL.description,
      inputSchema: jsonSchema(TOOL.parameters),
      execute: async () => TOOL_RESULT,
    }),
  };
  const steps = (stepCountIs ?? isStepCount)(3);
  return {
    plain: () => generateText({ ...ask('plain'), temperature: 0 }),
    tools: () => generateText({ ...ask('tools'), tools, stopWhen: steps }),
    async stream() {
      const { textStream } = streamText(ask('stream'));
      for await (const text of textStream) if (typeof text !== 'string') throw new Error('an odd part');
    },
    error: () => generateText(ask('error')),
    embed: () =>
      embed({
        model: openai.embedding(MODELS.embeddings.request),
        value: questionOf('embed'),
        maxRetries: 0,
        ...traced,
      }),
  };
}

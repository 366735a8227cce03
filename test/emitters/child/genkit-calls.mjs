/** The calls of the truth, made with Genkit over a model that its user defines. */
import { genkit, z } from 'genkit';
import { disableGenkitOTelInitialization } from 'genkit/tracing';
import { MODELS, questionOf, SYSTEM, TOOL, TOOL_RESULT } from '../truth.js';

export function genkitCalls(client) {
  disableGenkitOTelInitialization();
  const ai = genkit({});
  const model = ai.defineModel(
    { name: `desk/${MODELS.openai.request}`, supports: { tools: true } },
    (request) => answer(client, request),
  );
  const tool = ai.defineTool(
    { name: TOOL.name, description: TOOL.description, inputSchema: z.object({ id: z.number() }) },
    async () => TOOL_RESULT,
  );
  const embedder = ai.defineEmbedder({ name: `desk/${MODELS.embeddings.request}` }, async (documents) => {
    const { data } = await client.embeddings.create({
      model: MODELS.embeddings.request,
      input: documents.map(({ text }) => text),
    });
    return { embeddings: data.map(({ embedding }) => ({ embedding })) };
  });
  const ask = (call) => ({ model, system: SYSTEM, prompt: questionOf(call) });
  return {
    plain: () => ai.generate({ ...ask('plain'), config: { temperature: 0 } }),
    tools: () => ai.generate({ ...ask('tools'), tools: [tool] }),
    error: () => ai.generate(ask('error')),
    embed: () => ai.embed({ embedder, content: questionOf('embed') }),
  };
}

/** Genkit's request → the provider's, and its answer back, as a model plugin does it. */
async function answer(client, request) {
  const { choices, usage } = await client.chat.completions.create({
    model: MODELS.openai.request,
    messages: request.messages.flatMap(toMessages),
    ...(request.tools?.length > 0
      ? {
          tools: request.tools.map(({ name, description, inputSchema }) => ({
            type: 'function',
            function: { name, description, parameters: inputSchema },
          })),
        }
      : {}),
  });
  const [{ message }] = choices;
  const calls = (message.tool_calls ?? []).map((call) => ({
    toolRequest: { name: call.function.name, ref: call.id, input: JSON.parse(call.function.arguments) },
  }));
  return {
    message: { role: 'model', content: [...(message.content ? [{ text: message.content }] : []), ...calls] },
    finishReason: 'stop',
    usage: {
      inputTokens: usage.prompt_tokens,
      outputTokens: usage.completion_tokens,
      totalTokens: usage.total_tokens,
      thoughtsTokens: usage.completion_tokens_details?.reasoning_tokens,
      cachedContentTokens: usage.prompt_tokens_details?.cached_tokens,
    },
  };
}

function toMessages({ role, content }) {
  if (role === 'tool') {
    return content.map(({ toolResponse }) => ({
      role: 'tool',
      tool_call_id: toolResponse.ref,
      content: JSON.stringify(toolResponse.output),
    }));
  }
  const text = content.map((part) => part.text ?? '').join('');
  const calls = content.flatMap(({ toolRequest }) =>
    toolRequest === undefined
      ? []
      : [
          {
            id: toolRequest.ref,
            type: 'function',
            function: { name: toolRequest.name, arguments: JSON.stringify(toolRequest.input) },
          },
        ],
  );
  return [
    {
      role: role === 'model' ? 'assistant' : role,
      content: text,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ];
}

/** The calls of the truth, made with LangChain: a graph's agent for the one with a tool, the model itself for the others. */
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { MODELS, questionOf, SYSTEM, TOOL, TOOL_RESULT } from '../truth.js';

export function langchainCalls({ openaiUrl }) {
  const model = new ChatOpenAI({
    model: MODELS.openai.request,
    apiKey: 'none',
    maxRetries: 0,
    streamUsage: true,
    configuration: { baseURL: openaiUrl },
  });
  const find = tool(async () => JSON.stringify(TOOL_RESULT), {
    name: TOOL.name,
    description: TOOL.description,
    schema: z.object({ id: z.number() }),
  });
  return {
    plain: () => model.invoke(messages('plain')),
    tools: () => createReactAgent({ llm: model, tools: [find] }).invoke({ messages: messages('tools') }),
    async stream() {
      for await (const chunk of await model.stream(messages('stream')))
        if (chunk === undefined) throw new Error('an odd chunk');
    },
    error: () => model.invoke(messages('error')),
  };
}

function messages(call) {
  return [
    ['system', SYSTEM],
    ['user', questionOf(call)],
  ];
}

/** The calls of the truth, made with the providers' own SDKs. */
import { MODELS, questionOf, SYSTEM, TOOL, TOOL_CALL, TOOL_RESULT } from '../truth.js';

function conversation(call) {
  return [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: questionOf(call) },
  ];
}

/** Over a client of the `openai` package. */
export function openaiCalls(client) {
  const model = MODELS.openai.request;
  const tools = [{ type: 'function', function: TOOL }];
  return {
    plain: () => client.chat.completions.create({ model, messages: conversation('plain'), temperature: 0 }),
    async tools() {
      const first = await client.chat.completions.create({ model, messages: conversation('tools'), tools });
      const results = first.choices[0].message.tool_calls.map((call) => ({
        role: 'tool',
        tool_call_id: call.id,
        content: JSON.stringify(TOOL_RESULT),
      }));
      const history = [...conversation('tools'), first.choices[0].message, ...results];
      return client.chat.completions.create({ model, messages: history, tools });
    },
    async stream() {
      const chunks = await client.chat.completions.create({
        model,
        messages: conversation('stream'),
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of chunks) if (chunk.object === '') throw new Error('an odd chunk');
    },
    error: () => client.chat.completions.create({ model, messages: conversation('error') }),
    embed: () => client.embeddings.create({ model: MODELS.embeddings.request, input: questionOf('embed') }),
  };
}

/** Over a client of the `@anthropic-ai/sdk` package. `options` go with every request. */
export function anthropicCalls(client, options) {
  const model = MODELS.anthropic.request;
  const tools = [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.parameters }];
  const body = (call, messages = [{ role: 'user', content: questionOf(call) }]) => ({
    model,
    max_tokens: 256,
    system: SYSTEM,
    messages,
  });
  return {
    plain: () => client.messages.create(body('plain'), options),
    async tools() {
      const first = await client.messages.create({ ...body('tools'), tools }, options);
      const history = [
        { role: 'user', content: questionOf('tools') },
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: TOOL_CALL.id, content: JSON.stringify(TOOL_RESULT) }],
        },
      ];
      return client.messages.create({ ...body('tools', history), tools }, options);
    },
    async stream() {
      const events = await client.messages.create({ ...body('stream'), stream: true }, options);
      for await (const event of events) if (event.type === '') throw new Error('an odd event');
    },
    error: () => client.messages.create(body('error'), options),
  };
}

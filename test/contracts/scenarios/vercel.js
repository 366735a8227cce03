import { plans as wire } from './openai-plans.js';
import { scenarios as calls } from './vercel-calls.js';
import { scenarios as models } from './vercel-models.js';
import { scenarios as streams } from './vercel-streams.js';

/** What the contract suite needs to know of the AI SDK: a provider of its own for the wire, and its mock models. */
export const name = 'vercel-ai';
export const module = 'ai';
export const plans = { ...wire, streamRun };

/** The AI SDK has no client: its models are made by packages of their own. See `vercel-spans.js`. */
export function makeClient(_sdk, baseURL) {
  return baseURL;
}

export const scenarios = { ...calls, ...streams, ...models };

/** A stream that asks for a tool, then one that answers. */
async function streamRun(x) {
  const event = (delta, finish_reason = null) =>
    x.event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1700000000,
      model: 'gpt-4o-2024-08-06',
      choices: [{ index: 0, delta, finish_reason }],
    });
  const grow = (fields) => event({ tool_calls: [{ index: 0, ...fields }] });
  const isAnswered = x.body.messages.some(({ role }) => role === 'tool');
  x.startEvents();
  if (isAnswered) {
    for (const content of ['It is', ' sunny.']) await event({ content });
  } else {
    await grow({ id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } });
    for (const piece of ['{"city"', ':"Rome"}']) await grow({ function: { arguments: piece } });
  }
  await event({}, isAnswered ? 'stop' : 'tool_calls');
  const usage = {
    prompt_tokens: 20,
    completion_tokens: 10,
    total_tokens: 30,
    prompt_tokens_details: { cached_tokens: 12 },
    completion_tokens_details: { reasoning_tokens: 4 },
  };
  await x.event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1700000000,
    model: 'gpt-4o-2024-08-06',
    choices: [],
    usage,
  });
  await x.event('[DONE]');
  x.end();
}

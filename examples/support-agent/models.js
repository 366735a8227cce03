import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import * as z from 'zod';
import { TOOLS } from './tools.js';

// Both clients take their address and key from the environment.
export const openai = new OpenAI();
const anthropic = new Anthropic();

const Verdict = z.object({
  category: z.enum(['damaged_item', 'late_parcel', 'other']),
  keeps_policy: z.boolean(),
  safe_to_send: z.boolean(),
});

/**
 * Asks the planner what to do next and prints its words as they come.
 * @param {OpenAI.ChatCompletionMessageParam[]} messages
 */
export async function planNextMove(messages) {
  const stream = openai.chat.completions.stream({
    model: 'gpt-4.1-mini',
    temperature: 0,
    messages,
    tools: TOOLS,
    stream_options: { include_usage: true },
  });
  let said = '';
  stream.on('content', (text) => {
    said += text;
  });
  const completion = await stream.finalChatCompletion();
  if (said !== '') console.log(`  plan: ${said}`);
  return completion.choices[0].message;
}

/**
 * Lets Claude write to the customer.
 * @param {string} question
 * @param {string} facts
 */
export async function draftReply(question, facts) {
  const stream = anthropic.messages.stream({
    model: 'claude-sonnet-4-6',
    max_tokens: 2048,
    thinking: { type: 'enabled', budget_tokens: 1024 },
    system: 'You answer customers of a small shop: friendly, exact, at most five sentences.',
    messages: [{ role: 'user', content: `The customer wrote:\n${question}\n\nWhat we know:\n${facts}` }],
  });
  return stream.finalText();
}

/**
 * Classifies the ticket and checks the reply before it is sent.
 * @param {string} question
 * @param {string} reply
 */
export async function checkReply(question, reply) {
  const completion = await openai.chat.completions.parse({
    model: 'gpt-4.1-nano',
    temperature: 0,
    messages: [
      { role: 'system', content: 'Classify the ticket and check the reply against the policy.' },
      { role: 'user', content: `Ticket:\n${question}\n\nReply:\n${reply}` },
    ],
    response_format: zodResponseFormat(Verdict, 'verdict'),
  });
  return completion.choices[0].message.parsed;
}

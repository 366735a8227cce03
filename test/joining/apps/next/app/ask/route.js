import OpenAI from 'openai';
import { wrap } from 'spoor/instrumentations/openai';

export const dynamic = 'force-dynamic';

export async function GET() {
  const client = wrap(new OpenAI());
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  return new Response(answer.choices[0].message.content);
}

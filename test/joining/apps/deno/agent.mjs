import OpenAI from 'openai';
import { init } from 'spoor/bundled';
import { wrap } from 'spoor/instrumentations/openai';

/** Says by itself what is traced, because a bundle has no modules to hook. */
init();
const client = wrap(new OpenAI());

async function main() {
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  console.log(answer.choices[0].message.content);
}

void main();

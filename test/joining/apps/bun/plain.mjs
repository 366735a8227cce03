import OpenAI from 'openai';

const client = new OpenAI();

async function main() {
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  console.log(answer.choices[0].message.content);
}

void main();

import OpenAI from 'openai';

export async function ask() {
  const client = new OpenAI();
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  console.log(answer.choices[0].message.content);
}

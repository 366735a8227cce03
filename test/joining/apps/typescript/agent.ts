import OpenAI from 'openai';

interface Question {
  readonly text: string;
}

async function ask({ text }: Question): Promise<string | null | undefined> {
  const client = new OpenAI();
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: text }],
  });
  return answer.choices[0]?.message.content;
}

void ask({ text: 'Where to?' }).then(console.log);

const OpenAI = require('openai');

async function main() {
  const client = new OpenAI();
  const messages = [{ role: 'user', content: 'Where to?' }];
  const answer = await client.chat.completions.create({ model: 'gpt-test', messages });
  console.log(answer.choices[0].message.content);
  process.exit(3);
}

void main();

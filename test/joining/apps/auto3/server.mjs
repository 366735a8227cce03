import express from 'express';
import OpenAI from 'openai';

/** Asks itself one question over HTTP. */
const client = new OpenAI();
const app = express();
app.get('/ask', async (_request, response) => {
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  response.send(answer.choices[0].message.content);
});
const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const response = await fetch(`http://127.0.0.1:${port}/ask`);
  console.log(await response.text());
  server.close();
  server.closeAllConnections();
});

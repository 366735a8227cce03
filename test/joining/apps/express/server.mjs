import { trace } from '@opentelemetry/api';
import express from 'express';
import OpenAI from 'openai';

/** Answers one request, which comes from a service that has a trace and a session of its own. */
const client = new OpenAI();
const app = express();
app.get('/ask', async (_request, response) => {
  trace.getTracer('app').startSpan('query').end();
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  response.send(answer.choices[0].message.content);
});
const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const response = await fetch(`http://127.0.0.1:${port}/ask`, {
    headers: {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      baggage: 'session.id=from-afar',
    },
  });
  console.log(await response.text());
  server.close();
  server.closeAllConnections();
});

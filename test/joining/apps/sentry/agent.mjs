import * as Sentry from '@sentry/node';
import OpenAI from 'openai';

const client = new OpenAI();
await Sentry.startSpan({ name: 'job' }, async () => {
  Sentry.startSpan({ name: 'query' }, () => undefined);
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  console.log(answer.choices[0].message.content);
});
await Sentry.close(2000);

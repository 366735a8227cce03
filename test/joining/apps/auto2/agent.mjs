import { trace } from '@opentelemetry/api';
import OpenAI from 'openai';

/** A job with a query before the model is asked, and one step after. */
const tracer = trace.getTracer('app');
await tracer.startActiveSpan('job', async (job) => {
  tracer.startSpan('query').end();
  const client = new OpenAI();
  const answer = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'Where to?' }],
  });
  console.log(answer.choices[0].message.content);
  tracer.startSpan('render').end();
  job.end();
});
process.exitCode = 3;

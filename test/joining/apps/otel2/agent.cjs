const { trace } = require('@opentelemetry/api');
const OpenAI = require('openai');

const tracer = trace.getTracer('app');
void tracer.startActiveSpan('job', async (job) => {
  tracer.startSpan('query').end();
  const client = new OpenAI();
  const messages = [{ role: 'user', content: 'Where to?' }];
  const answer = await client.chat.completions.create({ model: 'gpt-test', messages });
  console.log(answer.choices[0].message.content);
  tracer.startSpan('render').end();
  job.end();
  process.exitCode = 3;
});

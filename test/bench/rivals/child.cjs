/** One library in a process of its own: microseconds a call, or a start-up. Prints JSON. */
const process = require('node:process');

const [name, what] = process.argv.slice(2);
const CHUNKS = 2000;
const usage = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function main() {
  const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
  let spans = 0;
  let text = '';
  const processor = {
    onStart() {},
    onEnd(span) {
      spans += 1;
      text = JSON.stringify(span.attributes);
    },
    async forceFlush() {},
    async shutdown() {},
  };
  new NodeTracerProvider({ spanProcessors: [processor] }).register();
  const { SETUPS } = require('./setups.cjs');
  const trace = await SETUPS[name]();
  const { OpenAI } = require('openai');
  const wire = await import('../wire.js');
  const { withRawSpan } = await import('../raw-span.js');
  const fetch =
    what === 'stream' ? wire.streaming(wire.openaiStream(CHUNKS)) : wire.answering(wire.OPENAI_ANSWER);
  const client = trace(new OpenAI({ apiKey: 'none', maxRetries: 0, fetch }));
  const body = { model: 'model-a', messages: wire.MESSAGES, temperature: 0, max_tokens: 256 };
  const plain = async () => {
    const answer = await client.chat.completions.create(body);
    const [choice] = answer.choices;
    const { prompt_tokens: input, completion_tokens: output } = answer.usage;
    return {
      id: answer.id,
      model: answer.model,
      reason: choice.finish_reason,
      text: choice.message.content,
      input,
      output,
    };
  };
  const stream = async () => {
    const answer = { id: '', model: '', reason: '', text: '', input: 0, output: 0 };
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
      answer.id = chunk.id;
      answer.text += chunk.choices[0]?.delta.content ?? '';
    }
    return answer;
  };
  const once = what === 'stream' ? stream : plain;
  const call = { provider: 'openai', model: 'model-a', host: 'api.openai.com', input: wire.MESSAGES };
  const run = name === 'floor' ? () => withRawSpan(call, once) : once;
  const runs = what === 'stream' ? 20 : 3000;
  for (let count = 0; count < runs / 2; count++) await run();
  spans = 0;
  const start = usage();
  for (let count = 0; count < runs; count++) await run();
  const micros = (usage() - start) / runs;
  // Some end their span a little later.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const hasContent = text.includes(what === 'stream' ? 'The parcel left' : wire.MESSAGES[0].content);
  process.stdout.write(JSON.stringify({ micros, spansPerCall: spans / runs, hasContent }));
}

main().catch((error) => {
  process.stdout.write(
    JSON.stringify({
      error: String(error.message ?? error)
        .split('\n')[0]
        .slice(0, 120),
    }),
  );
});

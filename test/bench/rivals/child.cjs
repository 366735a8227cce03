/** One library in a process of its own: microseconds a call, or a start-up. Prints JSON. */
const process = require('node:process');

const [name, what] = process.argv.slice(2);
const CHUNKS = 2000;
const EVENTS_PER_READ = 50;
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
  const { tracedOpenAi } = await import('../raw-span.js');
  const fetch =
    what === 'stream'
      ? wire.streaming(wire.openaiStream(CHUNKS), EVENTS_PER_READ)
      : wire.answering(wire.OPENAI_ANSWER);
  const client = trace(new OpenAI({ apiKey: 'none', maxRetries: 0, fetch }));
  const body = { model: 'model-a', messages: wire.MESSAGES, temperature: 0, max_tokens: 256 };
  const plain = (given) => client.chat.completions.create(given);
  const stream = async (given) => {
    const message = { role: 'assistant', content: '' };
    const answer = { choices: [{ message, finish_reason: 'stop' }], usage: {} };
    for await (const chunk of await client.chat.completions.create({ ...given, stream: true })) {
      answer.id = chunk.id;
      answer.model = chunk.model;
      message.content += chunk.choices[0]?.delta.content ?? '';
    }
    return answer;
  };
  const once = what === 'stream' ? stream : plain;
  const run = name === 'floor' ? () => tracedOpenAi(once, body) : () => once(body);
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

import { writeFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';
import { init, instrument, SpoorClient, SpoorSpanProcessor, tool } from 'spoor';
import { wrap as wrapAnthropic } from 'spoor/instrumentations/anthropic';
import { wrap as wrapOpenAI } from 'spoor/instrumentations/openai';

/** An app that wraps its clients: what it saw and its spans go to the file that is named on the command line. */
const [, , openaiURL, anthropicURL, file] = process.argv;
const exporter = new InMemorySpanExporter();
new NodeTracerProvider({
  spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(exporter)],
}).register();
init({ captureContent: true, instrumentations: { openai: false, anthropic: false } });

const seen = [];
const question = [{ role: 'user', content: 'Where to?' }];

async function useOpenAI() {
  const client = wrapOpenAI(new OpenAI({ apiKey: 'none', baseURL: openaiURL, maxRetries: 0 }));
  const body = { model: 'gpt-test', messages: question };
  seen.push(await client.chat.completions.create(body));
  const stream = await client.chat.completions.create({ ...body, stream: true });
  for await (const chunk of stream) seen.push(chunk);
  seen.push(await client.chat.completions.stream(body).finalContent());
  seen.push((await client.responses.create({ model: 'gpt-test', input: 'Where to?' })).output_text);
  const { response } = await client.embeddings
    .create({ model: 'embed-test', input: 'Where to?' })
    .withResponse();
  seen.push(response.status);
}

async function useAnthropic() {
  const client = wrapAnthropic(new Anthropic({ apiKey: 'none', baseURL: anthropicURL, maxRetries: 0 }));
  const body = { model: 'claude-test', max_tokens: 16, messages: question };
  seen.push(await client.messages.create(body));
  seen.push(await client.messages.stream(body).finalMessage());
  for await (const event of await client.messages.create({ ...body, stream: true })) {
    seen.push(event.type);
    if (event.type === 'content_block_start') break;
  }
}

/** What `spoor` loads when it is first needed, where there is no file to load. */
async function usePlain() {
  const look = tool({ name: 'look' }, (where) => ({ where, password: 'hunter2hunter2' }));
  instrument({ name: 'trip', userId: 'u-1' }, () => seen.push(look('north').where));
  const client = new SpoorClient({ baseUrl: 'http://127.0.0.1:9' });
  seen.push(client.baseUrl, client instanceof SpoorClient);
}

async function main() {
  await usePlain();
  await useOpenAI();
  await useAnthropic();
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, kind, status, attributes, events, instrumentationScope }) => ({
      name,
      kind,
      status,
      attributes,
      events,
      scope: instrumentationScope.name,
    }));
  writeFileSync(file, JSON.stringify({ seen, spans }));
}

// No top-level await: a bundle may be CommonJS.
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/**
 * What an instrumented call and an instrumented chunk cost. Run as a process of its own, which prints its rows as JSON: the
 * real SDKs, a `fetch` that answers at once, and a provider that throws spans away, the same for both ways of tracing.
 */
import Anthropic, * as anthropicModule from '@anthropic-ai/sdk';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI, * as openaiModule from 'openai';
import { spoorInstrumentations } from '../../dist/instrumentations/index.js';
import { applyOptions } from '../../dist/src/config/settings.js';
import { interleave, median, medianDifference } from './interleave.js';
import { withRawSpan } from './raw-span.js';
import {
  ANTHROPIC_ANSWER,
  anthropicStream,
  answering,
  MESSAGES,
  OPENAI_ANSWER,
  openaiStream,
  streaming,
} from './wire.js';

const quick = process.argv.includes('--quick');
const CHUNKS = 400;
const OPENAI_BODY = { model: 'model-a', messages: MESSAGES, temperature: 0, max_tokens: 256 };
const ANTHROPIC_BODY = { model: 'model-b', messages: MESSAGES, temperature: 0, max_tokens: 256 };
const OPENAI_CALL = { provider: 'openai', model: 'model-a', host: 'api.openai.com', input: MESSAGES };
const ANTHROPIC_CALL = {
  provider: 'anthropic',
  model: 'model-b',
  host: 'api.anthropic.com',
  input: MESSAGES,
};

/** The last span, to show that both ways say the same. */
let last;
const provider = new NodeTracerProvider({
  spanProcessors: [
    {
      onStart() {},
      onEnd(span) {
        last = span;
      },
      async forceFlush() {},
      async shutdown() {},
    },
  ],
});
provider.register();
applyOptions({ captureContent: true });

const openaiClient = (fetch) => new OpenAI({ apiKey: 'none', fetch, maxRetries: 0 });
// This SDK can trace itself: that is switched off, so that the bare call is bare.
const anthropicClient = (fetch) =>
  new Anthropic({ apiKey: 'none', fetch, maxRetries: 0, openTelemetry: false });

const SCENARIOS = [
  {
    name: 'openai, plain call',
    sdk: 'openai',
    module: openaiModule,
    call: OPENAI_CALL,
    client: openaiClient(answering(OPENAI_ANSWER)),
    target: (client) => client.chat.completions,
    async run(create) {
      const answer = await create(OPENAI_BODY);
      const choice = answer.choices[0];
      return {
        id: answer.id,
        model: answer.model,
        reason: choice.finish_reason,
        text: choice.message.content,
        input: answer.usage.prompt_tokens,
        output: answer.usage.completion_tokens,
      };
    },
  },
  {
    name: 'anthropic, plain call',
    sdk: 'anthropic',
    module: anthropicModule,
    call: ANTHROPIC_CALL,
    client: anthropicClient(answering(ANTHROPIC_ANSWER)),
    target: (client) => client.messages,
    async run(create) {
      const answer = await create(ANTHROPIC_BODY);
      return {
        id: answer.id,
        model: answer.model,
        reason: answer.stop_reason,
        text: answer.content[0].text,
        input: answer.usage.input_tokens,
        output: answer.usage.output_tokens,
      };
    },
  },
  {
    name: 'openai, streamed chunk',
    sdk: 'openai',
    module: openaiModule,
    call: OPENAI_CALL,
    chunks: CHUNKS,
    client: openaiClient(streaming(openaiStream(CHUNKS))),
    target: (client) => client.chat.completions,
    async run(create) {
      const answer = { id: '', model: '', reason: '', text: '', input: 0, output: 0 };
      for await (const chunk of await create({ ...OPENAI_BODY, stream: true })) {
        const [choice] = chunk.choices;
        answer.id = chunk.id;
        answer.model = chunk.model;
        answer.text += choice?.delta.content ?? '';
        answer.reason = choice?.finish_reason ?? answer.reason;
      }
      return answer;
    },
  },
  {
    name: 'anthropic, streamed chunk',
    sdk: 'anthropic',
    module: anthropicModule,
    call: ANTHROPIC_CALL,
    chunks: CHUNKS,
    client: anthropicClient(streaming(anthropicStream(CHUNKS))),
    target: (client) => client.messages,
    async run(create) {
      const answer = { id: '', model: '', reason: '', text: '', input: 0, output: 0 };
      for await (const event of await create({ ...ANTHROPIC_BODY, stream: true })) {
        if (event.type === 'message_start') {
          answer.id = event.message.id;
          answer.model = event.message.model;
          answer.input = event.message.usage.input_tokens;
        } else if (event.type === 'content_block_delta') answer.text += event.delta.text;
        else if (event.type === 'message_delta') {
          answer.reason = event.delta.stop_reason;
          answer.output = event.usage.output_tokens;
        }
      }
      return answer;
    },
  },
];

/** Both ways must have caught the content, else the comparison means nothing. */
function checkSpan(scenario, text) {
  const said = last?.attributes['gen_ai.output.messages'];
  if (typeof said !== 'string' || !said.includes(text.slice(0, 20))) {
    throw new Error(`${scenario.name}: the span has no content: ${JSON.stringify(last?.attributes)}`);
  }
  last = undefined;
}

async function bench(scenario) {
  const { client, call, run, module, sdk } = scenario;
  const instrumentation = spoorInstrumentations().find((one) => one.line().name === sdk);
  if (instrumentation === undefined) throw new Error(`There is no instrumentation "${sdk}".`);
  const target = scenario.target(client);
  // Patched once, as in a program. The SDK's own method stays at hand for the other two.
  const original = target.create;
  const create = (body) => original.call(target, body);
  instrumentation.patch(module);
  const createTraced = (body) => target.create(body);
  const bare = () => run(create);
  const floor = () => withRawSpan(call, bare);
  const spoor = () => run(createTraced);
  checkSpan(scenario, (await floor()).text);
  checkSpan(scenario, (await spoor()).text);
  const runs = scenario.chunks === undefined ? 2000 : 40;
  const times = await interleave(
    { bare: { run: bare }, floor: { run: floor }, spoor: { run: spoor } },
    { rounds: quick ? 7 : 21, runs, warmup: Math.ceil(runs / 4), thread: true },
  );
  instrumentation.unpatch();
  const scale = scenario.chunks === undefined ? 1 : 1000 / scenario.chunks;
  return {
    name: scenario.name,
    unit: scenario.chunks === undefined ? 'µs' : 'ns',
    ratio: scenario.chunks === undefined ? 'added' : 'whole',
    base: median(times.bare) * scale,
    floor: medianDifference(times.floor, times.bare) * scale,
    spoor: medianDifference(times.spoor, times.bare) * scale,
  };
}

const rows = [];
for (const scenario of SCENARIOS) rows.push(await bench(scenario));
console.log(JSON.stringify(rows));

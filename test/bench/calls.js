/**
 * What an instrumented call costs, and what one more chunk of a stream does. Run as a process of its own, which prints its rows
 * as JSON: the real SDKs, a `fetch` that answers at once, and a provider that throws spans away, the same for all ways.
 */
import assert from 'node:assert/strict';
import Anthropic, * as anthropicModule from '@anthropic-ai/sdk';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI, * as openaiModule from 'openai';
import { spoorInstrumentations } from '../../dist/instrumentations/index.js';
import { applyOptions } from '../../dist/src/config/settings.js';
import { interleave, median, medianDifference } from './interleave.js';
import { tracedAnthropic, tracedOpenAi } from './raw-span.js';
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
const ROUNDS = quick ? 7 : 21;
/** What a call costs is in both, so that the difference is what the chunks cost. */
const SHORT = 100;
const LONG = 10_100;
/** As a fast provider's come: less of the time goes into reading, and the figure is steadier. */
const CHUNKS_PER_READ = 50;
const body = (model) => ({ model, messages: MESSAGES, temperature: 0, max_tokens: 256 });

/** The last span, to show that all ways say the same. */
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

const SDKS = [
  {
    name: 'openai',
    module: openaiModule,
    body: body('model-a'),
    answer: OPENAI_ANSWER,
    stream: openaiStream,
    byHand: tracedOpenAi,
    target: (fetch) => new OpenAI({ apiKey: 'none', fetch, maxRetries: 0 }).chat.completions,
    textOf: (chunk) => chunk.choices[0]?.delta.content,
  },
  {
    name: 'anthropic',
    module: anthropicModule,
    body: body('model-b'),
    answer: ANTHROPIC_ANSWER,
    stream: anthropicStream,
    byHand: tracedAnthropic,
    // This SDK can trace itself: that is switched off, so that the bare call is bare.
    target: (fetch) => new Anthropic({ apiKey: 'none', fetch, maxRetries: 0, openTelemetry: false }).messages,
    textOf: (event) => event.delta?.text,
  },
];

function takeSpan() {
  const span = last;
  last = undefined;
  return span && { name: span.name, kind: span.kind, status: span.status, attributes: span.attributes };
}

async function benchCall({ name, body: params, answer, byHand, target }, original) {
  const resource = target(answering(answer));
  // The SDK's own method stays at hand for the other two.
  const create = (given) => original.call(resource, given);
  const bare = () => create(params);
  const floor = () => byHand(create, params);
  const spoor = () => resource.create(params);
  await floor();
  const expected = takeSpan();
  await spoor();
  assert.deepEqual(takeSpan(), expected, `${name}: the two spans differ`);
  const times = await interleave(
    { bare: { run: bare }, floor: { run: floor }, spoor: { run: spoor } },
    { rounds: ROUNDS, runs: 2000, warmup: 500, thread: true },
  );
  return {
    name: `${name}, plain call`,
    unit: 'µs',
    ratio: 'added',
    base: median(times.bare),
    floor: medianDifference(times.floor, times.bare),
    spoor: medianDifference(times.spoor, times.bare),
  };
}

async function benchChunk({ name, body: params, stream, target, textOf }, original) {
  const read = async (chunks) => {
    let text = '';
    for await (const chunk of await chunks) text += textOf(chunk) ?? '';
    return text;
  };
  const variants = {};
  for (const [length, chunks] of Object.entries({ Short: SHORT, Long: LONG })) {
    const resource = target(streaming(stream(chunks), CHUNKS_PER_READ));
    const given = { ...params, stream: true };
    variants[`bare${length}`] = { run: () => read(original.call(resource, given)) };
    variants[`spoor${length}`] = { run: () => read(resource.create(given)) };
    const text = await variants[`spoor${length}`].run();
    const [said] = JSON.parse(takeSpan().attributes['gen_ai.output.messages']);
    assert.equal(said.parts[0].content, text, `${name}: the span has another text`);
  }
  const times = await interleave(variants, { rounds: ROUNDS, runs: 3, warmup: 1, thread: true });
  const perChunk = (way) => (round) =>
    ((times[`${way}Long`][round] - times[`${way}Short`][round]) * 1000) / (LONG - SHORT);
  const rounds = [...times.bareLong.keys()];
  const bare = rounds.map(perChunk('bare'));
  return {
    name: `${name}, one more chunk`,
    unit: 'ns',
    ratio: 'whole',
    base: median(bare),
    spoor: medianDifference(rounds.map(perChunk('spoor')), bare),
  };
}

const rows = [];
for (const bench of [benchCall, benchChunk]) {
  for (const sdk of SDKS) {
    const instrumentation = spoorInstrumentations().find((one) => one.line().name === sdk.name);
    if (instrumentation === undefined) throw new Error(`There is no instrumentation "${sdk.name}".`);
    const original = sdk.target(() => {}).create;
    // Patched as in a program that uses this SDK.
    instrumentation.patch(sdk.module);
    rows.push(await bench(sdk, original));
    instrumentation.unpatch();
  }
}
console.log(JSON.stringify(rows));

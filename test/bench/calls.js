/**
 * What an instrumented call costs, and what one more chunk of a stream does. Run as a process of its own, which prints its rows
 * as JSON: the real SDKs, a `fetch` that answers at once, and a provider that throws spans away, the same for all ways.
 *
 * How functions are compiled differs from process to process. So everything is measured in several, one after the other, and
 * each row is that of the process in the middle.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Anthropic, * as anthropicModule from '@anthropic-ai/sdk';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI, * as openaiModule from 'openai';
import { spoorInstrumentations } from '../../dist/instrumentations/index.js';
import { applyOptions } from '../../dist/src/config/settings.js';
import { median, medianDifference, medianShare, takeTurns } from './interleave.js';
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
const ONE_PROCESS = '--one-process';
const PROCESSES = quick ? 3 : 5;
/** What `takeTurns` needs, and new space enough for a block. */
const FLAGS = ['--single-threaded', '--expose-gc', '--min-semi-space-size=16'];
const CALLS = { rounds: quick ? 100 : 500, runs: 25, warmup: quick ? 2000 : 5000 };
const STREAMS = { rounds: quick ? 20 : 60, runs: 1, warmup: 5 };
/** What a call costs is in both, so that the difference is what the chunks cost. */
const SHORT = 100;
const LONG = 2100;
/** As a fast provider's come. openai copies the rest of a read for each event in it: at fifty a read that is most of a chunk. */
const CHUNKS_PER_READ = 8;
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
  const times = await takeTurns({ bare, floor, spoor }, CALLS);
  const base = median(times.bare);
  return {
    name: `${name}, plain call`,
    unit: 'µs',
    ratio: 'added',
    base,
    floor: base * medianShare(times.floor, times.bare),
    spoor: base * medianShare(times.spoor, times.bare),
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
    variants[`bare${length}`] = () => read(original.call(resource, given));
    variants[`spoor${length}`] = () => read(resource.create(given));
    const text = await variants[`spoor${length}`]();
    const [said] = JSON.parse(takeSpan().attributes['gen_ai.output.messages']);
    assert.equal(said.parts[0].content, text, `${name}: the span has another text`);
  }
  const times = await takeTurns(variants, STREAMS);
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

async function measure() {
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
  return rows;
}

function measureElsewhere() {
  const args = [...FLAGS, fileURLToPath(import.meta.url), ...process.argv.slice(2), ONE_PROCESS];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}

/** What a row is judged by. */
function figure({ ratio, spoor, floor }) {
  return ratio === 'added' ? spoor / floor : spoor;
}

/** Of a row as each process has it, the one in the middle, with the least and the most of what it is judged by. */
function middle(rows) {
  const sorted = rows.toSorted((a, b) => figure(a) - figure(b));
  return { ...sorted[(sorted.length - 1) >> 1], from: figure(sorted[0]), to: figure(sorted.at(-1)) };
}

if (process.argv.includes(ONE_PROCESS)) console.log(JSON.stringify(await measure()));
else {
  const runs = Array.from({ length: PROCESSES }, measureElsewhere);
  console.log(JSON.stringify(runs[0].map((_, row) => middle(runs.map((rows) => rows[row])))));
}

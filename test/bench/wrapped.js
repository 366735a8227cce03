/**
 * What a wrapped function costs, beside `startActiveSpan` written by hand with the same attributes. Run as a process of its
 * own, which prints its rows as JSON. A provider throws the spans away, the same for both.
 *
 * How functions are compiled differs a little from process to process. So everything is measured in several, one after the
 * other, and each row is that of the process whose ratio lies in the middle.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ProxyTracerProvider, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AlwaysOffSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { applyOptions } from '../../dist/src/config/settings.js';
import { setIsolated, setProviderStarter } from '../../dist/src/tracing/provider.js';
import { withSession } from '../../dist/src/tracing/sessions.js';
import { prompt, tool } from '../../dist/src/tracing/wrappers/observation-wrappers.js';
import { interleave, median, medianDifference } from './interleave.js';

const quick = process.argv.includes('--quick');
const ONE_PROCESS = '--one-process';
const PROCESSES = quick ? 3 : 7;
/** What is timed at once has to be long beside what interrupts it. */
const RUNS = 20_000;
const ROUNDS = quick ? 5 : 9;

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
const ownTracer = trace.getTracer('by-hand');

const ARGUMENTS = { query: 'waterproof boots', limit: 3, filters: { size: 42, colours: ['brown', 'black'] } };
const RESULT = {
  items: [
    { id: 'b-1', price: 89.5 },
    { id: 'b-2', price: 120 },
  ],
  total: 2,
};
const ANSWER = {
  id: 'answer-1',
  model: 'model-a-1',
  choices: [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Brown boots. '.repeat(20) } },
  ],
  usage: { prompt_tokens: 120, completion_tokens: 64, total_tokens: 184 },
};

/** A tool by hand. */
function toolByHand(fn, tracer = ownTracer) {
  return (args) =>
    tracer.startActiveSpan(
      'execute_tool search',
      {
        kind: SpanKind.INTERNAL,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'search',
          'spoor.observation.type': 'TOOL',
          'gen_ai.tool.call.arguments': JSON.stringify(args),
        },
      },
      (span) => {
        try {
          const result = fn(args);
          span.setAttributes({
            'spoor.outcome': 'completed',
            'gen_ai.tool.call.result': JSON.stringify(result),
          });
          return result;
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
          throw error;
        } finally {
          span.end();
        }
      },
    );
}

/** A call of a model by hand. */
function promptByHand(fn) {
  return (args) =>
    ownTracer.startActiveSpan(
      'chat model-a',
      {
        kind: SpanKind.CLIENT,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'model-a',
          'spoor.observation.type': 'GENERATION',
          'spoor.observation.input': JSON.stringify(args),
        },
      },
      async (span) => {
        try {
          const answer = await fn(args);
          span.setAttributes({
            'spoor.outcome': 'completed',
            'gen_ai.response.id': answer.id,
            'gen_ai.response.model': answer.model,
            'gen_ai.response.finish_reasons': answer.choices.map((choice) => choice.finish_reason),
            'gen_ai.usage.input_tokens': answer.usage.prompt_tokens,
            'gen_ai.usage.output_tokens': answer.usage.completion_tokens,
            'spoor.observation.output': JSON.stringify(answer),
          });
          return answer;
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
          throw error;
        } finally {
          span.end();
        }
      },
    );
}

function search(args) {
  return args === undefined ? undefined : RESULT;
}
async function complete(args) {
  return args === undefined ? undefined : ANSWER;
}

const SCENARIOS = [
  { name: 'wrapped tool, sync', fn: search, byHand: toolByHand, wrapped: tool },
  {
    name: 'wrapped prompt, async',
    fn: complete,
    byHand: promptByHand,
    wrapped: (fn) => prompt({ model: 'model-a' }, fn),
  },
];

/** Both ways must say the same, else the comparison means nothing. */
async function attributesOf(call) {
  last = undefined;
  await call(ARGUMENTS);
  const entries = Object.entries(last.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([last.name, last.kind, entries]);
}

async function bench({ name, fn, byHand, wrapped }) {
  const floor = byHand(fn);
  const spoor = wrapped(fn);
  const [one, other] = [await attributesOf(floor), await attributesOf(spoor)];
  if (one !== other) throw new Error(`${name}: not the same span:\n${one}\n${other}`);
  const times = await interleave(
    {
      bare: { run: () => fn(ARGUMENTS) },
      floor: { run: () => floor(ARGUMENTS) },
      spoor: { run: () => spoor(ARGUMENTS) },
    },
    { rounds: ROUNDS, runs: RUNS, warmup: 5000 },
  );
  return {
    name,
    unit: 'µs',
    base: median(times.bare),
    floor: medianDifference(times.floor, times.bare),
    spoor: medianDifference(times.spoor, times.bare),
  };
}

function many(fn) {
  return () => {
    for (let count = 0; count < 1000; count++) fn(ARGUMENTS);
  };
}

/**
 * Nothing is recorded: what is left is the wrapper itself, beside what is left of a span by hand where there is no provider.
 * Counted by the thousand, for the clock's sake.
 */
async function benchSilent(name) {
  const wrapped = tool(search);
  const byHand = toolByHand(search, new ProxyTracerProvider().getTracer('by-hand'));
  last = undefined;
  const times = await interleave(
    {
      bare: { run: many(search) },
      floor: { run: many(byHand) },
      spoor: { run: many(wrapped) },
    },
    { rounds: ROUNDS, runs: 100, warmup: 20 },
  );
  if (last !== undefined) throw new Error(`${name}: a span was recorded.`);
  return {
    name,
    unit: 'ns',
    base: median(times.bare),
    floor: medianDifference(times.floor, times.bare),
    spoor: medianDifference(times.spoor, times.bare),
  };
}

async function measure() {
  const rows = [];
  for (const scenario of SCENARIOS) rows.push(await bench(scenario));
  applyOptions({ enabled: false });
  rows.push(await benchSilent('wrapped tool, switched off'));
  // Of what an app's own provider takes, its sampler decides; this is about our own.
  applyOptions({ enabled: true, sample: 0 });
  setIsolated(true);
  setProviderStarter(() => new NodeTracerProvider({ sampler: new AlwaysOffSampler() }));
  rows.push(await withSession({}, () => benchSilent('wrapped tool, session left out')));
  return rows;
}

/** The rows of all processes, by name: of each the one in the middle, by how many times the floor it takes. */
function middleRows(runs) {
  return runs[0].map((_, place) => {
    const rows = runs.map((run) => run[place]);
    return rows.toSorted((a, b) => a.spoor / a.floor - b.spoor / b.floor)[rows.length >> 1];
  });
}

function measureInAnotherProcess() {
  const args = [
    '--single-threaded',
    fileURLToPath(import.meta.url),
    ONE_PROCESS,
    ...(quick ? ['--quick'] : []),
  ];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

const rows = process.argv.includes(ONE_PROCESS)
  ? await measure()
  : middleRows(Array.from({ length: PROCESSES }, measureInAnotherProcess));
console.log(JSON.stringify(rows));

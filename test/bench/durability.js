/**
 * What each mode of `durability` costs: a span with 2 KB of attributes, beside the mode `memory`, which writes nothing; and how
 * long the end of a process takes when nothing is left to send. Run as a process of its own, which prints its rows as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { SpanKind } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { currentSettings, resolvedSettings } from '../../dist/src/config/settings.js';
import { endpointTarget } from '../../dist/src/config/targets.js';
import { createOtlpDelivery } from '../../dist/src/sdk/exporter.js';
import { interleave, median, medianDifference } from './interleave.js';

const quick = process.argv.includes('--quick');
const ROOT = path.join(import.meta.dirname, '..', '..');
const MODES = ['memory', 'exit', 'crash'];
const BATCH = 400;
const journal = mkdtempSync(path.join(os.tmpdir(), 'spoor-bench-journal-'));
process.env['SPOOR_JOURNAL_DIR'] = journal;

const message = (role, words, times) =>
  JSON.stringify([{ role, parts: [{ type: 'text', content: words.repeat(times) }] }]);
const AT_START = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'model-a',
  'gen_ai.request.max_tokens': 256,
  'server.address': 'api.example.com',
  'server.port': 443,
};
const AT_END = {
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.model': 'model-a-2026',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 18,
  'gen_ai.usage.output_tokens': 14,
};
const INPUT = message('user', 'Where is the parcel of order 81? ', 30);
const OUTPUT = message('assistant', 'It is in Riga, on its way. ', 22);
const characters = JSON.stringify({ ...AT_START, ...AT_END, INPUT, OUTPUT }).length;
if (Math.abs(characters - 2048) > 100) throw new Error(`A span has ${characters} characters, not 2 KB.`);

const sink = spawn(process.execPath, [path.join(import.meta.dirname, 'sink.js')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [printed] = await once(sink.stdout, 'data');
const url = `http://127.0.0.1:${Number(String(printed))}`;

function openMode(durability) {
  const target = endpointTarget(resolvedSettings(), `${url}/v1/traces`);
  const delivery = createOtlpDelivery({ ...currentSettings(), durability }, target);
  const provider = new NodeTracerProvider({ spanProcessors: [delivery] });
  const tracer = provider.getTracer('spoor');
  let made = 0;
  // In the order of the instrumentations: content comes once the span is there. Its text is new each time.
  const start = () => {
    made += 1;
    const span = tracer.startSpan('chat model-a', { kind: SpanKind.CLIENT, attributes: AT_START });
    span.setAttribute('gen_ai.input.messages', `${INPUT} ${made}`);
    return span;
  };
  const end = (span) => {
    span.setAttributes(AT_END);
    span.setAttribute('gen_ai.output.messages', `${OUTPUT} ${made}`);
    span.end();
  };
  const make = () => {
    for (let count = 0; count < BATCH; count++) end(start());
  };
  const settled = Promise.resolve();
  const makeWaiting = async () => {
    for (let count = 0; count < BATCH; count++) {
      const span = start();
      await settled;
      await settled;
      end(span);
    }
  };
  const send = () => delivery.drain(20_000);
  const close = async () => {
    const { delivered, dropped, rejected, journaled } = await send();
    if (delivered !== made) {
      throw new Error(
        `${durability}: of ${made} spans, ${delivered} arrived; ${dropped}, ${rejected}, ${journaled}.`,
      );
    }
    await provider.shutdown();
  };
  return { make, makeWaiting, send, close };
}

function spanRow(mode, what, times) {
  return {
    name: `durability \`${mode}\`, ${what}`,
    unit: 'µs',
    ratio: 'whole',
    base: median(times.memory) / BATCH,
    spoor: medianDifference(times[mode], times.memory) / BATCH,
  };
}

async function benchSpans() {
  const modes = Object.fromEntries(MODES.map((mode) => [mode, openMode(mode)]));
  const variants = (variantOf) => Object.fromEntries(MODES.map((mode) => [mode, variantOf(modes[mode])]));
  const rounds = quick ? 7 : 19;
  const whole = await interleave(
    variants(({ make, send }) => ({ run: async () => (make(), await send()) })),
    { rounds, runs: 3, warmup: 1 },
  );
  const waiting = await interleave(
    variants(({ makeWaiting, send }) => ({ run: async () => (await makeWaiting(), await send()) })),
    { rounds, runs: 3, warmup: 1 },
  );
  const inProgram = await interleave(
    variants(({ make, send }) => ({ run: make, restore: send })),
    { rounds, runs: 3, warmup: 1, thread: true },
  );
  for (const mode of Object.values(modes)) await mode.close();
  return MODES.slice(1).flatMap((mode) => [
    spanRow(mode, 'a span, from start to sent', whole),
    spanRow(mode, 'a span that waits, from start to sent', waiting),
    spanRow(mode, 'a span, in the program', inProgram),
  ]);
}

const PROGRAMS = {
  bare: `import { writeSync } from 'node:fs';
writeSync(1, '.');`,
  spoor: `import { writeSync } from 'node:fs';
import { init, withSession, withStep } from ${JSON.stringify(pathToFileURL(path.join(ROOT, 'dist/src/index.js')).href)};
const handle = init();
await withSession({ name: 'run' }, () => withStep({ name: 'one' }, async () => undefined));
const { delivered, pending } = await handle.flush(10_000);
if (delivered !== 2 || pending > 0) throw new Error('The queue is not empty.');
writeSync(1, '.');`,
};

/** Milliseconds from the last line of a program until its process is gone. */
async function timeEnd(program, env) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  const last = performance.now();
  const [code] = await exit;
  if (code !== 0) throw new Error(`A program ended with ${code}.`);
  return performance.now() - last;
}

async function benchEnds() {
  const times = Object.fromEntries(['bare', ...MODES].map((name) => [name, []]));
  const names = Object.keys(times);
  for (let round = 0; round < (quick ? 7 : 21); round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      const program = name === 'bare' ? PROGRAMS.bare : PROGRAMS.spoor;
      times[name].push(await timeEnd(program, name === 'bare' ? {} : { SPOOR_DURABILITY: name }));
    }
  }
  return MODES.map((mode) => ({
    name: `durability \`${mode}\`, end of the process`,
    unit: 'ms',
    ratio: 'whole',
    base: median(times.bare),
    spoor: median(times[mode]) - median(times.bare),
  }));
}

try {
  const rows = [...(await benchSpans()), ...(await benchEnds())];
  console.log(JSON.stringify(rows));
} finally {
  sink.stdin.end();
  rmSync(journal, { recursive: true });
}

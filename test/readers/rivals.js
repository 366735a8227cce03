/** What other products publish to read spans with, put to what we write; all give the same plain facts of a call. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readLangfuse } from './langfuse-rules.js';

const require = createRequire(import.meta.url);
const PROGRAM = fileURLToPath(new URL('python/read.py', import.meta.url));
const EVERYTHING = ['type', 'model', 'asked', 'answered', 'input', 'output', 'cached', 'session', 'user'];

/**
 * By name: the package, the dialects that it reads, and what it tells of a call. Readers of Python are put to all spans of a
 * dialect in one process.
 */
export const READERS = {
  'openinference-genai': {
    package: '@arizeai/openinference-genai',
    reads: ['otel-genai'],
    tells: EVERYTHING.filter((fact) => !['session', 'user'].includes(fact)),
    read(spans) {
      const {
        convertGenAISpanAttributesToOpenInferenceSpanAttributes: convert,
      } = require('@arizeai/openinference-genai');
      return spans.map(({ attributes }) => fromOpenInference(convert(attributes) ?? {}));
    },
  },
  'langfuse-rules': {
    package: 'its documented mapping',
    reads: ['langfuse'],
    tells: EVERYTHING,
    read: (spans) => spans.map(({ attributes }) => readLangfuse(attributes)),
  },
  'openllmetry-to-openinference': {
    package: 'openinference-instrumentation-openllmetry',
    reads: ['openllmetry'],
    python: true,
    tells: ['type', 'model', 'asked', 'answered', 'input', 'output'],
    // It knows no embeddings, and takes no call for one that says nothing of what was asked.
    takes: ({ type, inputMessages }) =>
      type === 'TOOL' || (type === 'GENERATION' && inputMessages !== undefined),
    interpret: fromOpenInference,
  },
  mlflow: {
    package: 'mlflow-skinny',
    reads: ['otel-genai', 'openinference', 'openllmetry', 'langfuse'],
    python: true,
    // What it shows of each: of Langfuse's words it knows three.
    tells: {
      'otel-genai': ['type', 'model', 'asked', 'answered', 'input', 'output', 'cached'],
      openinference: ['type', 'model', 'asked', 'answered', 'input', 'output', 'cached'],
      openllmetry: ['type', 'model', 'input', 'output', 'cached'],
      langfuse: ['type', 'asked', 'answered'],
    },
    interpret: fromMlflow,
  },
};

/** The facts that a reader tells of each span. */
export async function readWith(name, spans, { python, encode }) {
  const reader = READERS[name];
  if (reader.python !== true) return reader.read(spans);
  const child = spawn(python, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (words += text));
  for (const span of spans) {
    const request = Buffer.from(encode([span])).toString('base64');
    child.stdin.write(`${JSON.stringify({ reader: name, request })}\n`);
  }
  child.stdin.end();
  const read = [];
  for await (const line of createInterface({ input: child.stdout })) read.push(...JSON.parse(line));
  if (read.length !== spans.length) throw new Error(`${name}: ${words.trim().slice(-800)}`);
  return read.map((attributes) => reader.interpret(attributes));
}

const OPENINFERENCE_TYPES = { LLM: 'call', TOOL: 'tool', EMBEDDING: 'embedding' };

function fromOpenInference(attributes) {
  const said = (side) =>
    JSON.stringify(
      Object.entries(attributes).filter(
        ([key]) => key.startsWith(`llm.${side}_messages.`) || key === `${side}.value`,
      ),
    );
  return {
    type: OPENINFERENCE_TYPES[attributes['openinference.span.kind']],
    model: attributes['llm.model_name'] ?? attributes['embedding.model_name'],
    asked: said('input'),
    answered: said('output'),
    input: attributes['llm.token_count.prompt'],
    output: attributes['llm.token_count.completion'],
    cached: attributes['llm.token_count.prompt_details.cache_read'],
  };
}

const MLFLOW_TYPES = { CHAT_MODEL: 'call', LLM: 'call', TOOL: 'tool', EMBEDDING: 'embedding' };

/** Its attributes are JSON, texts too. */
function fromMlflow(attributes) {
  const value = (key) => (attributes[key] === undefined ? undefined : JSON.parse(attributes[key]));
  const usage = value('mlflow.chat.tokenUsage') ?? {};
  return {
    type: MLFLOW_TYPES[value('mlflow.spanType')],
    model: value('mlflow.llm.model'),
    asked: attributes['mlflow.spanInputs'],
    answered: attributes['mlflow.spanOutputs'],
    input: usage.input_tokens,
    output: usage.output_tokens,
    cached: usage.cache_read_input_tokens,
  };
}

import { convertGenAISpanAttributesToOpenInferenceSpanAttributes as convert } from '@arizeai/openinference-genai';
import { SemanticConventions } from '@arizeai/openinference-semantic-conventions';
import { LangfuseOtelSpanAttributes } from '@langfuse/core';
import { SpanAttributes } from '@traceloop/ai-semantic-conventions';
import { describe, expect, test } from 'vitest';
import { otelGenAiDialect } from '../../semconv/dialects/otel-genai.js';
import type { ObservationFacts } from '../../semconv/dialects/dialect.js';
import { writeGenAi } from '../../semconv/dialects/write-genai.js';
import { writeLangfuse, writeLangfuseSession } from '../../semconv/dialects/write-langfuse.js';
import { writeOpenInference } from '../../semconv/dialects/write-openinference.js';
import { writeOpenLlmetry, writeOpenLlmetrySession } from '../../semconv/dialects/write-openllmetry.js';

const SAMPLES = otelGenAiDialect.samples.flatMap(({ title, span }) => {
  const facts = otelGenAiDialect.read(span);
  return facts.concept === 'observation' ? [{ title, observation: facts.observation }] : [];
});
/** Names that their converter leaves out, or gives another shape, though the vocabulary has them. */
const NOT_CONVERTED: Readonly<Record<string, string>> = {
  'llm.invocation_parameters': 'theirs has the model in it, and calls max_tokens max_completion_tokens',
  'metadata.gen_ai.system_instructions': 'ours are the first message only',
  'llm.token_count.total': 'the sum of two others',
  'tool.parameters': 'by the specification it is the schema of the tool, and arguments are its input',
  'input.value': 'theirs is taken from messages only, and from no tool or retrieval',
  'output.value': 'theirs is taken from messages only, and from no tool or retrieval',
  'input.mime_type': 'as input.value',
  'output.mime_type': 'as output.value',
};

test('there are samples to write', () => {
  expect(SAMPLES.length).toBeGreaterThan(5);
});

describe('OpenInference', () => {
  // It takes whatever names no operation for a call of a model.
  test.each(SAMPLES.filter(({ observation }) => observation.operation !== undefined))(
    '$title is what their converter makes of the conventions',
    ({ observation }) => {
      const theirs = convert(writeGenAi(observation)) as Record<string, unknown>;
      const ours = withContents(writeOpenInference(observation));
      const wanted = Object.entries(theirs).filter(
        ([key]) => !Object.hasOwn(NOT_CONVERTED, key) && !isMediumAsText(theirs, key),
      );
      expect(wanted.length).toBeGreaterThan(0);
      expect(Object.fromEntries(wanted.map(([key]) => [key, comparable(key, ours[key])]))).toEqual(
        Object.fromEntries(wanted.map(([key, value]) => [key, comparable(key, value)])),
      );
    },
  );

  test('every name that we write is one of theirs, or of the conventions', () => {
    const known: string[] = Object.values(SemanticConventions);
    const strange = namesWritten(writeOpenInference).filter(
      (name) => !isOfConventions(name) && !known.some((own) => name === own || isBelow(name, own)),
    );
    expect(strange).toEqual([]);
  });
});

test('OpenLLMetry: every name that we write is one of theirs, or of the conventions', () => {
  const known: string[] = Object.values(SpanAttributes);
  const strange = namesWritten(writeOpenLlmetry, writeOpenLlmetrySession({ name: 'x' })).filter(
    (name) => !isOfConventions(name) && !known.some((own) => name === own || name.startsWith(`${own}.`)),
  );
  expect(strange).toEqual([]);
});

test('Langfuse: every name that we write is one of theirs, or of the conventions', () => {
  const known: string[] = Object.values(LangfuseOtelSpanAttributes);
  const session = writeLangfuseSession({ name: 'x', task: 'y', tags: ['z'], metadata: { a: 1 } });
  const strange = namesWritten(writeLangfuse, session).filter(
    (name) => !isOfConventions(name) && !known.some((own) => name === own || name.startsWith(`${own}.`)),
  );
  expect(strange).toEqual([]);
});

const FULL: ObservationFacts = {
  name: 'chat m',
  type: 'GENERATION',
  provider: 'openai',
  requestModel: 'm',
  responseModel: 'm-1',
  finishReasons: ['stop'],
  parameters: { temperature: 0 },
  systemInstructions: [{ type: 'text', content: 'Be brief.' }],
  inputMessages: [
    {
      role: 'user',
      name: 'ann',
      parts: [
        { type: 'text', content: 'a' },
        { type: 'uri', modality: 'image', uri: 'https://img.example.com/1.png' },
        { type: 'tool_call_response', id: 'c', response: 'r' },
      ],
    },
  ],
  outputMessages: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 't', arguments: {} }] }],
  toolDefinitions: [{ type: 'function', name: 't', parameters: {} }],
  tool: { name: 't', callId: 'c', description: 'd', arguments: { a: 1 }, result: 2 },
  usage: { input: 1, cacheRead: 1, cacheWrite: 1, output: 1, reasoning: 1 },
  cost: 0.1,
  level: 'WARNING',
  tags: ['t'],
  metadata: { tier: 'gold' },
  sessionId: 's',
  userId: 'u',
  agent: { name: 'a' },
  timeToFirstChunkMs: 1,
  scores: [
    { name: 'q', value: 1, explanation: 'e', source: 'human', target: { kind: 'observation', id: '1' } },
  ],
};

function namesWritten(write: (facts: ObservationFacts) => object, more: object = {}): string[] {
  const samples = [FULL, ...SAMPLES.map(({ observation }) => observation)];
  const names = new Set(samples.flatMap((facts) => Object.keys(write({ ...facts, attributes: {} }))));
  expect(names.size).toBeGreaterThan(20);
  return [...names, ...Object.keys(more)];
}

function isOfConventions(name: string): boolean {
  return /^(gen_ai|spoor|session|user|error)\./.test(name);
}

/** `llm.input_messages.0.message.role`: the names of a list, its index, and the names of its items. */
function isBelow(name: string, own: string): boolean {
  return name.split(/\.\d+\./).includes(own) || name.startsWith(`${own}.`) || name.includes(`.${own}`);
}

/** Theirs writes an image as the JSON of its part, where the vocabulary has an address for it. */
function isMediumAsText(theirs: Record<string, unknown>, key: string): boolean {
  const at = /^(.*\.message_content)\.(?:type|text)$/.exec(key)?.[1];
  return at !== undefined && theirs[`${at}.type`] === 'uri';
}

/** A message of one text can say it as `content` or as a list of one: theirs does the latter. */
function withContents(attributes: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      const at = /^(llm\.\w+_messages\.\d+\.message)\.content$/.exec(key)?.[1];
      if (at === undefined || `${at}.tool_call_id` in attributes) return [[key, value]];
      return [
        [`${at}.contents.0.message_content.type`, 'text'],
        [`${at}.contents.0.message_content.text`, value],
      ];
    }),
  );
}

/** JSON by what it says, not by the order of its keys. */
function comparable(key: string, value: unknown): unknown {
  return key.endsWith('json_schema') || key.endsWith('arguments') ? JSON.parse(String(value)) : value;
}

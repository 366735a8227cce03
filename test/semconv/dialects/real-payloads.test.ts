import { describe, expect, it } from 'vitest';
import { foldSessions } from '../../../src/translate/fold-sessions.js';
import { translateSpan } from '../../../src/translate/translate-span.js';
import type { SpanRecord } from '../../../src/otlp/records.js';
import type { DialectSpan } from '../../../semconv/dialects/dialect.js';
import { DIALECTS } from '../../../semconv/dialects/index.js';

/** Facts of a sample, by its dialect and the beginning of its title. */
function read(dialectName: string, title: string): unknown {
  const dialect = DIALECTS.find(({ name }) => name === dialectName);
  const sample = dialect?.samples.find((candidate) => candidate.title.startsWith(title));
  if (dialect === undefined || sample === undefined) throw new Error(`no sample "${title}"`);
  const facts = dialect.read(sample.span);
  if (facts.concept !== 'observation') throw new Error(`read as ${facts.concept}`);
  return facts.observation;
}

const text = (content: string) => ({ type: 'text', content });
const call = { type: 'tool_call', id: 'call_9', name: 'find_parcel', arguments: { id: 9 } };
const answer = { type: 'tool_call_response', id: 'call_9', response: { city: 'Bergen' } };
const system = { role: 'system', parts: [text('Be brief.')] };
const question = { role: 'user', parts: [text('Where is parcel 9?')] };
const BUCKETS = { input: 28, cacheRead: 32, output: 4, reasoning: 8 };
const tools = [
  { type: 'function', name: 'find_parcel', description: 'Finds a parcel.', parameters: { type: 'object' } },
];
const WHERE = { sessionId: 'ses_1', userId: 'u_1' };
const service = { serviceName: 'support-desk' };
const said = { role: 'assistant', parts: [text('In Bergen.')] };
const asked = { role: 'assistant', parts: [call] };
const told = { role: 'tool', parts: [answer] };

describe('a call of a model with a tool', () => {
  it('reads the same of OpenInference and of Genkit', () => {
    const inputMessages = [system, question, asked, told];
    expect(read('openinference', 'a model call with a tool')).toEqual({
      ...WHERE,
      ...service,
      name: 'OpenAI Chat Completions',
      type: 'GENERATION',
      provider: 'openai',
      requestModel: 'gpt-5-mini',
      responseModel: 'gpt-5-mini-2026-01-15',
      finishReasons: ['stop'],
      inputMessages,
      outputMessages: [said],
      parameters: { temperature: 0 },
      usage: BUCKETS,
      cost: 0.0004,
      tags: ['beta'],
      metadata: { desk: 'north' },
      toolDefinitions: tools,
      attributes: {
        'input.value': '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Where is parcel 9?"}]}',
        'input.mime_type': 'application/json',
        'llm.token_count.total': 72,
      },
    });
    expect(read('genkit', 'a call of a model')).toEqual({
      ...service,
      name: 'googleai/gemini-2.5-flash',
      type: 'GENERATION',
      provider: 'gcp.gemini',
      requestModel: 'gemini-2.5-flash',
      inputMessages,
      toolDefinitions: tools,
      parameters: { temperature: 0 },
      outputMessages: [said],
      finishReasons: ['stop'],
      usage: {
        ...BUCKETS,
        reported: {
          inputTokens: 60,
          outputTokens: 4,
          thoughtsTokens: 8,
          totalTokens: 72,
          cachedContentTokens: 32,
        },
      },
      attributes: {
        'genkit:path': '/{generate,t:util}/{googleai/gemini-2.5-flash,t:action,s:model}',
        'genkit:state': 'success',
      },
    });
  });

  it('takes from the bodies of LangChain what is not flattened of them', () => {
    expect(read('openinference', 'a model call of LangChain')).toMatchObject({
      provider: 'openai',
      requestModel: 'gpt-5-mini',
      responseModel: 'gpt-5-mini-2026-01-15',
      inputMessages: [question],
      outputMessages: [asked],
    });
  });

  it('reads the flattened messages of OpenLLMetry, with a picture', () => {
    const look = { type: 'tool_call', id: 'call_9', name: 'look', arguments: { at: '9.png' } };
    const picture = { type: 'uri', modality: 'image', uri: 'https://img.example.com/9.png' };
    expect(read('openllmetry', 'a model call with flattened')).toEqual({
      ...WHERE,
      ...service,
      name: 'openai.chat',
      type: 'GENERATION',
      provider: 'openai',
      requestModel: 'gpt-4o',
      responseModel: 'gpt-4o-2024-08-06',
      usage: { input: 40, cacheRead: 10, output: 4, reasoning: 2 },
      inputMessages: [
        system,
        { role: 'user', parts: [text('What is this?'), picture] },
        { role: 'assistant', parts: [look] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_9', response: 'a parcel' }] },
      ],
      outputMessages: [{ role: 'assistant', parts: [text('A parcel.')], finish_reason: 'stop' }],
      finishReasons: ['stop'],
      toolDefinitions: [
        {
          type: 'function',
          name: 'look',
          description: 'Looks at a picture.',
          parameters: { type: 'object' },
        },
      ],
      streamed: false,
      metadata: { desk: 'north' },
      attributes: { 'llm.usage.total_tokens': 56 },
    });
  });

  it('takes the counts of OpenLLMetry’s Anthropic instrumentation as they stand', () => {
    expect(read('openllmetry', 'a call of Anthropic')).toMatchObject({
      usage: { input: 28, cacheRead: 12, cacheWrite: 0, output: 9 },
    });
  });

  it('reads the inner span of the AI SDK', () => {
    const { sessionId, userId } = WHERE;
    expect(read('vercel-ai', 'an inner call')).toMatchObject({
      sessionId,
      userId,
      type: 'GENERATION',
      provider: 'openai',
      requestModel: 'gpt-5-mini',
      responseModel: 'gpt-5-mini-2026-01-15',
      usage: BUCKETS,
      tags: ['beta'],
      toolDefinitions: tools,
      outputMessages: [
        {
          role: 'assistant',
          parts: [{ type: 'reasoning', content: 'The tool says Bergen.' }, text('In Bergen.')],
          finish_reason: 'stop',
        },
      ],
    });
  });

  it('adds the cached tokens that version 4 of the AI SDK leaves out of Anthropic’s input', () => {
    expect(read('vercel-ai', 'a streamed call')).toMatchObject({
      usage: { input: 20, cacheRead: 100, cacheWrite: 5, output: 9 },
      timeToFirstChunkMs: 210.5,
      streamed: true,
    });
  });

  it('reads Langfuse, and what a failed call says where its span says nothing', () => {
    expect(read('langfuse', 'a generation')).toMatchObject({
      ...WHERE,
      type: 'GENERATION',
      requestModel: 'gpt-5-mini-2026-01-15',
      usage: { ...BUCKETS, reported: { total: 72 } },
      cost: 0.0004,
      inputMessages: [system, question],
      outputMessages: [asked],
      tags: ['beta'],
    });
    expect(read('langfuse', 'usage that a user passed')).toMatchObject({ usage: BUCKETS });
    expect(read('langfuse', 'a generation that failed')).toMatchObject({
      status: 'error',
      statusMessage: 'Error: 429 Too many requests',
    });
  });

  it('reads LangSmith, Mastra, Logfire and MLflow', () => {
    expect(read('langsmith', 'a model call')).toMatchObject({
      ...WHERE,
      requestModel: 'gpt-5-mini',
      responseModel: 'gpt-5-mini-2026-01-15',
      parameters: { temperature: 0 },
      usage: BUCKETS,
      cost: 0.0004,
      tags: ['beta', 'desk'],
      inputMessages: [system, question],
      outputMessages: [{ ...said, finish_reason: 'stop' }],
    });
    expect(read('mastra', 'a call of a model')).toMatchObject({
      ...WHERE,
      usage: { input: 24, cacheRead: 32, cacheWrite: 4, output: 4, reasoning: 8 },
      inputMessages: [question],
      outputMessages: [said],
      metadata: { desk: { side: 'north' } },
    });
    expect(read('logfire', 'a request of Pydantic AI')).toMatchObject({
      usage: { input: 60, output: 12 },
      cost: 0.0004,
      inputMessages: [system, question],
      outputMessages: [said],
    });
    expect(read('mlflow', 'a call of a chat model')).toMatchObject({
      ...WHERE,
      usage: { input: 28, cacheRead: 32, output: 12 },
      cost: 0.0004,
      parameters: { temperature: 0 },
      inputMessages: [question],
      outputMessages: [{ ...said, finish_reason: 'stop' }],
    });
  });

  it('reads the counts of Claude Code beside each other, and the failure that an attribute says', () => {
    expect(read('claude-code', 'a request to the model')).toMatchObject({
      type: 'GENERATION',
      provider: 'anthropic',
      requestModel: 'claude-opus-4-5',
      timeToFirstChunkMs: 640,
      usage: { input: 12, cacheRead: 15000, cacheWrite: 800, output: 90 },
    });
    expect(read('claude-code', 'a request that failed')).toMatchObject({
      status: 'error',
      statusMessage: 'Overloaded',
    });
  });
});

describe('a tool', () => {
  const expected: [dialect: string, title: string][] = [
    ['openinference', 'a tool'],
    ['langfuse', 'a tool'],
    ['genkit', 'a tool'],
    ['vercel-ai', 'a tool call'],
  ];
  it.each(expected)('of %s has its arguments and its result', (dialect, title) => {
    expect(read(dialect, title)).toMatchObject({
      type: 'TOOL',
      tool: { name: 'find_parcel', arguments: { id: 9 }, result: { city: 'Bergen' } },
    });
  });
});

describe('usage that a wrapper repeats', () => {
  const ONE = { input: 28, cacheRead: 32, cacheWrite: 0, output: 4, reasoning: 8, total: 72 };

  it('counts once below the outer span of the AI SDK', () => {
    expect(session('vercel-ai', 'the outer span of a call', 'an inner call')).toEqual({
      usage: ONE,
      generations: 1,
    });
  });

  it('counts each call once below the root of version 7', () => {
    expect(session('vercel-ai', 'the root of a call', 'an inner call', 'an inner call')).toEqual({
      usage: { input: 56, cacheRead: 64, cacheWrite: 0, output: 8, reasoning: 16, total: 144 },
      generations: 2,
    });
  });

  it('counts a wrapper whose calls were not sent', () => {
    expect(session('vercel-ai', 'the outer span of a call').usage).toMatchObject({ input: 60, output: 12 });
  });
});

function record(span: DialectSpan, position: number): SpanRecord {
  return {
    ...span,
    attributes: { ...span.attributes },
    events: [],
    links: [],
    traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
    spanId: `000000000000000${String(position + 1)}`,
    ...(position === 0 ? {} : { parentSpanId: '0000000000000001' }),
    startTimeUnixNano: BigInt(position + 1) * 1_000_000n,
    endTimeUnixNano: 90_000_000n,
    resource: { attributes: {} },
  };
}

/** A parent, and one child of it for each further sample: both report usage. */
function session(dialectName: string, ...titles: string[]) {
  const dialect = DIALECTS.find(({ name }) => name === dialectName);
  const spans = titles.map((title, position) => {
    const sample = dialect?.samples.find((candidate) => candidate.title.startsWith(title));
    if (sample === undefined) throw new Error(`no sample "${title}"`);
    return record(sample.span, position);
  });
  const [folded] = foldSessions(spans.map((span) => translateSpan(span)));
  return { usage: folded?.session.usage, generations: folded?.session.generationCount };
}

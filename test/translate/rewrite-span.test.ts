import { describe, expect, test } from 'vitest';
import type { DialectSpan, ObservationFacts } from '../../semconv/dialects/dialect.js';
import { DIALECTS, pickDialect } from '../../semconv/dialects/index.js';
import { operationOf } from '../../semconv/dialects/observation-type.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { rewriteSpan, writableDialect, writableDialectNames } from '../../src/translate/rewrite-span.js';
import { translateSpan } from '../../src/translate/translate-span.js';

const TARGETS = ['otel-genai', 'openinference', 'openllmetry', 'langfuse'];
const SAMPLES = DIALECTS.flatMap((dialect) =>
  dialect.samples.map((sample) => ({
    dialect: dialect.name,
    title: sample.title,
    span: recordOf(sample.span),
  })),
);
const CASES = TARGETS.flatMap((to) => SAMPLES.map((sample) => ({ to, ...sample })));

function recordOf(span: DialectSpan): SpanRecord {
  return {
    traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
    spanId: '051581bf3cb55c13',
    parentSpanId: '00f067aa0ba902b7',
    startTimeUnixNano: 1_700_000_000_000_000_000n,
    endTimeUnixNano: 1_700_000_001_000_000_000n,
    ...(span as Pick<SpanRecord, 'name' | 'kind' | 'attributes' | 'scope' | 'resource' | 'statusCode'>),
    events: span.events.map((event) => ({ timeUnixNano: 1n, ...event })) as SpanRecord['events'],
    links: [...span.links] as SpanRecord['links'],
  };
}

function factsOf(span: SpanRecord): ObservationFacts | undefined {
  const facts = pickDialect(span).read(span);
  return facts.concept === 'observation' ? facts.observation : undefined;
}

type Facts = ObservationFacts;

/** What a dialect has no word for, and so does not say of what it was given. */
const UNSAID: Readonly<Record<string, (facts: Facts) => Facts>> = {
  // Messages of anything but a model call are its input and its output there.
  langfuse: (facts) => (facts.type === 'GENERATION' ? facts : withoutMessages(facts)),
  openinference: (facts) => ({
    ...facts,
    ...messagesOf(facts, (message) => ({
      role: message.role,
      ...(message.name === undefined ? {} : { name: message.name }),
      parts: message.parts.filter(isNamed),
    })),
    ...(facts.tool && { tool: { ...facts.tool, type: undefined } as unknown as Facts['tool'] & object }),
  }),
};

function withoutMessages(facts: Facts): Facts {
  const kept = { ...facts };
  delete kept.inputMessages;
  delete kept.outputMessages;
  return kept;
}

function messagesOf(facts: Facts, map: (message: Message) => Message): Partial<Facts> {
  const { inputMessages, outputMessages } = facts;
  return {
    ...(inputMessages && { inputMessages: inputMessages.map(map) }),
    ...(outputMessages && { outputMessages: outputMessages.map(map) }),
  };
}

/** Media without an address, and parts of a provider's own, are kept there as JSON text. */
function isNamed(part: MessagePart): boolean {
  return ['text', 'reasoning', 'tool_call', 'tool_call_response', 'uri'].includes(part.type);
}

/** What every dialect that is written can say. What went into a tool, by whatever name, are its arguments. */
function said(facts: Facts) {
  const { usage } = facts;
  const tool = facts.tool && {
    ...facts.tool,
    arguments: facts.tool.arguments ?? facts.input,
    result: facts.tool.result ?? facts.output,
  };
  return {
    provider: facts.provider,
    requestModel: facts.requestModel,
    responseModel: facts.responseModel,
    responseId: facts.responseId,
    operation: facts.operation,
    parameters: facts.parameters,
    systemInstructions: facts.systemInstructions,
    inputMessages: facts.inputMessages,
    outputMessages: facts.outputMessages,
    toolDefinitions: facts.toolDefinitions,
    tool,
    usage: usage && { ...usage, reported: undefined },
    cost: facts.cost,
    sessionId: facts.sessionId,
    userId: facts.userId,
    tags: facts.tags,
    metadata: facts.metadata,
    agent: facts.agent,
    timeToFirstChunkMs: facts.timeToFirstChunkMs,
    scores: facts.scores,
  };
}

test('four dialects and our own can be written', () => {
  expect(writableDialectNames().toSorted()).toEqual([...TARGETS, 'spoor'].toSorted());
  expect(() => writableDialect('zipkin')).toThrow(/"zipkin" is no dialect to write: give one of .*langfuse/);
});

describe('a rewritten span', () => {
  test.each(CASES)('of $dialect as $to keeps $title', ({ to, dialect, span }) => {
    const written = rewriteSpan(span, writableDialect(to));
    const { name: _n, attributes: _a, events: _e, scope: _s, kind: _k, ...same } = span;
    // A failure that a dialect says in words of its own is the status of what is written.
    const failed = dialect !== to && translateSpan(span).status === 'error';
    expect(written).toMatchObject(failed ? { ...same, statusCode: 2 } : same);
    const picked = pickDialect(written).name;
    expect([to, 'plain']).toContain(picked);
    const before = factsOf(span);
    const after = factsOf(written);
    if (before === undefined || after === undefined || picked === 'plain') return;
    const reduce = UNSAID[to] ?? ((facts: Facts) => facts);
    // A span without an operation gets the one of its type, by which others tell what it is.
    const gets = dialect !== to && to !== 'openinference';
    const named = before.operation ?? (gets ? operationOf(before.type) : undefined);
    expect(said(reduce(after))).toEqual({ ...said(reduce(before)), operation: named });
    if (to === 'otel-genai' && named !== before.operation) expect(after.type).toBe(before.type);
  });
});

describe('what is kept and what is not', () => {
  const session = SAMPLES.find(({ dialect, title }) => dialect === 'spoor' && title === 'a session');

  test('a session is the workflow or the agent that it ran, and names the trace where a dialect can', () => {
    if (session === undefined) throw new Error('no sample of a session');
    const attributesAs = (to: string) =>
      rewriteSpan(session.span, writableDialect(to), { keepOwn: false }).attributes;
    const id = session.span.attributes['session.id'];
    const task = session.span.attributes['spoor.session.task'];
    expect(attributesAs('langfuse')).toMatchObject({ 'session.id': id, 'langfuse.trace.input': task });
    expect(attributesAs('openinference')).toMatchObject({ 'session.id': id, 'input.value': task });
    expect(attributesAs('openllmetry')).toMatchObject({
      'traceloop.association.properties.session_id': id,
      'traceloop.entity.input': task,
    });
    for (const to of TARGETS)
      expect(Object.keys(attributesAs(to)).filter((key) => key.startsWith('spoor.'))).toEqual([]);
  });

  test('our own attributes stay unless they are to be dropped', () => {
    if (session === undefined) throw new Error('no sample of a session');
    const own = Object.entries(session.span.attributes).filter(([key]) => key.startsWith('spoor.'));
    expect(own.length).toBeGreaterThan(3);
    expect(rewriteSpan(session.span, writableDialect('openinference')).attributes).toMatchObject(
      Object.fromEntries(own),
    );
  });

  test('a span that is in the dialect already, or in none, is the same span', () => {
    for (const { dialect, span } of SAMPLES) {
      if (TARGETS.includes(dialect)) expect(rewriteSpan(span, writableDialect(dialect))).toBe(span);
    }
    const plain = recordOf({
      ...(SAMPLES[0]?.span as DialectSpan),
      scope: { name: 'app' },
      attributes: { a: 1 },
      events: [],
    });
    expect(rewriteSpan(plain, writableDialect('langfuse'))).toBe(plain);
  });

  test('words of the other dialect that nobody understood stay, under a name that claims nothing', () => {
    const span = recordOf({
      name: 'llm',
      kind: 1,
      attributes: { 'langsmith.span.kind': 'llm', 'langsmith.unheard_of': 'x', 'app.key': 'y' },
      events: [],
      links: [],
      statusCode: 0,
      scope: { name: 'langsmith' },
      resource: { attributes: {} },
    });
    const { attributes } = rewriteSpan(span, writableDialect('otel-genai'));
    expect(attributes).toMatchObject({ 'source.langsmith.unheard_of': 'x', 'app.key': 'y' });
  });
});

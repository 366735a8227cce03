import { describe, expect, test } from 'vitest';
import type { DialectSpan, ObservationFacts } from '../../semconv/dialects/dialect.js';
import { DIALECTS, pickDialect } from '../../semconv/dialects/index.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { rewriteSpan, writableDialect, writableDialectNames } from '../../src/translate/rewrite-span.js';

const TARGETS = ['otel-genai', 'openinference', 'openllmetry', 'langfuse'];
const SAMPLES = DIALECTS.flatMap((dialect) =>
  dialect.samples.map((sample) => ({ dialect: dialect.name, title: sample.title, span: recordOf(sample.span) })),
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

/** What of an observation every dialect that is written can say. */
function said(facts: ObservationFacts) {
  const { tool, usage } = facts;
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
  test.each(CASES)('of $dialect as $to keeps $title', ({ to, span }) => {
    const written = rewriteSpan(span, writableDialect(to));
    const { name: _n, attributes: _a, events: _e, scope: _s, kind: _k, ...same } = span;
    expect(written).toMatchObject(same);
    const picked = pickDialect(written).name;
    expect([to, 'plain']).toContain(picked);
    const before = factsOf(span);
    const after = factsOf(written);
    if (before === undefined || after === undefined || picked === 'plain') return;
    expect(said(after)).toEqual(said(before));
  });
});

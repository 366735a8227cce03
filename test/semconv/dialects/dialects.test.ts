import { describe, expect, it } from 'vitest';
import type { Dialect, DialectSpan, ObservationFacts, SpanFacts } from '../../../semconv/dialects/dialect.js';
import { DIALECTS, pickDialect, plainDialect } from '../../../semconv/dialects/index.js';
import type { JsonValue } from '../../../semconv/model/json.js';
import { JsonObject } from '../../../semconv/model/json.js';
import { Observation } from '../../../semconv/model/observation.js';
import { Session } from '../../../semconv/model/session.js';
import { Step } from '../../../semconv/model/step.js';

const EVERY: readonly Dialect[] = [...DIALECTS, plainDialect];
const SAMPLES = EVERY.flatMap((dialect) => dialect.samples.map((sample) => ({ dialect, ...sample })));
const NO_USAGE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 };

describe('every dialect', () => {
  it('has a name of its own and samples', () => {
    expect(EVERY.length).toBeGreaterThanOrEqual(3);
    expect(new Set(EVERY.map((dialect) => dialect.name)).size).toBe(EVERY.length);
    for (const dialect of EVERY) expect(dialect.samples.length, dialect.name).toBeGreaterThan(2);
  });

  it.each(SAMPLES)('$dialect.name is picked for $title, in any order', ({ dialect, span }) => {
    const claiming = DIALECTS.filter((other) => other.matches(span)).map((other) => other.name);
    expect(claiming).toEqual(dialect === plainDialect ? [] : [dialect.name]);
    expect(pickDialect(span)).toBe(dialect);
  });

  it.each(SAMPLES)('$dialect.name reads $title to a valid record', ({ dialect, span }) => {
    expect(problemsOf(dialect.read(span))).toEqual([]);
  });

  it.each(SAMPLES)('$dialect.name keeps or understands every attribute of $title', ({ dialect, span }) => {
    const facts = dialect.read(span);
    if (facts.concept !== 'observation') return expect(facts.concept).toMatch(/session|step|amendment/);
    const without = { ...span, attributes: { ...span.attributes, 'unknown.key': 'kept' } };
    const read = dialect.read(without);
    expect(read).toEqual({
      concept: 'observation',
      observation: {
        ...facts.observation,
        attributes: { ...facts.observation.attributes, 'unknown.key': 'kept' },
      },
    });
  });

  const written = SAMPLES.filter(
    ({ dialect, span }) => dialect.write !== undefined && dialect.read(span).concept === 'observation',
  );
  it.each(written)('$dialect.name reads again what it wrote of $title', ({ dialect, span }) => {
    const first = observationOf(dialect.read(span));
    const again = dialect.write?.(completed(first, dialect.name));
    expect(again).toBeDefined();
    if (again === undefined) return;
    // Events, links and resource are the span's: a writer adds attributes, a name and a kind.
    const rewritten: DialectSpan = { ...span, ...again };
    expect(observationOf(dialect.read(rewritten))).toEqual(first);
    expect(problemsOf(dialect.read(rewritten))).toEqual([]);
  });
});

describe('hostile spans', () => {
  it('never make a dialect throw, nor give an invalid record', { timeout: 120_000 }, () => {
    const random = seededRandom(20_261_122);
    const concepts = new Map<string, number>();
    const readings = 4000;
    for (let round = 0; round < readings; round++) {
      const { span } = pick(SAMPLES, random);
      const mutant = mutated(span, random);
      const claiming = DIALECTS.filter((dialect) => dialect.matches(mutant));
      expect(claiming.length, 'dialects that claim one span').toBeLessThan(2);
      const facts = pickDialect(mutant).read(mutant);
      const problems = problemsOf(facts);
      if (problems.length > 0) expect({ problems, mutant }).toBeUndefined();
      concepts.set(facts.concept, (concepts.get(facts.concept) ?? 0) + 1);
    }
    expect([...concepts.keys()].toSorted()).toEqual(['amendment', 'observation', 'session', 'step']);
    expect([...concepts.values()].reduce((sum, count) => sum + count, 0)).toBe(readings);
  });

  it('cannot reach the prototype of a record', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":true},"gen_ai.operation.name":"chat"}') as {
      [key: string]: JsonValue;
    };
    hostile['gen_ai.request.__proto__'] = 'x';
    hostile['gen_ai.input.messages'] = '[{"role":"user","parts":[],"__proto__":{"polluted":true}}]';
    const { span } = SAMPLES.find(({ dialect }) => dialect.name === 'otel-genai') ?? never();
    const facts = observationOf(pickDialect(span).read({ ...span, attributes: hostile }));
    expect(Object.hasOwn(facts.attributes ?? {}, '__proto__')).toBe(true);
    expect(Object.hasOwn(facts.parameters ?? {}, '__proto__')).toBe(true);
    for (const record of [facts, facts.attributes, facts.parameters, facts.inputMessages?.[0], {}]) {
      expect(record).not.toHaveProperty('polluted');
    }
  });

  it('keep JSON that nests too deep as text', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const { span } = SAMPLES.find(({ dialect }) => dialect.name === 'otel-genai') ?? never();
    const facts = observationOf(
      pickDialect(span).read({
        ...span,
        attributes: { 'gen_ai.tool.name': 't', 'gen_ai.tool.call.result': deep },
      }),
    );
    expect(facts.tool).toEqual({ name: 't', result: deep });
  });
});

function never(): never {
  throw new Error('no such sample');
}

function observationOf(facts: SpanFacts): ObservationFacts {
  if (facts.concept !== 'observation') throw new Error(`read as ${facts.concept}`);
  return facts.observation;
}

/** Facts with what a span gives by itself. */
function completed(facts: ObservationFacts, dialect = 'x'): Observation {
  return {
    id: '051581bf3cb55c13',
    traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
    dialect,
    startMs: 1,
    status: 'unset',
    ...facts,
  };
}

function problemsOf(facts: SpanFacts): string[] {
  const parsed = parse(facts);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function parse(facts: SpanFacts) {
  if (facts.concept === 'observation') return Observation.safeParse(completed(facts.observation));
  if (facts.concept === 'amendment') return JsonObject.safeParse(facts.fields);
  if (facts.concept === 'step') return Step.safeParse({ ...EMPTY_STEP, ...facts.step, id: facts.stepId });
  return Session.safeParse({ ...EMPTY_SESSION, ...facts.session, id: facts.sessionId });
}

const EMPTY_SESSION: Session = {
  id: '',
  implicit: false,
  status: 'unset',
  startMs: 0,
  updatedMs: 0,
  traceIds: [],
  models: [],
  stepCount: 0,
  observationCount: 0,
  generationCount: 0,
  toolCount: 0,
  errorCount: 0,
  usage: NO_USAGE,
};
const EMPTY_STEP: Step = {
  id: '',
  sessionId: '',
  name: '',
  index: 0,
  implicit: false,
  status: 'unset',
  startMs: 0,
  observationCount: 0,
  usage: NO_USAGE,
};

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const HOSTILE: readonly JsonValue[] = [
  null,
  '',
  ' ',
  0,
  -1,
  -0,
  1e308,
  '9007199254740993',
  'NaN',
  true,
  false,
  [],
  {},
  [null],
  ['a', 1],
  [[[[]]]],
  '{',
  '[{}]',
  '[null,1,"x",[],{"role":5,"parts":"y"}]',
  '[{"role":"user","parts":[{"type":"text"},{"type":"tool_call","name":4},{"type":"blob","content":1},{}]}]',
  '[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}}]}]',
  '[{"role":"assistant","content":null,"tool_calls":[null,{},{"function":{"name":"f","arguments":"{"}}]}]',
  '[{"role":"tool","tool_call_id":"1","content":{"a":1},"name":7,"finish_reason":[]}]',
  '[{"type":"function","function":{"name":1}},{"type":3,"name":"x","description":4}]',
  '{"__proto__":{"x":1},"constructor":1,"role":"user","parts":[{"type":"__proto__"},{"type":"constructor"}]}',
  'x'.repeat(100_000),
  `${'['.repeat(200)}${']'.repeat(200)}`,
  '\uD800\u0000',
  { bytes: 'AAEC' },
  { role: 'user', parts: { type: 'text', content: 'one' } },
];

/** A span with one to six things gone wrong. */
function mutated(span: DialectSpan, random: () => number): DialectSpan {
  const attributes: { [key: string]: JsonValue } = { ...span.attributes };
  let events = [...span.events];
  const others = pick(SAMPLES, random).span;
  const count = 1 + Math.floor(random() * 6);
  for (let change = 0; change < count; change++) {
    const keys = Object.keys(attributes);
    const key = keys.length === 0 ? 'gen_ai.system' : pick(keys, random);
    const what = random();
    if (what < 0.5) attributes[key] = pick(HOSTILE, random);
    else if (what < 0.6) delete attributes[key];
    else if (what < 0.7) attributes[`${key}.extra`] = pick(HOSTILE, random);
    else if (what < 0.8) Object.assign(attributes, others.attributes);
    else if (what < 0.9) events = [...events, ...others.events];
    else {
      events = events.map((event) => ({
        ...event,
        attributes: Object.fromEntries(
          Object.keys(event.attributes).map((name) => [name, pick(HOSTILE, random)]),
        ),
      }));
    }
  }
  return { ...span, attributes, events, links: random() < 0.2 ? [] : span.links };
}

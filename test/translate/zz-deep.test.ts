import { describe, expect, it } from 'vitest';
import type { SpanRecord } from '../../src/otlp/records.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { foldSessions, type FoldedSession } from '../../src/translate/fold-sessions.js';
import { translateSpan, type TranslatedSpan } from '../../src/translate/translate-span.js';
import { chat, span, spanId, T0, tool, traceId } from '../store/spans.js';
import { randomRun, shuffled } from './random-run.js';

const RUNS = 4000;

const stepOrder = (...spans: SpanRecord[]): unknown =>
  fold(spans)[0]?.steps.map(({ id, index }) => [id, index]);

const ownSession = ({ facts }: TranslatedSpan): string | undefined => {
  if (facts.concept === 'observation') return facts.observation.sessionId;
  return facts.concept === 'amendment' && facts.target.kind === 'session' ? facts.target.id : facts.sessionId;
};

const observationOf = (one: TranslatedSpan): { type: string; usage?: object | undefined } | undefined =>
  one.facts.concept === 'observation' ? one.facts.observation : undefined;

const sessionPart = (id: number, start: number, said: object): SpanRecord =>
  span({
    id,
    trace: id,
    start,
    end: start + 100,
    scope: 'spoor',
    name: 'session',
    attributes: { 'session.id': 's', ...said },
  });

const indexedStep = (id: number, stepId: string, start: number, index: number): SpanRecord =>
  span({
    id,
    start,
    scope: 'spoor',
    name: 'step',
    attributes: { 'session.id': 's', 'spoor.step.id': stepId, 'spoor.step.index': index },
  });

function fold(spans: readonly SpanRecord[]): FoldedSession[] {
  return foldSessions(spans.map((one) => translateSpan(one)));
}

function sessionOf(spans: readonly SpanRecord[]): FoldedSession['session'] {
  const folded = fold(spans);
  expect(folded).toHaveLength(1);
  return (folded[0] as FoldedSession).session;
}

async function everySession(store: Store): Promise<FoldedSession[]> {
  const { items } = await store.sessions({ limit: 500 });
  const folded = items
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(async (session) => ({
      session: { ...session, updatedMs: 0 },
      steps: await store.steps(session.id),
      observations: await store.observations(session.id),
    }));
  return Promise.all(folded);
}

describe('folding spans into sessions', () => {
  it(`does not depend on the order or the batches, in ${RUNS} random runs`, async () => {
    let sessions = 0;
    for (let seed = 0; seed < RUNS; seed++) {
      const { spans, random } = randomRun(seed);
      const expected = fold(spans);
      sessions += expected.length;
      const store = createMemoryStore();
      const order = shuffled(spans, random);
      while (order.length > 0) await store.append(order.splice(0, 1 + Math.floor(random() * 5)));
      expect(await everySession(store), `seed ${seed}`).toEqual(expected);
    }
    expect(sessions).toBeGreaterThan(RUNS);
  });

  it(`agrees with a plain reading of the rules, in ${RUNS} random runs`, () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const { spans } = randomRun(seed);
      const sums = fold(spans).map(({ session }) => ({
        id: session.id,
        observations: session.observationCount,
        errors: session.errorCount,
        tokens: session.usage.total,
      }));
      expect(sums, `seed ${seed}`).toEqual(plainSums(spans.map((one) => translateSpan(one))));
    }
  });

  it('gives spans without a session that of an ancestor, else the earliest that their trace names', () => {
    const folded = fold([
      span({ id: 1, start: 0 }),
      span({ id: 2, parent: 1, start: 5, attributes: { 'session.id': 'late' } }),
      span({ id: 3, parent: 1, start: 2, attributes: { 'session.id': 'early' } }),
      chat({ id: 4, parent: 2, start: 6 }),
      chat({ id: 5, parent: 99, start: 7 }),
    ]);
    expect(
      folded.map(({ session, observations }) => [session.id, observations.map((one) => one.id)]),
    ).toEqual([
      ['early', [1, 3, 5].map(spanId)],
      ['late', [2, 4].map(spanId)],
    ]);
    expect(folded.every(({ session }) => !session.implicit)).toBe(true);
  });

  it('gives observations the step of an ancestor, and the implicit step when there is none', () => {
    const [folded] = fold([
      span({ id: 1, scope: 'spoor', name: 'session', attributes: { 'session.id': 's' } }),
      span({
        id: 2,
        parent: 1,
        scope: 'spoor',
        name: 'step',
        start: 1,
        attributes: { 'session.id': 's', 'spoor.step.id': 'a' },
      }),
      tool({ id: 3, parent: 2, start: 2 }),
      chat({ id: 4, parent: 3, start: 3 }),
      chat({ id: 5, parent: 1, start: 4 }),
    ]);
    expect(folded?.observations.map((one) => [one.id, one.stepId])).toEqual([
      [spanId(3), 'a'],
      [spanId(4), 'a'],
      [spanId(5), undefined],
    ]);
    expect(
      folded?.steps.map(({ id, implicit, index, observationCount }) => ({
        id,
        implicit,
        index,
        observationCount,
      })),
    ).toEqual([
      { id: 'a', implicit: false, index: 0, observationCount: 2 },
      { id: 'implicit:s', implicit: true, index: 1, observationCount: 1 },
    ]);
    expect(folded?.session.stepCount).toBe(1);
  });

  it('does not count usage that an agent or a wrapper repeats of the calls below it', () => {
    const usage = {
      'gen_ai.usage.input_tokens': 200,
      'gen_ai.usage.output_tokens': 20,
      'spoor.cost.total': 2,
    };
    const agent = span({
      id: 1,
      name: 'invoke_agent',
      attributes: { 'gen_ai.operation.name': 'invoke_agent', ...usage },
    });
    const calls = [chat({ id: 2, parent: 1, cost: 1 }), chat({ id: 3, parent: 1, cost: 1 })];
    expect(sessionOf([agent])).toMatchObject({ usage: { total: 220 }, cost: 2 });
    expect(sessionOf([agent, ...calls])).toMatchObject({
      usage: { input: 200, output: 20, total: 220 },
      cost: 2,
    });
    const wrapper = chat({ id: 1 });
    expect(sessionOf([wrapper, chat({ id: 2, parent: 1 })]).usage.total).toBe(110);
  });

  it('counts both a call and the calls of a tool that ran inside it', () => {
    expect(
      sessionOf([chat({ id: 1 }), tool({ id: 2, parent: 1 }), chat({ id: 3, parent: 2 })]).usage.total,
    ).toBe(220);
  });

  it('adds costs up exactly', () => {
    const calls = Array.from({ length: 10 }, (_, i) => chat({ id: i + 1, cost: 0.1 }));
    expect(sessionOf(calls).cost).toBe(1);
    expect(sessionOf([chat({ id: 1 })]).cost).toBeUndefined();
  });

  it('leaves a session open while a span or a parent in the same process is missing', () => {
    const local = 0x101;
    const remote = 0x301;
    expect(sessionOf([chat({ id: 2, parent: 1, flags: local })]).endMs).toBeUndefined();
    expect(sessionOf([chat({ id: 2, parent: 1, flags: remote })]).endMs).toBe(T0 + 10);
    expect(sessionOf([chat({ id: 2, parent: 1 })]).endMs).toBe(T0 + 10);
    expect(sessionOf([span({ id: 1, end: 30 }), chat({ id: 2, parent: 1, flags: local })]).endMs).toBe(
      T0 + 30,
    );
    expect(sessionOf([span({ id: 1, end: null }), chat({ id: 2, parent: 1 })]).endMs).toBeUndefined();
  });

  it('takes the end from the session span, which amendments and late work do not move', () => {
    const own = { scope: 'spoor', name: 'session', attributes: { 'session.id': 's' } };
    const late = chat({ id: 2, parent: 1, start: 500 });
    expect(sessionOf([span({ id: 1, end: 100, ...own }), late]).endMs).toBe(T0 + 100);
    expect(sessionOf([span({ id: 1, end: null, ...own }), late]).endMs).toBeUndefined();
  });

  it('fails a session by its own span, a crash, or a failure at the top of a trace', () => {
    const own = { scope: 'spoor', name: 'session', attributes: { 'session.id': 's' } };
    const failed = tool({ id: 2, parent: 1, error: true });
    expect(sessionOf([span({ id: 1, ...own }), failed]).status).toBe('unset');
    expect(sessionOf([span({ id: 1, error: true, ...own })]).status).toBe('error');
    const crashed = { ...own, attributes: { ...own.attributes, 'spoor.session.end_reason': 'crash' } };
    expect(sessionOf([span({ id: 1, ...crashed })]).status).toBe('error');
    expect(sessionOf([span({ id: 1 }), failed])).toMatchObject({ status: 'unset', errorCount: 1 });
    expect(sessionOf([span({ id: 1, error: true }), failed])).toMatchObject({
      status: 'error',
      errorCount: 2,
    });
  });

  it('joins the session spans of several processes, the later word counting', () => {
    const session = sessionOf([
      sessionPart(2, 1000, { 'spoor.session.is_successful': true, 'spoor.session.metadata.b': 2 }),
      sessionPart(1, 0, {
        'spoor.session.name': 'first',
        'spoor.session.task': 't',
        'spoor.session.metadata.a': 1,
      }),
    ]);
    expect(session).toMatchObject({
      name: 'first',
      task: 't',
      isSuccessful: true,
      metadata: { a: 1, b: 2 },
      startMs: T0,
      endMs: T0 + 1100,
      traceIds: [traceId(1), traceId(2)],
    });
  });

  it('numbers steps by time when two have the same index', () => {
    expect(stepOrder(indexedStep(1, 'x', 10, 1), indexedStep(2, 'y', 20, 0))).toEqual([
      ['y', 0],
      ['x', 1],
    ]);
    expect(stepOrder(indexedStep(1, 'x', 10, 0), indexedStep(2, 'y', 20, 0))).toEqual([
      ['x', 0],
      ['y', 1],
    ]);
  });

  it('survives spans that are their own ancestors', () => {
    const circle = [1, 2, 3].map((id) => chat({ id, parent: (id % 3) + 1 }));
    expect(sessionOf([...circle, span({ id: 4, parent: 4 })])).toMatchObject({
      observationCount: 4,
      generationCount: 3,
    });
  });

  it('holds thousands of spans in one chain, whichever end comes first', () => {
    const chain = Array.from({ length: 3000 }, (_, i) =>
      i === 0 ? chat({ id: 1 }) : span({ id: i + 1, parent: i, start: i }),
    );
    const root = span({ id: 1, attributes: { 'session.id': 's' } });
    for (const order of [[root, ...chain.slice(1)], [root, ...chain.slice(1)].toReversed()]) {
      expect(sessionOf(order)).toMatchObject({ id: 's', observationCount: 3000 });
    }
  });

  it('keeps a span whose attributes its dialect cannot use', () => {
    const odd = {
      'gen_ai.operation.name': 7,
      'gen_ai.usage.input_tokens': 'many',
      'gen_ai.input.messages': '{"not":',
      'session.id': 5,
    };
    const broken = chat({ id: 1, attributes: odd });
    expect(sessionOf([broken])).toMatchObject({ implicit: true, observationCount: 1, usage: { total: 10 } });
  });
});

/** Sums worked out again from nothing but the rules, slowly. Amendments change costs only, which are left out. */
function plainSums(spans: readonly TranslatedSpan[]): object[] {
  const known = new Map<string, TranslatedSpan>();
  for (const one of spans) {
    const key = `${one.traceId} ${one.spanId}`;
    if (known.get(key)?.endMs === undefined) known.set(key, one);
  }
  const all = [...known.values()];
  const parentOf = (one: TranslatedSpan): TranslatedSpan | undefined =>
    known.get(`${one.traceId} ${one.parentId}`);
  const sessionOfSpan = (one: TranslatedSpan): string | undefined => {
    for (
      let at: TranslatedSpan | undefined = one, i = 0;
      at !== undefined && i < 100;
      at = parentOf(at), i++
    ) {
      const own = ownSession(at);
      if (own !== undefined) return own;
    }
    const named = all
      .filter(
        (other) =>
          other.traceId === one.traceId &&
          ownSession(other) !== undefined &&
          other.facts.concept !== 'amendment',
      )
      .toSorted((a, b) => a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1));
    if (named[0] !== undefined) return ownSession(named[0]);
    return one.facts.concept === 'amendment' ? undefined : `trace:${one.traceId}`;
  };
  const isRepeated = (one: TranslatedSpan): boolean => {
    const isCall = observationOf(one)?.type === 'GENERATION';
    return all.some((other) => {
      if (other === one || observationOf(other)?.usage === undefined) return false;
      // The way up from the other one: a call is not repeated through a tool or an agent.
      for (
        let at: TranslatedSpan | undefined = other, i = 0;
        at !== undefined && i < 100;
        at = parentOf(at), i++
      ) {
        if (at === one) return true;
        if (isCall && ['TOOL', 'AGENT'].includes(observationOf(at)?.type ?? '')) return false;
      }
      return false;
    });
  };
  const sums = new Map<string, { id: string; observations: number; errors: number; tokens: number }>();
  for (const one of all) {
    const id = sessionOfSpan(one);
    if (id === undefined) continue;
    const sum = sums.get(id) ?? { id, observations: 0, errors: 0, tokens: 0 };
    sums.set(id, sum);
    if (one.facts.concept !== 'observation') continue;
    sum.observations++;
    if (one.status === 'error') sum.errors++;
    const { usage } = one.facts.observation;
    if (usage === undefined || isRepeated(one)) continue;
    const { reported: _, ...buckets } = usage;
    sum.tokens += Object.values(buckets).reduce<number>((total, tokens) => total + (tokens ?? 0), 0);
  }
  return [...sums.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

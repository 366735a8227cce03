import type { SpanRecord } from '../../src/otlp/records.js';
import { randomFrom } from '../otlp/random-request.js';
import { chat, span, spanId, tool } from '../store/spans.js';

/** Spans of several traces, sessions and steps, as a badly behaved world would send them: each complete copy once. */
export function randomRun(seed: number): { spans: SpanRecord[]; random: () => number } {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const traces = 1 + Math.floor(random() * 3);
  const spans: SpanRecord[] = [];
  const count = 2 + Math.floor(random() * 25);
  for (let i = 1; i <= count; i++) {
    const start = Math.floor(random() * 1000);
    const stamps = {
      ...(random() < 0.3 ? { 'session.id': pick(['s', 't']) } : {}),
      ...(random() < 0.2 ? { 'spoor.step.id': pick(['a', 'b']) } : {}),
      ...(random() < 0.1 ? { 'user.id': pick(['u', 'v']) } : {}),
    };
    const sketch = {
      id: i,
      trace: 1 + Math.floor(random() * traces),
      start,
      end: random() < 0.1 ? null : start + Math.floor(random() * 300),
      error: random() < 0.15,
      flags: pick([0, 257, 0x301]),
      attributes: stamps,
      // The parent may be in another trace, or nowhere: then there is no such parent here. Circles are left out: which
      // of their spans counts as the root does depend on the order.
      ...(random() < 0.8 ? { parent: random() < 0.9 ? Math.floor(random() * i) : 99 } : {}),
    };
    spans.push(randomSpan(sketch, pick, random));
    if (sketch.end !== null && random() < 0.2) {
      spans.push({ ...(spans.at(-1) as SpanRecord), endTimeUnixNano: 0n });
    }
  }
  return { spans, random };
}

function randomSpan(
  sketch: Parameters<typeof chat>[0] & { start: number },
  pick: <T>(items: readonly T[]) => T,
  random: () => number,
): SpanRecord {
  const tokens = Math.floor(random() * 50);
  const kind = random();
  if (kind < 0.35)
    return chat({ ...sketch, model: pick(['m1', 'm2']), input: tokens, output: 1, cost: tokens / 1000 });
  if (kind < 0.5) return tool(sketch);
  if (kind < 0.6) {
    const agent = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': tokens };
    return span({ ...sketch, name: 'invoke_agent', attributes: { ...sketch.attributes, ...agent } });
  }
  if (kind < 0.7) return span(sketch);
  const own = { ...sketch, scope: 'spoor' };
  if (kind < 0.78) {
    return span({
      ...own,
      name: 'session',
      attributes: { 'session.id': pick(['s', 't']), 'spoor.session.name': pick(['n1', 'n2']) },
    });
  }
  if (kind < 0.88) {
    return span({
      ...own,
      name: 'step',
      attributes: {
        ...sketch.attributes,
        'spoor.step.id': pick(['a', 'b']),
        'spoor.step.goal': pick(['g1', 'g2']),
      },
    });
  }
  const target = pick(['session', 'step', 'observation']);
  const id =
    target === 'session' ? pick(['s', 't']) : target === 'step' ? pick(['a', 'b']) : spanId(pick([1, 2, 3]));
  return span({
    ...own,
    error: false,
    name: `amend ${target}`,
    attributes: {
      ...sketch.attributes,
      'spoor.amendment.target': target,
      'spoor.amendment.target_id': id,
      'spoor.session.task': pick(['x', 'y']),
      'spoor.step.action': pick(['x', 'y']),
      'spoor.cost.total': tokens,
    },
    ...(target === 'observation' ? { link: { trace: pick([1, 2]), id } } : {}),
  });
}

/** The same items in another order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

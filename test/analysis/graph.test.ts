import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WorkflowGraph } from '../../semconv/model/graph.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Step } from '../../semconv/model/step.js';
import { buildGraph } from '../../src/analysis/graph/build-graph.js';
import { createGraphBuilder } from '../../src/analysis/graph/graph-builder.js';
import { readMoves, sessionFacts, type SessionRecords } from '../../src/analysis/moves/read-moves.js';
import { makeObservation, makeSession, makeStep } from '../cli/trails.js';

/** A session of steps, as `state: action` each; `!` at the end makes a step fail. */
function walk(id: string, moves: readonly string[], isSuccessful?: boolean): SessionRecords {
  const steps = moves.map((move, index): Step => {
    const [state = '', action = ''] = move.replace(/!$/, '').split(': ');
    return makeStep({
      id: `${id}-${index}`,
      sessionId: id,
      index,
      state,
      ...(action === '' ? {} : { action }),
      ...(move.endsWith('!') ? { status: 'error', statusMessage: 'refused' } : {}),
      cost: 0.5,
    });
  });
  const session = makeSession({ id, ...(isSuccessful === undefined ? {} : { isSuccessful }) });
  return { session, steps, observations: [] };
}

describe('the graph of one session', () => {
  const graph = buildGraph([
    walk('s', [
      'search: type',
      'results: open',
      'item: back',
      'results: open',
      'item: buy!',
      'item: buy',
      'done',
    ]),
  ]);

  test('takes equal states together and counts the moves between them', () => {
    expect(WorkflowGraph.parse(graph)).toEqual(graph);
    expect(graph.nodes.map(({ id, label, visits, repeats }) => ({ id, label, visits, repeats }))).toEqual([
      { id: 'n1', label: 'search', visits: 1, repeats: 0 },
      { id: 'n2', label: 'results', visits: 2, repeats: 1 },
      { id: 'n3', label: 'item', visits: 3, repeats: 2 },
      { id: 'n4', label: 'done', visits: 1, repeats: 0 },
    ]);
    expect(
      graph.edges.map(({ id, kind, count, share, actions }) => ({ id, kind, count, share, actions })),
    ).toEqual([
      { id: 'n1>n2', kind: 'forward', count: 1, share: 1, actions: [{ label: 'type', count: 1 }] },
      { id: 'n2>n3', kind: 'forward', count: 2, share: 1, actions: [{ label: 'open', count: 2 }] },
      { id: 'n3>n2', kind: 'backward', count: 1, share: 1 / 3, actions: [{ label: 'back', count: 1 }] },
      { id: 'n3>n3', kind: 'self', count: 1, share: 1 / 3, actions: [{ label: 'buy', count: 1 }] },
      { id: 'n3>n4', kind: 'forward', count: 1, share: 1 / 3, actions: [{ label: 'buy', count: 1 }] },
    ]);
  });

  test('marks what it is and says what it cost', () => {
    const [first, , item, last] = graph.nodes;
    expect(first?.marks).toEqual(['start']);
    expect(item).toMatchObject({
      marks: ['repeated', 'branch', 'failing'],
      errors: 1,
      reason: 'refused',
      cost: 1.5,
      ms: 3000,
    });
    expect(last?.marks).toEqual(['end']);
    expect(item?.stepIds).toEqual(['s-2', 's-4', 's-5']);
  });

  test('says that a state where everything failed and nothing led on is a dead end', () => {
    const { nodes } = buildGraph([
      walk('s', ['a: go', 'wall: push!', 'a: go', 'wall: push!', 'a: round', 'b']),
    ]);
    expect(nodes[1]?.marks).toEqual(['repeated', 'dead-end', 'failing']);
  });

  test('follows the previous step where it is named, and never the clock', () => {
    const { session, steps } = walk('s', ['a: x', 'b: x', 'c: x']);
    const [a, b, c] = steps as [Step, Step, Step];
    const shuffled = [
      { ...a, startMs: 300 },
      { ...b, startMs: 200, previousId: a.id },
      { ...c, startMs: 100, previousId: a.id },
    ];
    const { edges } = buildGraph([{ session, steps: shuffled, observations: [] }]);
    expect(edges.map(({ id }) => id)).toEqual(['n1>n2', 'n1>n3']);
  });
});

function clustersOf(states: readonly Partial<Step>[]): string[] {
  const steps = states.map((fields, index) => makeStep({ id: `s-${index}`, index, ...fields }));
  return buildGraph([{ session: makeSession(), steps, observations: [] }]).nodes.map(
    ({ clusteredBy, visits }) => `${clusteredBy} ×${visits}`,
  );
}

describe('states', () => {
  test('with a key are known by it alone', () => {
    expect(
      clustersOf([
        { stateKey: 'k', state: 'one thing' },
        { stateKey: 'k', state: 'wholly other words' },
      ]),
    ).toEqual(['key ×2']);
  });

  test('of few words are one when they nearly are', () => {
    expect(
      clustersOf([{ state: 'the shopping cart is empty now' }, { state: 'the shopping cart is empty' }]),
    ).toEqual(['text ×2']);
    expect(clustersOf([{ state: 'order placed' }, { state: 'order refused' }])).toEqual([
      'text ×1',
      'text ×1',
    ]);
  });

  test('of many words are one when a word or two differ', () => {
    const words = Array.from(
      { length: 60 },
      (_, at) => `word${String.fromCharCode(97 + (at % 26))}${at % 7}x`,
    );
    const other = words.with(30, 'changed');
    const unlike = words.toReversed().map((word) => `${word}z`);
    expect(
      clustersOf([{ state: words.join(' ') }, { state: other.join(' ') }, { state: unlike.join(' ') }]),
    ).toEqual(['text ×2', 'text ×1']);
  });

  test('do not drift: each is compared with the first of its kind', () => {
    const chain = [
      'abcdefghij klmnopqrst',
      'abcdefghij klmnopqrxx',
      'abcdefghij klmnoyyrxx',
      'abcdezzhij klmnoyyrxx',
    ];
    const steps = chain.map((state, index) => makeStep({ id: `s-${index}`, index, state }));
    const { nodes } = buildGraph([{ session: makeSession(), steps, observations: [] }]);
    expect(nodes[0]?.stepIds).not.toContain('s-3');
  });

  test('with other pictures are others, with pictures alone are known by them', () => {
    const hashes: Record<string, string> = {
      a: '0000000000000000',
      b: '0000000000000003',
      c: 'ffffffffffffffff',
    };
    const graphOf = (states: readonly Partial<Step>[]): number => {
      const steps = states.map((fields, index) => makeStep({ id: `s-${index}`, index, ...fields }));
      const records = { session: makeSession(), steps, observations: [] };
      return buildGraph([records], { screenshotHash: (reference) => hashes[reference] }).nodes.length;
    };
    expect(graphOf([{ screenshots: ['a'] }, { screenshots: ['b'] }, { screenshots: ['c'] }])).toBe(2);
    expect(
      graphOf([
        { state: 'the same page here', screenshots: ['a'] },
        { state: 'the same page there', screenshots: ['c'] },
      ]),
    ).toBe(2);
  });

  test('may be told apart by the vectors of the user', () => {
    const steps = ['a cat sat', 'ein Tier lag'].map((state, index) =>
      makeStep({ id: `s-${index}`, index, state }),
    );
    const { nodes } = buildGraph([{ session: makeSession(), steps, observations: [] }], {
      embedding: () => [1, 0.5],
    });
    expect(nodes.map(({ visits }) => visits)).toEqual([2]);
  });
});

function tool(id: string, name: string, callId: string, startMs: number): Observation {
  return makeObservation({
    id,
    parentId: 'a',
    type: 'TOOL',
    name,
    tool: { name, callId, arguments: { q: 1 } },
    startMs,
  });
}

describe('a session without steps', () => {
  test('is shown by its agents, tools and model calls, and says so', () => {
    const agent = makeObservation({ id: 'a', type: 'AGENT', name: 'buyer', endMs: 10 });
    const asked = makeObservation({
      id: 'g',
      parentId: 'a',
      type: 'GENERATION',
      name: 'chat m',
      startMs: 1,
      outputMessages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: '1', name: 'first', arguments: {} },
            { type: 'tool_call', id: '2', name: 'second', arguments: {} },
          ],
        },
      ],
    });
    // The second began earlier: what was asked first still comes first.
    const observations = [agent, asked, tool('t2', 'second', '2', 2), tool('t1', 'first', '1', 3)];
    const { basis, nodes } = buildGraph([{ session: makeSession(), steps: [], observations }]);
    expect({ basis, labels: nodes.map(({ label }) => label) }).toEqual({
      basis: 'observations',
      labels: ['buyer: first', 'buyer: second'],
    });
  });
});

describe('a merged graph', () => {
  const graph = buildGraph([
    walk('1p', ['a: x', 'b: x', 'd'], true),
    walk('2p', ['a: x', 'b: x', 'd'], true),
    walk('3f', ['a: x', 'c: x', 'd'], false),
    walk('4u', ['a: x', 'c: x', 'd']),
  ]);

  test('gives branches their percentages, and says who came through', () => {
    expect(graph.edges.slice(0, 1)).toMatchObject([
      { id: 'n1>n2', share: 0.5, sessions: 2, passed: 2, failed: 0, lift: 0 },
    ]);
    expect(graph.nodes.find(({ label }) => label === 'c')).toMatchObject({
      sessions: 2,
      passed: 0,
      failed: 1,
      lift: 3,
    });
    expect(graph.nodes[0]).toMatchObject({ lift: 1 });
  });

  test('counts the ways that were taken', () => {
    expect(
      graph.variants.map(({ nodes, sessions, passed, failed }) => ({ nodes, sessions, passed, failed })),
    ).toEqual([
      { nodes: ['n1', 'n2', 'n3'], sessions: 2, passed: 2, failed: 0 },
      { nodes: ['n1', 'n4', 'n3'], sessions: 2, passed: 0, failed: 1 },
    ]);
  });

  test('is no circle where two sessions go the same states in another order', () => {
    const { edges } = buildGraph([walk('s1', ['a: x', 'b: x', 'c']), walk('s2', ['a: x', 'd: x', 'b'])]);
    expect(edges.map(({ kind }) => kind)).toEqual(['forward', 'forward', 'forward', 'forward']);
  });

  test('can be cut to the states that were visited most', () => {
    const { nodes, leftOut } = buildGraph([walk('s', ['a: x', 'b: x', 'c: x', 'c: x'])], { maxNodes: 2 });
    expect({ nodes: nodes.map(({ label }) => label), leftOut }).toEqual({
      nodes: ['a', 'c'],
      leftOut: { nodes: 1, edges: 2 },
    });
  });
});

const randomRun = fc
  .array(
    fc.tuple(
      fc.constantFrom('list', 'item 1', 'item two', 'cart', 'the end'),
      fc.constantFrom('open', 'back'),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((moves) => moves.map(([state, action, fails]) => `${state}: ${action}${fails ? '!' : ''}`));

describe('whatever was done', () => {
  test('appending gives what building at once gives, at each point, and ids do not change', () => {
    fc.assert(
      fc.property(randomRun, (moves) => {
        const records = walk('s', moves, true);
        const builder = createGraphBuilder();
        builder.session(sessionFacts(records.session));
        const labels = new Map<string, string>();
        for (const [at, move] of readMoves(records).entries()) {
          builder.append(move);
          const now = builder.graph();
          expect(now).toEqual(buildGraph([{ ...records, steps: records.steps.slice(0, at + 1) }]));
          for (const { id, label } of now.nodes) {
            expect(labels.get(id) ?? label).toBe(label);
            labels.set(id, label);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('the order of arrival does not matter, nor does a step that arrives again', () => {
    fc.assert(
      fc.property(randomRun, randomRun, fc.infiniteStream(fc.nat()), (left, right, chance) => {
        const sessions = [walk('s1', left, true), walk('s2', right, false)];
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => [chance.next().value as number, item] as const)
            .toSorted(([one], [other]) => one - other)
            .map(([, item]) => item);
        const expected = buildGraph(sessions);
        expect(buildGraph(shuffle(sessions.map((one) => ({ ...one, steps: shuffle(one.steps) }))))).toEqual(
          expected,
        );
        const builder = createGraphBuilder();
        for (const { session } of sessions) builder.session(sessionFacts(session));
        for (const moves of sessions.map(readMoves)) {
          const open = moves.map((move) => ({ ...move, actionLabel: '', ms: 0 }));
          for (const move of shuffle(open)) builder.append(move);
          builder.graph();
          for (const move of shuffle(moves)) builder.append(move);
        }
        expect(builder.graph()).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

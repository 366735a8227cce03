import { appWork } from './langchain-runs.js';
import { appSpan, at, chainSpan, fakeSpan, graphSpan, said, user } from './langchain-spans.js';

/** Graphs: nodes, parallel branches, loops, conversations. */
async function makeGraph(load, options = {}) {
  const { StateGraph, Annotation, START, END } = await load('@langchain/langgraph');
  const { FakeListChatModel } = await load('@langchain/core/utils/testing');
  const model = new FakeListChatModel({ responses: ['Hi.'] });
  const State = Annotation.Root({
    path: Annotation({ reducer: (a, b) => a.concat(b), default: () => [] }),
    round: Annotation({ reducer: (_, b) => b, default: () => 0 }),
  });
  return new StateGraph(State)
    .addNode('plan', async ({ round }) => ({ path: ['plan'], round: round + 1 }))
    .addNode('left', async () => {
      await model.invoke('Hello?');
      return { path: ['left'] };
    })
    .addNode('right', async () => {
      appWork('in right');
      return { path: ['right'] };
    })
    .addNode('join', async () => ({ path: ['join'] }))
    .addEdge(START, 'plan')
    .addEdge('plan', 'left')
    .addEdge('plan', 'right')
    .addEdge(['left', 'right'], 'join')
    .addConditionalEdges('join', ({ round }) => (round < (options.rounds ?? 1) ? 'plan' : END))
    .compile({ name: 'planner', ...options.compile });
}

const ONE = ['plan', 'left', 'right', 'join'];
const TWO = [...ONE, ...ONE];
const FAILED = { 'error.type': 'RangeError', 'spoor.outcome': 'failed' };
const BROKEN = { status: { code: 2, message: 'Too far.' } };
const THREAD = { 'gen_ai.conversation.id': 'thread-1' };
const GRAPH = 'invoke_agent planner';
const node = (name, step, input, output, extra) =>
  chainSpan(name, GRAPH, input, output, { ...at(name, step), ...extra });

/** What one round of the graph makes. `path` and `round` are the state before it. */
function roundSpans(path, count, step, extra = {}) {
  const planned = { path: [...path, 'plan'], round: count + 1 };
  const joined = { path: [...planned.path, 'left', 'right'], round: count + 1 };
  return [
    node('plan', step, { path, round: count }, { path: ['plan'], round: count + 1 }, extra),
    node('left', step + 1, planned, { path: ['left'] }, extra),
    node('right', step + 1, planned, { path: ['right'] }, extra),
    fakeSpan('left', [user('Hello?')], [said('Hi.')], extra),
    appSpan('in right', 'right'),
    node('join', step + 2, joined, { path: ['join'] }, extra),
  ];
}

/** The condition of an edge is a run of the node that it leaves. */
const edge = (step, state, to, extra = {}) =>
  chainSpan('RunnableLambda', 'join', state, to, { ...at('join', step), ...extra });

export const scenarios = {
  'graph with parallel branches and a loop': {
    async run({ load, log }) {
      const graph = await makeGraph(load, { rounds: 2 });
      log('state', await graph.invoke({ path: [] }, { configurable: { thread_id: 'thread-1' } }));
    },
    isUnordered: true,
    spans: [
      ...roundSpans([], 0, 1, THREAD),
      edge(3, { path: ONE, round: 1 }, 'plan', THREAD),
      ...roundSpans(ONE, 1, 4, THREAD),
      edge(6, { path: TWO, round: 2 }, '__end__', THREAD),
      graphSpan('planner', { path: [] }, { path: TWO, round: 2 }, THREAD),
    ],
  },
  'graph, stream of updates': {
    async run({ load, log }) {
      const graph = await makeGraph(load);
      for await (const chunk of await graph.stream({ path: [] }, { streamMode: 'updates' })) {
        log('keys', Object.keys(chunk).length);
      }
    },
    isUnordered: true,
    spans: [
      ...roundSpans([], 0, 1),
      edge(3, { path: ONE, round: 1 }, '__end__'),
      graphSpan('planner', { path: [] }, { join: { path: ['join'] } }),
    ],
  },
  'graph, node that fails': {
    async run({ load, attempt }) {
      const { StateGraph, Annotation, START } = await load('@langchain/langgraph');
      const graph = new StateGraph(Annotation.Root({ n: Annotation }))
        .addNode('bad', async () => {
          throw new RangeError('Too far.');
        })
        .addEdge(START, 'bad')
        .compile({ name: 'planner' });
      await attempt('call', () => graph.invoke({ n: 1 }));
    },
    spans: [
      chainSpan('bad', GRAPH, { n: 1 }, undefined, { ...at('bad', 1), ...FAILED }, BROKEN),
      graphSpan('planner', { n: 1 }, undefined, FAILED, BROKEN),
    ],
  },
  'graph that waits for a human': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ load, log }) {
      const { StateGraph, Annotation, START, MemorySaver, interrupt, Command } =
        await load('@langchain/langgraph');
      const graph = new StateGraph(Annotation.Root({ n: Annotation }))
        .addNode('ask', async () => ({ n: interrupt('How many?') }))
        .addEdge(START, 'ask')
        .compile({ name: 'planner', checkpointer: new MemorySaver() });
      const options = { configurable: { thread_id: 'thread-1' } };
      await graph.invoke({ n: 1 }, options);
      log('state', await graph.invoke(new Command({ resume: 2 }), options));
    },
    spans: [
      chainSpan('ask', GRAPH, undefined, undefined, { ...at('ask', 1), ...THREAD }),
      graphSpan('planner', undefined, undefined, THREAD),
      chainSpan('ask', GRAPH, undefined, undefined, { ...at('ask', 1), ...THREAD }),
      graphSpan('planner', undefined, undefined, THREAD),
    ],
  },
};

import type {
  ClusterThresholds,
  GraphEdge,
  GraphNode,
  NodeMark,
  WorkflowGraph,
} from '../../../semconv/model/graph.js';
import type { GraphSession } from './graph-builder.js';
import { limitGraph } from './limit-graph.js';
import { stronglyConnected } from './strongly-connected.js';
import { byCount, type EdgeTally, nodeId, type NodeTally, type Tally } from './tally.js';
import { variantsOf } from './variants.js';

const MOST_ACTIONS = 20;

interface Verdicts {
  readonly passed: ReadonlySet<number>;
  readonly failed: ReadonlySet<number>;
}

/** Makes the graph that is shown out of what was counted. */
export function finishGraph(
  tally: Tally,
  known: ReadonlyMap<string, GraphSession>,
  thresholds: ClusterThresholds,
  maxNodes: number | undefined,
): WorkflowGraph {
  const sessions = [...known].filter(([, { moves }]) => moves.length > 0);
  const verdicts: Verdicts = {
    passed: new Set(sessions.flatMap(([, { isPassed, number }]) => (isPassed === true ? [number] : []))),
    failed: new Set(sessions.flatMap(([, { isPassed, number }]) => (isPassed === false ? [number] : []))),
  };
  const edges = finishEdges(tally, verdicts);
  const ends = endsOf(sessions);
  const nodes = tally.nodes.map((node, at) => finishNode(node, at, ends.get(at) ?? [], edges, verdicts));
  const bases = new Set(sessions.map(([, { moves }]) => moves[0]!.basis));
  const graph: WorkflowGraph = {
    basis: bases.size > 1 ? 'mixed' : ([...bases][0] ?? 'steps'),
    sessionIds: sessions.map(([id]) => id),
    sessions: sessions.length,
    passed: verdicts.passed.size,
    failed: verdicts.failed.size,
    steps: tally.nodes.reduce((sum, { visits }) => sum + visits, 0),
    nodes,
    edges: edges.all,
    variants: variantsOf(sessions),
    thresholds,
  };
  return maxNodes === undefined ? graph : limitGraph(graph, maxNodes);
}

/** The sessions that were last seen in each state. */
function endsOf(sessions: readonly (readonly [string, GraphSession])[]): Map<number, number[]> {
  const ends = new Map<number, number[]>();
  for (const [, { lastNode, number }] of sessions) {
    if (lastNode === undefined) continue;
    const list = ends.get(lastNode);
    if (list === undefined) ends.set(lastNode, [number]);
    else list.push(number);
  }
  return ends;
}

interface FinishedEdges {
  readonly all: GraphEdge[];
  readonly from: ReadonlyMap<string, GraphEdge[]>;
}

function finishEdges(tally: Tally, verdicts: Verdicts): FinishedEdges {
  const targets: number[][] = tally.nodes.map(() => []);
  const left = tally.nodes.map(() => 0);
  for (const { from, to, count } of tally.edges.values()) {
    targets[from]!.push(to);
    left[from]! += count;
  }
  const component = stronglyConnected(tally.nodes.length, targets);
  const kindOf = ({ from, to }: EdgeTally): GraphEdge['kind'] => {
    if (from === to) return 'self';
    return to < from && component[from] === component[to] ? 'backward' : 'forward';
  };
  const all = [...tally.edges.values()].map((edge): GraphEdge => {
    const { from, to, count, actions, transitions, sessions } = edge;
    return {
      id: `${nodeId(from)}>${nodeId(to)}`,
      from: nodeId(from),
      to: nodeId(to),
      kind: kindOf(edge),
      count,
      share: count / left[from]!,
      actions: byCount(actions)
        .slice(0, MOST_ACTIONS)
        .map(([label, times]) => ({ label, count: times })),
      transitions,
      ...judge(sessions, verdicts),
    };
  });
  const from = new Map<string, GraphEdge[]>();
  for (const edge of all) {
    const list = from.get(edge.from);
    if (list === undefined) from.set(edge.from, [edge]);
    else list.push(edge);
  }
  return { all, from };
}

function finishNode(
  node: NodeTally,
  at: number,
  ends: readonly number[],
  edges: FinishedEdges,
  verdicts: Verdicts,
): GraphNode {
  const { label, method, texts, visits, errors, tokens, ms, cost, starts, sessions, stepIds } = node;
  const id = nodeId(at);
  const reason = node.reasons === undefined ? undefined : byCount(node.reasons)[0]?.[0];
  return {
    id,
    label,
    clusteredBy: method,
    texts: texts.size,
    visits,
    repeats: visits - sessions.size,
    marks: marksOf(node, ends, edges.from.get(id) ?? [], verdicts),
    errors,
    ...(reason === undefined ? {} : { reason }),
    tokens,
    ms,
    ...(cost === undefined ? {} : { cost }),
    starts: starts?.size ?? 0,
    ends: ends.length,
    stepIds,
    ...judge(sessions, verdicts),
  };
}

function marksOf(
  node: NodeTally,
  ends: readonly number[],
  leaving: readonly GraphEdge[],
  verdicts: Verdicts,
): NodeMark[] {
  const others = leaving.filter(({ kind }) => kind !== 'self');
  const marks: Record<NodeMark, boolean> = {
    start: (node.starts?.size ?? 0) > 0,
    end: ends.length > 0,
    repeated: node.visits > node.sessions.size,
    branch: others.length > 1,
    'dead-end': isDeadEnd(node, ends, others, verdicts),
    failing: node.errors > 0,
  };
  return (Object.keys(marks) as NodeMark[]).filter((mark) => marks[mark]);
}

/** Nothing leads on from it, and most visits failed and turned back, or were the end of a session that failed. */
function isDeadEnd(
  node: NodeTally,
  ends: readonly number[],
  others: readonly GraphEdge[],
  { passed, failed }: Verdicts,
): boolean {
  if (others.some(({ kind }) => kind === 'forward')) return false;
  if (ends.some((session) => passed.has(session))) return false;
  const lost = ends.filter((session) => failed.has(session)).length;
  return Math.max(node.errors, lost) * 2 >= node.visits && (others.length > 0 || ends.length > 0);
}

type Judgement = Pick<GraphNode, 'sessions' | 'passed' | 'failed' | 'lift'>;

function judge(sessions: ReadonlySet<number>, verdicts: Verdicts): Judgement {
  let [passed, failed] = [0, 0];
  for (const session of sessions) {
    if (verdicts.passed.has(session)) passed += 1;
    if (verdicts.failed.has(session)) failed += 1;
  }
  const judged = verdicts.passed.size + verdicts.failed.size;
  const isComparable = verdicts.passed.size > 0 && verdicts.failed.size > 0 && passed + failed > 0;
  const lift = failed / (passed + failed) / (verdicts.failed.size / judged);
  return { sessions: sessions.size, passed, failed, ...(isComparable ? { lift } : {}) };
}

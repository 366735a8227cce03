import type { GraphEdge, GraphNode, NodeMark, WorkflowGraph } from '../../../semconv/model/graph.js';
import { edgeLabel, nodeFigures, nodeLabel, percent, plainText } from './labels.js';

export interface GraphTextOptions {
  /** Width of the terminal. Default 80. */
  columns?: number;
  /** Most lines of states; the rest is counted. Default: all. */
  maxNodes?: number;
}

const SIGNS: Readonly<Partial<Record<NodeMark, string>>> = {
  repeated: 'repeated',
  'dead-end': 'dead end',
};
const ARROWS: Readonly<Record<GraphEdge['kind'], string>> = { forward: '→', backward: '↩', self: '↻' };

/** A graph as lines of text: each state with where it led. Texts from traces cannot act on a terminal. */
export function toGraphText(graph: WorkflowGraph, options: GraphTextOptions = {}): string {
  const columns = Math.max(40, options.columns ?? 80);
  const leaving = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    const list = leaving.get(edge.from);
    if (list === undefined) leaving.set(edge.from, [edge]);
    else list.push(edge);
  }
  const names = new Map(graph.nodes.map((node) => [node.id, nodeLabel(node, 40)]));
  const shown = graph.nodes.slice(0, options.maxNodes ?? graph.nodes.length);
  const lines = shown.flatMap((node) => [
    ...nodeLines(node, columns),
    ...edgeLines(leaving.get(node.id) ?? [], names, columns),
  ]);
  const hidden = graph.nodes.length - shown.length + (graph.leftOut?.nodes ?? 0);
  const more = hidden > 0 ? [`… ${hidden} more states`] : [];
  return `${[headLine(graph), '', ...lines, ...more, ...notes(graph)].join('\n')}\n`;
}

function headLine({ sessions, steps, nodes, edges, passed, failed, leftOut }: WorkflowGraph): string {
  const states = nodes.length + (leftOut?.nodes ?? 0);
  const judged = passed + failed > 0 ? ` · ${passed} passed · ${failed} failed` : '';
  return `${counted(sessions, 'session')} · ${counted(steps, 'step')} · ${counted(states, 'state')} · ${counted(edges.length + (leftOut?.edges ?? 0), 'edge')}${judged}`;
}

function nodeLines(node: GraphNode, columns: number): string[] {
  const sign = node.marks.includes('failing') ? '✗' : node.marks.includes('start') ? '●' : '○';
  const marks = node.marks.flatMap((mark) => SIGNS[mark] ?? []);
  const lift = node.lift === undefined ? [] : [`lift ${node.lift.toFixed(1)}`];
  const right = [nodeFigures(node), ...marks, ...lift].filter((part) => part !== '').join(' · ');
  const room = Math.max(12, columns - right.length - node.id.length - 6);
  const head = `${sign} ${node.id} ${nodeLabel(node, room)}${right === '' ? '' : `  ${right}`}`;
  const reason = node.reason === undefined ? [] : [`│   ${plainText(node.reason, columns - 4)}`];
  return [head, ...reason];
}

function edgeLines(
  edges: readonly GraphEdge[],
  names: ReadonlyMap<string, string>,
  columns: number,
): string[] {
  const sorted = edges.toSorted((left, right) => right.count - left.count);
  return sorted.map((edge, at) => {
    const branch = at === sorted.length - 1 ? '└' : '├';
    const share = sorted.length > 1 ? `${percent(edge.share).padStart(5)} ` : '';
    const times = edge.count > 1 ? ` ×${edge.count}` : '';
    const target = `${ARROWS[edge.kind]} ${edge.to} ${names.get(edge.to) ?? ''}${times}`;
    const left = `${branch}─${share}${target}`;
    const action = edgeLabel({ ...edge, share: 1, count: 1 }, Math.max(0, columns - left.length - 4));
    return columns - left.length < 12 || action === '' ? plainText(left, columns) : `${left}  ${action}`;
  });
}

function notes({ basis, variants, sessions }: WorkflowGraph): string[] {
  const ways = variants.slice(0, 5).map(({ nodes, length, sessions: count }) => {
    const more = length > nodes.length ? ' …' : '';
    return `  ${percent(count / sessions).padStart(5)}  ${nodes.slice(0, 20).join(' → ')}${nodes.length > 20 ? ' …' : more}`;
  });
  return [
    ...(sessions > 1 ? ['', 'Ways taken:', ...ways] : []),
    ...(basis === 'steps' ? [] : ['', 'No steps were reported: states are agents, tools and model calls.']),
  ];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

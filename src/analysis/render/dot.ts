import type { GraphEdge, GraphNode, WorkflowGraph } from '../../../semconv/model/graph.js';
import { edgeLabel, nodeFigures, nodeLabel } from './labels.js';

/** A graph in the DOT language of Graphviz. */
export function toDot(graph: WorkflowGraph): string {
  const lines = [
    'digraph workflow {',
    '  rankdir=TB;',
    '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...graph.nodes.map(nodeLine),
    ...graph.edges.map(edgeLine),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeLine(node: GraphNode): string {
  const figures = nodeFigures(node);
  const text =
    quoted(nodeLabel(node, 60)).slice(0, -1) + (figures === '' ? '"' : `\\n${quoted(figures).slice(1)}`);
  const isFailing = node.marks.includes('failing') || node.marks.includes('dead-end');
  const look = [
    ...(isFailing ? ['color="#c62828"'] : []),
    ...(node.marks.includes('repeated') ? ['penwidth=2'] : []),
    ...(node.marks.includes('dead-end') ? ['style="rounded,dashed"'] : []),
  ];
  return `  ${node.id} [${[`label=${text}`, ...look].join(', ')}];`;
}

function edgeLine(edge: GraphEdge): string {
  // A backward edge must not pull its target down.
  const look = edge.kind === 'forward' ? [] : ['style=dashed', 'constraint=false', 'color="#1565c0"'];
  return `  ${edge.from} -> ${edge.to} [${[`label=${quoted(edgeLabel(edge, 40))}`, ...look].join(', ')}];`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

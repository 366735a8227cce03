import type { GraphNode, WorkflowGraph } from '../../../semconv/model/graph.js';
import { edgeLabel, nodeFigures, nodeLabel } from './labels.js';

const NODE_LENGTH = 60;
const EDGE_LENGTH = 40;

/** A graph as a Mermaid flowchart. Texts are written with entities, so that none of them is read as syntax. */
export function toMermaid(graph: WorkflowGraph): string {
  const nodes = graph.nodes.map((node) => {
    const figures = nodeFigures(node);
    const text = escaped(nodeLabel(node, NODE_LENGTH)) + (figures === '' ? '' : `<br/>${escaped(figures)}`);
    return `  ${node.id}${shape(node, text)}${classOf(node)}`;
  });
  const edges = graph.edges.map((edge) => {
    const label = escaped(edgeLabel(edge, EDGE_LENGTH));
    const arrow = edge.kind === 'forward' ? '-->' : '-.->';
    return `  ${edge.from} ${arrow}${label === '' ? '' : `|"${label}"|`} ${edge.to}`;
  });
  const lines = [
    'flowchart TD',
    ...nodes,
    ...edges,
    '  classDef repeated stroke-width:3px',
    '  classDef failing stroke:#c62828,stroke-width:3px',
    '  classDef dead stroke:#c62828,stroke-width:3px,stroke-dasharray:6 3',
  ];
  return `${lines.join('\n')}\n`;
}

function shape({ marks }: GraphNode, text: string): string {
  return marks.includes('start') ? `(["${text}"])` : `["${text}"]`;
}

function classOf({ marks }: GraphNode): string {
  if (marks.includes('dead-end')) return ':::dead';
  if (marks.includes('failing')) return ':::failing';
  return marks.includes('repeated') ? ':::repeated' : '';
}

/** Everything but letters, digits, spaces and a few harmless signs as a numeric entity. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{M} .,:·×…$+%/()_-]/gu, (char) => `#${char.codePointAt(0)};`);
}

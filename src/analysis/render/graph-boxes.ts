import type { GraphEdge, GraphNode, WorkflowGraph } from '../../../semconv/model/graph.js';
import { edgeLabel, nodeFigures, nodeLabel } from './labels.js';
import type { LayoutEdge, LayoutNode } from '../layout/layout-types.js';
import { textSize, wrapText } from './text-size.js';

export const NODE_FONT = 13;
export const SMALL_FONT = 11;
const LINE_LETTERS = 26;
const EDGE_LETTERS = 28;
const PADDING = 14;
const LINE_HEIGHT = 17;

/** What is written into the box of a node. */
export interface NodeBox extends LayoutNode {
  readonly lines: readonly string[];
  readonly figures: string;
}

export interface EdgeBox extends LayoutEdge {
  readonly text: string;
}

/** The boxes and edges of a graph with the size of what is written in them, as `layoutGraph` takes them. */
export function graphBoxes(graph: WorkflowGraph): { nodes: NodeBox[]; edges: EdgeBox[] } {
  return { nodes: graph.nodes.map(nodeBox), edges: graph.edges.map(edgeBox) };
}

function nodeBox(node: GraphNode): NodeBox {
  const lines = wrapText(nodeLabel(node, 120), LINE_LETTERS, 2);
  const figures = nodeFigures(node);
  const widths = [...lines.map((line) => textSize(line, NODE_FONT)), textSize(figures, SMALL_FONT)];
  return {
    id: node.id,
    lines,
    figures,
    width: Math.max(72, ...widths) + 2 * PADDING,
    height: lines.length * LINE_HEIGHT + (figures === '' ? 0 : LINE_HEIGHT) + 16,
  };
}

function edgeBox(edge: GraphEdge): EdgeBox {
  const { id, from, to, count } = edge;
  const text = edgeLabel(edge, EDGE_LETTERS);
  const label = text === '' ? {} : { label: { width: textSize(text, SMALL_FONT) + 8, height: 16 } };
  return { id, from, to, weight: 1 + Math.log2(count), text, ...label };
}

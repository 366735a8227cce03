import type { GraphEdge, GraphNode, WorkflowGraph } from '../../../semconv/model/graph.js';
import { layoutGraph } from '../layout/layout-graph.js';
import type { PlacedEdge, PlacedNode } from '../layout/layout-types.js';
import { type NodeBox, NODE_FONT, SMALL_FONT, graphBoxes } from './graph-boxes.js';
import { nodeLabel, percent, plainText } from './labels.js';
import { SVG_STYLE } from './svg-style.js';

const LINE_HEIGHT = 17;

/**
 * A graph as one SVG file: nothing is loaded, no script runs, and it follows the reader's choice of light or dark. Every text
 * from a trace is escaped.
 */
export function toSvg(graph: WorkflowGraph): string {
  const boxes = graphBoxes(graph);
  // Without a deadline there always is one.
  const layout = layoutGraph(boxes.nodes, boxes.edges)!;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const texts = new Map(boxes.edges.map(({ id, text }) => [id, text]));
  const { width, height } = layout;
  const title = `${graph.steps} steps of ${graph.sessions} ${graph.sessions === 1 ? 'session' : 'sessions'} in ${graph.nodes.length} states`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<style>${SVG_STYLE}</style>`,
    `<defs>${['forward', 'backward', 'self'].map(arrowHead).join('')}</defs>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...layout.edges.map((edge) => edgePath(edge, edges.get(edge.id)!)),
    ...layout.nodes.map((node, at) => nodeGroup(node, nodes.get(node.id)!, boxes.nodes[at]!)),
    ...layout.edges.flatMap((edge) => labelGroup(edge, edges.get(edge.id)!, texts.get(edge.id) ?? '')),
    '</svg>',
    '',
  ].join('\n');
}

function arrowHead(kind: string): string {
  return `<marker id="arrow-${kind}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${kind}" d="M0 0.5L8 4L0 7.5Z"/></marker>`;
}

function edgePath({ points, kind }: PlacedEdge, edge: GraphEdge): string {
  const width = Math.min(3.4, 1.2 + Math.log2(edge.count) * 0.4).toFixed(1);
  const d = kind === 'line' ? linePath(points) : arcPath(points, kind);
  return `<path class="edge ${edge.kind}${failureClass(edge)}" stroke-width="${width}" marker-end="url(#arrow-${edge.kind})" d="${d}"><title>${edgeTitle(edge)}</title></path>`;
}

/** Through all points; upright where it meets a layer. */
function linePath(points: PlacedEdge['points']): string {
  const [[x, y] = [0, 0], ...rest] = points;
  let before = [x, y] as const;
  const pieces = rest.map(([nextX, nextY]) => {
    const half = (nextY - before[1]) / 2;
    const piece = `C${before[0]} ${round(before[1] + half)} ${nextX} ${round(nextY - half)} ${nextX} ${nextY}`;
    before = [nextX, nextY];
    return piece;
  });
  return `M${x} ${y}${pieces.join('')}`;
}

/** Out to the side, along it, and in again. */
function arcPath(points: PlacedEdge['points'], kind: PlacedEdge['kind']): string {
  const [start = [0, 0], second = start, third = start, end = start] = points;
  if (kind === 'self') return `M${start.join(' ')}C${second.join(' ')} ${third.join(' ')} ${end.join(' ')}`;
  const down = Math.sign(end[1] - start[1]) || 1;
  const bend = Math.min(24, Math.abs(end[1] - start[1]) / 2) * down;
  const out = second[0];
  return `M${start.join(' ')}Q${out} ${start[1]} ${out} ${round(start[1] + bend)}L${out} ${round(end[1] - bend)}Q${out} ${end[1]} ${end.join(' ')}`;
}

function nodeGroup(
  { x, y, width, height }: PlacedNode,
  node: GraphNode,
  { lines, figures }: NodeBox,
): string {
  const [left, top] = [round(x - width / 2), round(y - height / 2)];
  const classes = ['node', ...node.marks].join(' ') + failureClass(node);
  const first = y - height / 2 + 8 + NODE_FONT;
  const texts = lines.map(
    (line, at) =>
      `<text class="name" x="${x}" y="${round(first + at * LINE_HEIGHT)}">${escapeXml(line)}</text>`,
  );
  const small =
    figures === ''
      ? ''
      : `<text class="figures" x="${x}" y="${round(first + lines.length * LINE_HEIGHT)}">${escapeXml(figures)}</text>`;
  const radius = node.marks.includes('start') ? height / 2 : 8;
  return `<g class="${classes}"><title>${nodeTitle(node)}</title><rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${round(Math.min(radius, 20))}"/>${texts.join('')}${small}</g>`;
}

function labelGroup({ label }: PlacedEdge, edge: GraphEdge, text: string): string[] {
  if (label === undefined || text === '') return [];
  return [
    `<text class="label ${edge.kind}" x="${label[0]}" y="${round(label[1] + SMALL_FONT / 3)}">${escapeXml(text)}</text>`,
  ];
}

function nodeTitle(node: GraphNode): string {
  const parts = [
    nodeLabel(node, 400),
    `${node.visits} visits in ${node.sessions} sessions`,
    ...(node.tokens > 0 ? [`${node.tokens} tokens`] : []),
    ...(node.reason === undefined ? [] : [plainText(node.reason, 200)]),
    ...(node.lift === undefined
      ? []
      : [`${node.failed} failed, ${node.passed} passed, lift ${node.lift.toFixed(2)}`]),
    ...(node.marks.length > 0 ? [node.marks.join(', ')] : []),
  ];
  return escapeXml(parts.join('\n'));
}

function edgeTitle(edge: GraphEdge): string {
  const actions = edge.actions.slice(0, 8).map(({ label, count }) => `${count} × ${plainText(label, 120)}`);
  return escapeXml([`${edge.count} times, ${percent(edge.share)}`, ...actions].join('\n'));
}

/** How much of what was judged failed, in four steps; nothing while only one kind is there. */
function failureClass({ lift, passed, failed }: GraphNode | GraphEdge): string {
  return lift === undefined ? '' : ` fail-${Math.round((failed / (passed + failed)) * 3)}`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

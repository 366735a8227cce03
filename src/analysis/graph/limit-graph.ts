import type { WorkflowGraph } from '../../../semconv/model/graph.js';

/** The states that were visited most, with where sessions began, and the edges between them. Figures stay those of the whole. */
export function limitGraph(graph: WorkflowGraph, maxNodes: number): WorkflowGraph {
  if (graph.nodes.length <= maxNodes) return graph;
  const kept = new Set(
    graph.nodes
      .toSorted(
        (left, right) => Number(right.starts > 0) - Number(left.starts > 0) || right.visits - left.visits,
      )
      .slice(0, maxNodes)
      .map(({ id }) => id),
  );
  const nodes = graph.nodes.filter(({ id }) => kept.has(id));
  const edges = graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to));
  return {
    ...graph,
    nodes,
    edges,
    leftOut: { nodes: graph.nodes.length - nodes.length, edges: graph.edges.length - edges.length },
  };
}

/** The other layouts, each as a function of `{ nodes, edges }`. */
export async function loadRivals() {
  const dagre = await import('@dagrejs/dagre');
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  const { graphlib, layout } = dagre.default ?? dagre;
  const elk = new Elk();
  return {
    dagre({ nodes, edges }) {
      const graph = new graphlib.Graph();
      graph.setGraph({ rankdir: 'TB' });
      graph.setDefaultEdgeLabel(() => ({}));
      for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
      for (const { from, to, label } of edges) graph.setEdge(from, to, { ...label });
      layout(graph);
    },
    async ELK({ nodes, edges }) {
      await elk.layout({
        id: 'root',
        layoutOptions: {
          'elk.algorithm': 'layered',
          'elk.direction': 'DOWN',
          'elk.edgeRouting': 'ORTHOGONAL',
        },
        children: nodes.map(({ id, width, height }) => ({ id, width, height })),
        edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
      });
    },
  };
}

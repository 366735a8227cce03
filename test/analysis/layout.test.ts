import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutGraph } from '../../src/analysis/layout/layout-graph.js';
import type { Layout, LayoutEdge, LayoutNode } from '../../src/analysis/layout/layout-types.js';

const nodesOf = (count: number): LayoutNode[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `n${at}`,
    width: 40 + (at % 5) * 30,
    height: 30 + (at % 3) * 10,
  }));
const edge = (from: number, to: number): LayoutEdge => ({
  id: `${from}>${to}`,
  from: `n${from}`,
  to: `n${to}`,
  label: { width: 50, height: 14 },
});
const kinds = (layout: Layout | undefined): string[] =>
  (layout?.edges ?? []).map(({ id, kind }) => `${id} ${kind}`);

describe('layoutGraph', () => {
  test('puts what was seen first on top, and draws what leads back, on, and to itself differently', () => {
    const layout = layoutGraph(nodesOf(3), [edge(0, 1), edge(1, 2), edge(2, 0), edge(1, 1)]);
    expect(layout?.nodes.map(({ id, layer }) => [id, layer])).toEqual([
      ['n0', 0],
      ['n1', 1],
      ['n2', 2],
    ]);
    expect(kinds(layout)).toEqual(['0>1 line', '1>2 line', '2>0 back', '1>1 self']);
  });

  test('draws an edge over many layers as an arc', () => {
    const chain = Array.from({ length: 9 }, (_, at) => edge(at, at + 1));
    expect(kinds(layoutGraph(nodesOf(10), [...chain, edge(0, 9), edge(0, 3)])).slice(-2)).toEqual([
      '0>9 arc',
      '0>3 line',
    ]);
  });

  test('keeps a tree free of crossings', () => {
    const layout = layoutGraph(nodesOf(7), [
      edge(0, 2),
      edge(0, 1),
      edge(1, 6),
      edge(2, 3),
      edge(1, 5),
      edge(2, 4),
    ])!;
    const x = new Map(layout.nodes.map((node) => [node.id, node.x]));
    const isLeft = x.get('n1')! < x.get('n2')!;
    const lower = [x.get('n5')!, x.get('n6')!, x.get('n3')!, x.get('n4')!];
    const [ones, twos] = [lower.slice(0, 2), lower.slice(2)];
    expect(isLeft ? Math.max(...ones) < Math.min(...twos) : Math.max(...twos) < Math.min(...ones)).toBe(true);
  });

  test('stops when it is told to', () => {
    expect(
      layoutGraph(
        nodesOf(50),
        Array.from({ length: 49 }, (_, at) => edge(at, at + 1)),
        { isOver: () => true },
      ),
    ).toBeUndefined();
  });

  test('takes no nodes, edges to nowhere, and a deep chain', () => {
    expect(layoutGraph([], [])).toMatchObject({ nodes: [], edges: [] });
    expect(layoutGraph(nodesOf(2), [edge(0, 1), edge(0, 7), edge(0, 1)])?.edges.length).toBe(1);
    const deep = Array.from({ length: 4999 }, (_, at) => edge(at, at + 1));
    expect(layoutGraph(nodesOf(5000), deep)?.layers).toBe(5000);
  });

  test('whatever the graph: all is placed, no box covers another, edges lead down, and twice gives the same', () => {
    const graph = fc
      .integer({ min: 1, max: 30 })
      .chain((count) =>
        fc.tuple(
          fc.constant(count),
          fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 60 }),
        ),
      );
    fc.assert(
      fc.property(graph, ([count, pairs]) => {
        const nodes = nodesOf(count);
        const edges = [...new Map(pairs.map(([from, to]) => [`${from}>${to}`, edge(from, to)])).values()];
        const layout = layoutGraph(nodes, edges)!;
        expect(layoutGraph(nodes, edges)).toEqual(layout);
        expect(layout.edges.map(({ id }) => id)).toEqual(edges.map(({ id }) => id));
        for (const [at, one] of layout.nodes.entries()) {
          expect(one.x - one.width / 2).toBeGreaterThanOrEqual(0);
          expect(one.x + one.width / 2).toBeLessThanOrEqual(layout.width);
          expect(one.y + one.height / 2).toBeLessThanOrEqual(layout.height);
          for (const other of layout.nodes.slice(at + 1)) {
            const isApart =
              Math.abs(one.x - other.x) * 2 >= one.width + other.width - 0.5 ||
              Math.abs(one.y - other.y) * 2 >= one.height + other.height - 0.5;
            expect(isApart).toBe(true);
          }
        }
        const layers = new Map(layout.nodes.map(({ id, layer }) => [id, layer]));
        for (const { id, kind, points } of layout.edges) {
          const [from, to] = id.split('>').map((part) => layers.get(`n${part}`)!) as [number, number];
          expect(points.flat().every(Number.isFinite)).toBe(true);
          if (kind === 'line' || kind === 'arc') expect(to).toBeGreaterThan(from);
          if (kind === 'self') expect(to).toBe(from);
        }
      }),
      { numRuns: 100 },
    );
  });
});

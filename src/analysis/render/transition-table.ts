import type { WorkflowGraph } from '../../../semconv/model/graph.js';
import { nodeLabel, plainText } from './labels.js';

/** One row a move from state to state. */
export interface TransitionRow {
  readonly from: string;
  readonly action: string;
  readonly to: string;
  readonly kind: 'forward' | 'backward' | 'self';
  readonly count: number;
  readonly share: number;
}

/** What a graph says, as rows, the commonest move first: for readers without pictures, and where a layout takes too long. */
export function transitionTable({ nodes, edges }: WorkflowGraph): TransitionRow[] {
  const names = new Map(nodes.map((node) => [node.id, nodeLabel(node, 120)]));
  return edges
    .map(({ from, to, kind, count, share, actions }) => ({
      from: names.get(from) ?? from,
      action: plainText(actions[0]?.label ?? '', 120),
      to: names.get(to) ?? to,
      kind,
      count,
      share,
    }))
    .toSorted((left, right) => right.count - left.count);
}

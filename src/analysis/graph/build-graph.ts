import type { WorkflowGraph } from '../../../semconv/model/graph.js';
import { readMoves, sessionFacts, type SessionRecords } from '../moves/read-moves.js';
import { createGraphBuilder, type GraphOptions } from './graph-builder.js';

/** The graph of one session, or of many merged. The order in which they are given does not matter. */
export function buildGraph(sessions: readonly SessionRecords[], options: GraphOptions = {}): WorkflowGraph {
  const builder = createGraphBuilder(options);
  for (const records of sessions.toSorted(bySession)) {
    builder.session(sessionFacts(records.session));
    for (const move of readMoves(records)) builder.append(move);
  }
  return builder.graph();
}

function bySession({ session: left }: SessionRecords, { session: right }: SessionRecords): number {
  return left.startMs - right.startMs || (left.id < right.id ? -1 : 1);
}

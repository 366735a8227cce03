import type { WorkflowGraph } from '../../../semconv/model/graph.js';
import { type Assignment, type ClusterOptions, createClusterer } from '../clusters/clusterer.js';
import type { Move, SessionFacts } from '../moves/move.js';
import { finishGraph } from './finish-graph.js';
import { countMove, countVisit, createTally } from './tally.js';

/** Options of a graph: how states are taken together, and how many are shown. */
export interface GraphOptions extends ClusterOptions {
  /** Keeps the states that were visited most, and the edges between them. Default: all. */
  maxNodes?: number;
}

/** One session as the builder knows it. */
export interface GraphSession {
  readonly number: number;
  isPassed: boolean | undefined;
  /** In order. */
  readonly moves: Move[];
  readonly byId: Map<string, Move>;
  /** Clusters in order; one that repeats at once counts once. */
  readonly path: number[];
  lastNode: number | undefined;
}

/** Grows a graph move by move. */
export interface GraphBuilder {
  /** Says how a session ended; a session without moves is not shown. */
  session(facts: SessionFacts): void;
  /**
   * Adds a move, or replaces the one with its id. In order this takes a fraction of a millisecond; a move that belongs
   * before others makes the next `graph()` start anew, with the same result as if it had come in time.
   */
  append(move: Move): void;
  /** The graph of everything so far. */
  graph(): WorkflowGraph;
}

/**
 * Makes a builder of workflow graphs. Ids of nodes follow the order of appending and do not change while moves come in order.
 * @example
 * const builder = createGraphBuilder();
 * for (const move of readMoves(records)) builder.append(move);
 * console.log(toMermaid(builder.graph()));
 */
export function createGraphBuilder(options: GraphOptions = {}): GraphBuilder {
  const sessions = new Map<string, GraphSession>();
  let clusterer = createClusterer(options);
  let assignments = new Map<Move, Assignment>();
  let tally = createTally();
  /** What has to be made anew before the next graph. */
  let stale: 'nothing' | 'counts' | 'clusters' = 'nothing';

  function sessionOf(id: string): GraphSession {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const made: GraphSession = {
      number: sessions.size,
      isPassed: undefined,
      moves: [],
      byId: new Map(),
      path: [],
      lastNode: undefined,
    };
    sessions.set(id, made);
    return made;
  }

  function append(move: Move): void {
    const session = sessionOf(move.sessionId);
    const known = session.byId.get(move.id);
    const last = session.moves.at(-1);
    if (known !== undefined) replace(session, known, move);
    else if (last === undefined || isBefore(last, move)) {
      session.moves.push(move);
      session.byId.set(move.id, move);
      if (stale === 'nothing') count(session, session.moves.length - 1);
    } else {
      session.moves.splice(placeOf(session.moves, move), 0, move);
      session.byId.set(move.id, move);
      stale = 'clusters';
    }
  }

  function replace(session: GraphSession, known: Move, move: Move): void {
    const isSameState =
      known.index === move.index &&
      known.stateKey === move.stateKey &&
      known.stateText === move.stateText &&
      known.screenshot === move.screenshot;
    session.byId.set(move.id, move);
    if (isSameState) {
      session.moves[session.moves.lastIndexOf(known)] = move;
      const before = assignments.get(known);
      if (before !== undefined) assignments.set(move, before);
      assignments.delete(known);
      if (stale === 'nothing') stale = 'counts';
    } else {
      session.moves.splice(session.moves.lastIndexOf(known), 1);
      session.moves.splice(placeOf(session.moves, move), 0, move);
      stale = 'clusters';
    }
  }

  function count(session: GraphSession, at: number): void {
    const move = session.moves[at]!;
    const assignment = assignments.get(move) ?? clusterer.assign(move);
    assignments.set(move, assignment);
    const { cluster } = assignment;
    countVisit(
      tally,
      { cluster, method: move.basis === 'observations' ? 'observation' : assignment.method },
      session.number,
      move,
    );
    const named = move.previousId === undefined ? undefined : session.byId.get(move.previousId);
    const before = named !== undefined && isBefore(named, move) ? named : session.moves[at - 1];
    const from = before === undefined ? undefined : assignments.get(before);
    if (before !== undefined && from !== undefined)
      countMove(tally, { cluster: from.cluster, move: before }, { cluster, move }, session.number);
    else (tally.nodes[cluster]!.starts ??= new Set()).add(session.number);
    session.lastNode = cluster;
    if (session.path.at(-1) !== cluster) session.path.push(cluster);
  }

  function countAll(): void {
    if (stale === 'nothing') return;
    if (stale === 'clusters') {
      clusterer = createClusterer(options);
      assignments = new Map();
    }
    tally = createTally();
    stale = 'nothing';
    for (const session of sessions.values()) {
      session.path.length = 0;
      session.lastNode = undefined;
      for (let at = 0; at < session.moves.length; at += 1) count(session, at);
    }
  }

  return {
    append,
    session: ({ id, isPassed }) => {
      sessionOf(id).isPassed = isPassed;
    },
    graph: () => {
      countAll();
      return finishGraph(tally, sessions, clusterer.thresholds, options.maxNodes);
    },
  };
}

/** In the order of the index; of two with the same one, the smaller id is first. */
function isBefore(left: Move, right: Move): boolean {
  return left.index === right.index ? left.id < right.id : left.index < right.index;
}

function placeOf(moves: readonly Move[], move: Move): number {
  let at = moves.length;
  while (at > 0 && isBefore(move, moves[at - 1]!)) at -= 1;
  return at;
}

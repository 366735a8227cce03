import * as z from 'zod';

/** How a step came into its node: the first of these that applied. */
export const CLUSTER_METHODS = ['key', 'text', 'near', 'embedding', 'screenshot', 'observation'] as const;
export type ClusterMethod = (typeof CLUSTER_METHODS)[number];
export const ClusterMethod: z.ZodType<ClusterMethod> = z.enum(CLUSTER_METHODS);

export const NODE_MARKS = ['start', 'end', 'repeated', 'branch', 'dead-end', 'failing'] as const;
export type NodeMark = (typeof NODE_MARKS)[number];
export const NodeMark: z.ZodType<NodeMark> = z.enum(NODE_MARKS);

/** How many judged sessions went through, and how much more often than all they failed. */
interface Judged {
  /** Sessions that went through it. */
  sessions: number;
  passed: number;
  failed: number;
  /** Share of failures among its judged sessions, by the share among all; absent when there is nothing to compare. */
  lift?: number;
}

/** A state of the agent: steps that are taken for the same. */
export interface GraphNode extends Judged {
  /** `n1`, `n2` … in the order in which they were first seen. */
  id: string;
  /** The first text that was seen, cut to one line. */
  label: string;
  clusteredBy: ClusterMethod;
  /** Distinct texts among its steps, after canonical form. */
  texts: number;
  visits: number;
  /** Visits after the first of each session. */
  repeats: number;
  marks: NodeMark[];
  /** Visits that failed, and the commonest reason. */
  errors: number;
  reason?: string;
  tokens: number;
  ms: number;
  /** US dollars; absent when no cost is known. */
  cost?: number;
  starts: number;
  ends: number;
  /** Steps, or observations, in order; at most 200 are named. */
  stepIds: string[];
}

/** The move from one state to the next. */
export interface GraphEdge extends Judged {
  /** `n1>n2`. */
  id: string;
  from: string;
  to: string;
  /** `backward`: to a state that was seen earlier and from which this one can be reached. */
  kind: 'forward' | 'backward' | 'self';
  count: number;
  /** Share of the moves that leave `from`, from 0 to 1. */
  share: number;
  /** The commonest first, 20 at most. */
  actions: { label: string; count: number }[];
  /** Pairs of steps; at most 50 are named. */
  transitions: { from: string; to: string }[];
}

/** Sessions that took the same way; a state that repeats at once counts once. */
export interface GraphVariant {
  /** Ids of nodes; at most 200. */
  nodes: string[];
  length: number;
  sessions: number;
  passed: number;
  failed: number;
  /** At most 20 are named. */
  sessionIds: string[];
}

/** Limits of clustering, as they were in force. */
export interface ClusterThresholds {
  /** Least trigram Jaccard similarity of short texts, from 0 to 1. */
  shortSimilarity: number;
  /** Largest distance of the simhashes of long texts, in bits of 64. */
  longDistance: number;
  /** Words from which a text is long. */
  longWords: number;
  /** Largest distance of screenshots that show the same, in bits of 64. */
  screenshotDistance: number;
  /** Least cosine similarity of embeddings. */
  embeddingSimilarity: number;
}

/** Where one or many sessions went. */
export interface WorkflowGraph {
  /** `observations`: no steps were reported, so the order within a parent stands in for that of steps. */
  basis: 'steps' | 'observations' | 'mixed';
  sessionIds: string[];
  sessions: number;
  passed: number;
  failed: number;
  steps: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  variants: GraphVariant[];
  thresholds: ClusterThresholds;
  /** What the limit on nodes left out. */
  leftOut?: { nodes: number; edges: number };
}

const judged = {
  sessions: z.number(),
  passed: z.number(),
  failed: z.number(),
  lift: z.number().optional(),
};
export const GraphNode: z.ZodType<GraphNode> = z.object({
  id: z.string(),
  label: z.string(),
  clusteredBy: ClusterMethod,
  texts: z.number(),
  visits: z.number(),
  repeats: z.number(),
  marks: z.array(NodeMark),
  errors: z.number(),
  reason: z.string().optional(),
  tokens: z.number(),
  ms: z.number(),
  cost: z.number().optional(),
  starts: z.number(),
  ends: z.number(),
  stepIds: z.array(z.string()),
  ...judged,
}) as z.ZodType<GraphNode>;
export const GraphEdge: z.ZodType<GraphEdge> = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(['forward', 'backward', 'self']),
  count: z.number(),
  share: z.number(),
  actions: z.array(z.object({ label: z.string(), count: z.number() })),
  transitions: z.array(z.object({ from: z.string(), to: z.string() })),
  ...judged,
}) as z.ZodType<GraphEdge>;
export const GraphVariant: z.ZodType<GraphVariant> = z.object({
  nodes: z.array(z.string()),
  length: z.number(),
  sessions: z.number(),
  passed: z.number(),
  failed: z.number(),
  sessionIds: z.array(z.string()),
});
export const ClusterThresholds: z.ZodType<ClusterThresholds> = z.object({
  shortSimilarity: z.number(),
  longDistance: z.number(),
  longWords: z.number(),
  screenshotDistance: z.number(),
  embeddingSimilarity: z.number(),
});
export const WorkflowGraph: z.ZodType<WorkflowGraph> = z.object({
  basis: z.enum(['steps', 'observations', 'mixed']),
  sessionIds: z.array(z.string()),
  sessions: z.number(),
  passed: z.number(),
  failed: z.number(),
  steps: z.number(),
  nodes: z.array(GraphNode),
  edges: z.array(GraphEdge),
  variants: z.array(GraphVariant),
  thresholds: ClusterThresholds,
  leftOut: z.object({ nodes: z.number(), edges: z.number() }).optional(),
}) as z.ZodType<WorkflowGraph>;

import type { JsonObject } from '../../semconv/model/json.js';
import type { Usage } from '../../semconv/model/usage.js';
import { countableUsage, USAGE_BUCKETS, type Marks, type SpanNode } from './span-node.js';
import { BELOW, type Placed } from './trace-tree.js';

/** Whole billionths of a dollar: sums of integers do not depend on their order. */
export const NANOS_PER_DOLLAR = 1e9;

/** What one span adds to its session and step. Values are compared and subtracted, never changed. */
export interface Contribution {
  sessionId: string;
  /** True unless the session is the one made up for a trace that names none. */
  stated: boolean;
  /** Absent for spans outside any step. */
  stepId?: string;
  concept: SpanNode['concept'];
  traceId: string;
  startMs: number;
  endMs?: number;
  receivedMs: number;
  generation: boolean;
  tool: boolean;
  error: boolean;
  /** An error with no observation above it. */
  topError: boolean;
  /** Its parent belongs to this process and has not arrived: more is to come. */
  awaitsParent: boolean;
  /** Tokens by bucket, in the order of USAGE_BUCKETS; absent when none count. */
  usage?: readonly number[];
  costNanos?: number;
  marks?: Marks;
}

/** The implicit session of a trace that names none. */
export function implicitSessionId(traceId: string): string {
  return `trace:${traceId}`;
}

/** The step that stands for what a session did outside of any step. */
export function implicitStepId(sessionId: string): string {
  return `implicit:${sessionId}`;
}

/** What a placed span adds, or undefined when it belongs to no session (an amendment that nobody can place). */
export function contributionOf(placed: Placed, defaultSession: string | undefined): Contribution | undefined {
  const { node } = placed;
  const stated = placed.statedSession ?? defaultSession;
  if (stated === undefined && node.concept === 'amendment') return undefined;
  const contribution: Contribution = {
    sessionId: stated ?? implicitSessionId(node.traceId),
    stated: stated !== undefined,
    concept: node.concept,
    traceId: node.traceId,
    startMs: node.startMs,
    receivedMs: node.receivedMs,
    generation: false,
    tool: false,
    error: false,
    topError: false,
    awaitsParent: node.localParent === true && node.parentId !== undefined && placed.parent === undefined,
  };
  if (node.endMs !== undefined) contribution.endMs = node.endMs;
  if (placed.statedStep !== undefined && node.concept !== 'session') contribution.stepId = placed.statedStep;
  if (node.concept === 'observation') addObservation(contribution, placed);
  if (node.marks !== undefined) contribution.marks = node.marks;
  return contribution;
}

function addObservation(contribution: Contribution, placed: Placed): void {
  const facts = amended(placed.node);
  contribution.generation = facts.type === 'GENERATION';
  contribution.tool = facts.type === 'TOOL';
  contribution.error = facts.status === 'error';
  contribution.topError = contribution.error && placed.parent?.node.concept !== 'observation';
  addAmounts(contribution, placed, facts);
}

function amended(node: SpanNode): SpanNode {
  const said: JsonObject | undefined = node.amended;
  if (said === undefined) return node;
  const facts: SpanNode = { ...node };
  if (said.status === 'ok' || said.status === 'error' || said.status === 'unset') facts.status = said.status;
  if (typeof said.type === 'string') facts.type = said.type as NonNullable<SpanNode['type']>;
  if (typeof said.cost === 'number' && said.cost >= 0) facts.cost = said.cost;
  const usage = countableUsage(said.usage);
  if (usage !== undefined) facts.usage = usage;
  return facts;
}

function addAmounts(contribution: Contribution, placed: Placed, facts: SpanNode): void {
  // Only a model call is a leaf by nature; anything else that reports amounts repeats those of any call below it.
  const isCall = facts.type === 'GENERATION' || facts.type === 'EMBEDDING' || facts.type === 'RETRIEVAL';
  const usageBelow = isCall ? BELOW.nearUsage : BELOW.usage;
  const costBelow = isCall ? BELOW.nearCost : BELOW.cost;
  if (facts.usage !== undefined && (placed.below & usageBelow) === 0)
    contribution.usage = bucketsOf(facts.usage);
  if (facts.cost !== undefined && (placed.below & costBelow) === 0) {
    contribution.costNanos = Math.round(facts.cost * NANOS_PER_DOLLAR);
  }
}

function bucketsOf(usage: Usage): number[] {
  return USAGE_BUCKETS.map((bucket) => usage[bucket] ?? 0);
}

/** The entry `spoor/analysis`: what an agent did, read off anyone's spans. Pure: no I/O, no clock, no model. */
import type { WorkflowGraph } from '../semconv/model/graph.js';
import type { Motif, StuckReport } from '../semconv/model/finding.js';
import { createPricer } from './analysis/cost/price-call.js';
import { priceRecords } from './analysis/cost/price-records.js';
import { buildGraph } from './analysis/graph/build-graph.js';
import type { GraphOptions } from './analysis/graph/graph-builder.js';
import type { SessionRecords } from './analysis/moves/read-moves.js';
import { bestPassingSteps, findStuck } from './analysis/stuck/find-stuck.js';
import { findMotifs } from './analysis/stuck/motifs.js';
import type { StuckOptions } from './analysis/stuck/stuck-analyzer.js';
import { decodeTraceRequest } from './otlp/decode.js';
import type { SpanRecord } from './otlp/records.js';
import { foldSessions } from './translate/fold-sessions.js';
import { translateSpan } from './translate/translate-span.js';

/**
 * What is analysed: the sessions that the translator's API gives, or spans of any dialect that spoor reads, as an OTLP/JSON
 * request (`{ resourceSpans }`) or as decoded records.
 */
export type AnalysisInput = readonly SessionRecords[] | readonly SpanRecord[] | { resourceSpans: unknown[] };

export interface AnalysisOptions extends Omit<GraphOptions, 'thresholds'>, StuckOptions {}

/** Everything that can be said of a set of sessions. */
export interface Analysis {
  sessions: SessionRecords[];
  /** All sessions merged. */
  graph: WorkflowGraph;
  /** One a session. */
  stuck: StuckReport[];
  /** What failed sessions have in common; empty until some passed and some failed. */
  motifs: Motif[];
}

/**
 * Analyses spans or sessions.
 * @example
 * const { graph, stuck } = analyze(JSON.parse(await readFile('traces.json', 'utf8')));
 * console.log(toMermaid(graph), stuck.flatMap(({ findings }) => findings));
 * @throws Error when a span cannot be read as OTLP.
 */
export function analyze(input: AnalysisInput, options: AnalysisOptions = {}): Analysis {
  const pricer = createPricer();
  const sessions = toSessions(input).map((records) => priceRecords(records, pricer));
  const best = sessions.length > 1 ? bestPassingSteps(sessions) : undefined;
  const stuckOptions = best === undefined ? options : { bestPassingSteps: best, ...options };
  return {
    sessions,
    graph: buildGraph(sessions, options),
    stuck: sessions.map((records) => findStuck(records, stuckOptions)),
    motifs: findMotifs(sessions, options),
  };
}

/** Spans as the sessions that they make up; sessions as they are. */
export function toSessions(input: AnalysisInput): SessionRecords[] {
  if ('resourceSpans' in input) {
    const body = new TextEncoder().encode(JSON.stringify(input));
    return foldSessions(decodeTraceRequest(body, 'json').spans.map(translateSpan));
  }
  const [first] = input;
  if (first === undefined) return [];
  if ('session' in first) return [...(input as readonly SessionRecords[])];
  return foldSessions((input as readonly SpanRecord[]).map(translateSpan));
}

export { buildGraph } from './analysis/graph/build-graph.js';
export { createGraphBuilder } from './analysis/graph/graph-builder.js';
export type { GraphBuilder, GraphOptions } from './analysis/graph/graph-builder.js';
export { DEFAULT_THRESHOLDS } from './analysis/clusters/clusterer.js';
export type { ClusterOptions } from './analysis/clusters/clusterer.js';
export { readMoves, sessionFacts } from './analysis/moves/read-moves.js';
export type { SessionRecords } from './analysis/moves/read-moves.js';
export type { Move, SessionFacts } from './analysis/moves/move.js';
export { findStuck } from './analysis/stuck/find-stuck.js';
export { createStuckAnalyzer } from './analysis/stuck/stuck-analyzer.js';
export type { StuckAnalyzer, StuckOptions } from './analysis/stuck/stuck-analyzer.js';
export type { StuckLimits } from './shared/stuck/stuck-move.js';
export { findMotifs } from './analysis/stuck/motifs.js';
export type { MotifOptions } from './analysis/stuck/motifs.js';
export { layoutGraph } from './analysis/layout/layout-graph.js';
export type {
  Layout,
  LayoutEdge,
  LayoutNode,
  LayoutOptions,
  PlacedEdge,
  PlacedNode,
} from './analysis/layout/layout-types.js';
export { toDot } from './analysis/render/dot.js';
export { toGraphText } from './analysis/render/graph-text.js';
export type { GraphTextOptions } from './analysis/render/graph-text.js';
export { toMermaid } from './analysis/render/mermaid.js';
export { toSvg } from './analysis/render/svg.js';
export { transitionTable } from './analysis/render/transition-table.js';
export type { TransitionRow } from './analysis/render/transition-table.js';
export type {
  ClusterMethod,
  ClusterThresholds,
  GraphEdge,
  GraphNode,
  GraphVariant,
  NodeMark,
  WorkflowGraph,
} from '../semconv/model/graph.js';
export type { Finding, Motif, SessionFigures, StuckReport, StuckRule } from '../semconv/model/finding.js';
export { costReport } from './analysis/cost/cost-report.js';
export type { CostedSession } from './analysis/cost/cost-report.js';
export { createPricer } from './analysis/cost/price-call.js';
export type { Pricer, PricerOptions } from './analysis/cost/price-call.js';
export { priceRecords } from './analysis/cost/price-records.js';
export { readPrices } from './analysis/cost/price-overrides.js';
export type { PriceFile, PriceOverride } from './analysis/cost/price-overrides.js';
export { applyRubric } from './analysis/scores/apply-rubric.js';
export type { ApplyOptions, RubricResult } from './analysis/scores/apply-rubric.js';
export { DEFAULT_RUBRIC } from './analysis/scores/default-rubric.js';
export { createHistory } from './analysis/scores/history.js';
export type { RunHistory } from './analysis/scores/history.js';
export { judgeSession } from './analysis/scores/judge-session.js';
export type { JudgeOptions } from './analysis/scores/judge-session.js';
export { createModelJudge } from './analysis/scores/model-judge.js';
export type { AskModel, ModelJudgeOptions } from './analysis/scores/model-judge.js';
export { readRubric } from './analysis/scores/read-rubric.js';
export { areaUnderCurve } from './analysis/scores/separation.js';
export type { Judge, JudgedRun, Verdict } from './analysis/scores/verdict.js';
export { summarizeSteps, summarizeStepsWith } from './analysis/summary/step-summary.js';
export type { StepSummary, SummaryLine, SummaryModel } from './analysis/summary/step-summary.js';
export type { CallCost, CostReport, CostSource, CostTotals, ModelCost } from '../semconv/model/cost.js';
export type { GivenJudgement, Judgement } from '../semconv/model/judgement.js';
export type { Criterion, Rubric, ValueDefinition } from '../semconv/model/rubric.js';
export type { Score } from '../semconv/model/score.js';

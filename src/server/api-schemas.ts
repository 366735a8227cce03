import * as z from 'zod';
import { CostReport, CostTotals, ModelCost } from '../../semconv/model/cost.js';
import { Finding, SessionFigures, StuckReport, StuckRule } from '../../semconv/model/finding.js';
import {
  ClusterMethod,
  ClusterThresholds,
  GraphEdge,
  GraphNode,
  GraphVariant,
  NodeMark,
  WorkflowGraph,
} from '../../semconv/model/graph.js';
import { Judgement } from '../../semconv/model/judgement.js';
import { JsonObject, JsonValue } from '../../semconv/model/json.js';
import { Log } from '../../semconv/model/log.js';
import { Message, MessagePart } from '../../semconv/model/message.js';
import { Observation, ObservationType, Status } from '../../semconv/model/observation.js';
import { Score } from '../../semconv/model/score.js';
import { Session } from '../../semconv/model/session.js';
import { Step } from '../../semconv/model/step.js';
import { ToolDefinition, ToolExecution } from '../../semconv/model/tool.js';
import { Usage, UsageTotals } from '../../semconv/model/usage.js';
import { SqlRequestSchema } from './sql-routes.js';

const count = z.int().min(0);
const cursor = z.string().optional();

const TraceSummary = z.object({
  traceId: z.string(),
  sessionId: z.string(),
  name: z.string(),
  serviceName: z.string().optional(),
  startMs: z.number(),
  endMs: z.number().optional(),
  spanCount: count,
  errorCount: count,
});
const ScoreRecord = z.object({
  score: Score,
  traceId: z.string(),
  spanId: z.string(),
  sessionId: z.string().optional(),
  timeMs: z.number(),
});
const LiveChange = z.object({ sessions: z.array(Session), traceIds: z.array(z.string()) });
const ForwardStats = z.looseObject({
  url: z.string(),
  dialect: z.string().optional(),
  waitingBytes: count,
  sentSpans: count,
  refusedSpans: count,
  droppedSpans: count,
  lastError: z.string().optional(),
});
const Stats = z.object({
  spans: count,
  logs: count,
  sessions: count,
  bytes: count,
  dialects: z.record(z.string(), count),
  version: z.string(),
  startedMs: z.number(),
  received: z.record(z.string(), count),
  forward: z.array(ForwardStats).optional(),
});
const SqlCell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const SCHEMAS = {
  JsonValue,
  JsonObject,
  Status,
  ObservationType,
  Usage,
  UsageTotals,
  MessagePart,
  Message,
  ToolDefinition,
  ToolExecution,
  Score,
  Session,
  Step,
  Observation,
  Log,
  TraceSummary,
  ScoreRecord,
  ForwardStats,
  LiveChange,
  SessionPage: z.object({ items: z.array(Session), nextCursor: cursor }),
  ObservationPage: z.object({ items: z.array(Observation), nextCursor: cursor }),
  LogPage: z.object({ items: z.array(Log), nextCursor: cursor }),
  TracePage: z.object({ items: z.array(TraceSummary), nextCursor: cursor }),
  ScorePage: z.object({ items: z.array(ScoreRecord), nextCursor: cursor }),
  SessionTrail: z.object({
    session: Session,
    steps: z.array(Step),
    observations: z.array(Observation),
    nextCursor: cursor,
  }),
  ClusterMethod,
  NodeMark,
  GraphNode,
  GraphEdge,
  GraphVariant,
  ClusterThresholds,
  WorkflowGraph,
  StuckRule,
  Finding,
  SessionFigures,
  StuckReport,
  CostTotals,
  ModelCost,
  CostReport,
  Judgement,
  Pinned: z.object({ pinned: z.boolean() }),
  Removed: z.object({ removed: z.literal(true) }),
  RawSpans: z.object({ resourceSpans: z.array(JsonObject), nextCursor: cursor }),
  Stats,
  Blob: z.object({ reference: z.string(), mediaType: z.string(), bytes: count }),
  SqlRequest: SqlRequestSchema,
  SqlResult: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(SqlCell)),
    isTruncated: z.literal(true).optional(),
  }),
  ApiError: z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  /** google.rpc.Status, as OTLP has it for refused requests. */
  RpcStatus: z.object({
    code: z.int().optional(),
    message: z.string().optional(),
    details: z.array(JsonObject).optional(),
  }),
} as const;

/** Everything that answers are made of, by the name that the API document has for it. */
export const API_SCHEMAS: Readonly<Record<ApiSchemaName, z.ZodType>> = SCHEMAS;

export type ApiSchemaName =
  | 'JsonValue'
  | 'JsonObject'
  | 'Status'
  | 'ObservationType'
  | 'Usage'
  | 'UsageTotals'
  | 'MessagePart'
  | 'Message'
  | 'ToolDefinition'
  | 'ToolExecution'
  | 'Score'
  | 'Session'
  | 'Step'
  | 'Observation'
  | 'Log'
  | 'TraceSummary'
  | 'ScoreRecord'
  | 'ForwardStats'
  | 'LiveChange'
  | 'SessionPage'
  | 'ObservationPage'
  | 'LogPage'
  | 'TracePage'
  | 'ScorePage'
  | 'SessionTrail'
  | 'ClusterMethod'
  | 'NodeMark'
  | 'GraphNode'
  | 'GraphEdge'
  | 'GraphVariant'
  | 'ClusterThresholds'
  | 'WorkflowGraph'
  | 'StuckRule'
  | 'Finding'
  | 'SessionFigures'
  | 'StuckReport'
  | 'CostTotals'
  | 'ModelCost'
  | 'CostReport'
  | 'Judgement'
  | 'Pinned'
  | 'Removed'
  | 'RawSpans'
  | 'Stats'
  | 'Blob'
  | 'SqlRequest'
  | 'SqlResult'
  | 'ApiError'
  | 'RpcStatus';

import type { JsonObject } from '../../semconv/model/json.js';
import type { ObservationType, Status } from '../../semconv/model/observation.js';
import type { Usage } from '../../semconv/model/usage.js';
import { usableFields, type Patch } from './patch.js';
import { safeId } from './safe-id.js';
import type { TranslatedSpan } from './translate-span.js';

/** Buckets of usage in the order in which tallies keep them. */
export const USAGE_BUCKETS = ['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning'] as const;

/** Words of an observation that its session gathers. */
export interface Marks {
  model?: string;
  service?: string;
  environment?: string;
  user?: string;
  agentName?: string;
  agentId?: string;
  tags?: string[];
}

/** The few facts of a span that decide where it belongs and what it adds to sums. Plain JSON, small. */
export interface SpanNode {
  traceId: string;
  spanId: string;
  parentId?: string;
  localParent?: boolean;
  concept: 'session' | 'step' | 'observation' | 'amendment';
  name: string;
  startMs: number;
  endMs?: number;
  status: Status;
  dialect: string;
  /** What the span itself says of its place. */
  sessionId?: string;
  stepId?: string;
  type?: ObservationType;
  usage?: Usage;
  /** US dollars. */
  cost?: number;
  marks?: Marks;
  /** Set by amendments of an observation: what they say of the facts above. */
  amended?: JsonObject;
  receivedMs: number;
}

const MAX_WORD = 200;

/** A translated span → the facts that a ledger works with. */
export function toNode(span: TranslatedSpan, receivedMs: number): SpanNode {
  const { facts } = span;
  const node: SpanNode = {
    traceId: span.traceId,
    spanId: span.spanId,
    concept: facts.concept,
    name: word(span.name) ?? '',
    startMs: span.startMs,
    status: span.status,
    dialect: span.dialect,
    receivedMs,
  };
  if (span.parentId !== undefined) node.parentId = span.parentId;
  if (span.localParent !== undefined) node.localParent = span.localParent;
  if (span.endMs !== undefined) node.endMs = span.endMs;
  setPlace(node, span);
  if (facts.concept === 'observation') setObservation(node, facts.observation);
  const marks = marksOf(span);
  if (marks !== undefined) node.marks = marks;
  return node;
}

function setPlace(node: SpanNode, { facts }: TranslatedSpan): void {
  const named = facts.concept === 'observation' ? facts.observation.sessionId : facts.sessionId;
  const target =
    facts.concept === 'amendment' && facts.target.kind === 'session' ? facts.target.id : undefined;
  const sessionId = safeId(target ?? named);
  if (sessionId !== undefined) node.sessionId = sessionId;
  let step: unknown;
  if (facts.concept === 'step') step = facts.stepId;
  else if (facts.concept === 'observation') step = facts.observation.stepId;
  else if (facts.concept === 'amendment' && facts.target.kind === 'step') step = facts.target.id;
  const stepId = safeId(step);
  if (stepId !== undefined) node.stepId = stepId;
  // A step without an id is still a step.
  else if (facts.concept === 'step') node.stepId = node.spanId;
}

type ObservationFacts = Extract<TranslatedSpan['facts'], { concept: 'observation' }>['observation'];

function setObservation(node: SpanNode, observation: ObservationFacts): void {
  node.type = observation.type;
  const usage = countableUsage(observation.usage);
  if (usage !== undefined) node.usage = usage;
  if (isAmount(observation.cost)) node.cost = observation.cost;
}

/** The buckets that are sane numbers; undefined when there are none. */
export function countableUsage(usage: unknown): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const counted: Usage = {};
  let any = false;
  for (const bucket of USAGE_BUCKETS) {
    const tokens = (usage as Usage)[bucket];
    if (!isAmount(tokens)) continue;
    counted[bucket] = tokens;
    any = true;
  }
  return any ? counted : undefined;
}

function isAmount(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER
  );
}

function marksOf(span: TranslatedSpan): Marks | undefined {
  const marks: Marks = {};
  setWord(marks, 'service', span.serviceName);
  setWord(marks, 'environment', span.environment);
  if (span.facts.concept === 'observation') {
    const { observation } = span.facts;
    setWord(marks, 'model', observation.responseModel ?? observation.requestModel);
    setWord(marks, 'user', observation.userId);
    setWord(marks, 'agentName', observation.agent?.name);
    setWord(marks, 'agentId', observation.agent?.id);
    const tags = (Array.isArray(observation.tags) ? observation.tags : [])
      .map(word)
      .filter((tag) => tag !== undefined);
    if (tags.length > 0) marks.tags = [...new Set(tags)].slice(0, 50);
  }
  return Object.keys(marks).length > 0 ? marks : undefined;
}

function setWord(marks: Marks, key: Exclude<keyof Marks, 'tags'>, value: unknown): void {
  const safe = word(value);
  if (safe !== undefined) marks[key] = safe;
}

function word(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.slice(0, MAX_WORD).toWellFormed();
}

/** What a span says about a session, a step or another observation; undefined for spans that say nothing of the kind. */
export function toPatch(span: TranslatedSpan): Patch | undefined {
  const { facts } = span;
  if (facts.concept === 'observation') return undefined;
  const amends = facts.concept === 'amendment';
  const target = patchTarget(span);
  if (target === undefined) return undefined;
  const said = amends
    ? facts.fields
    : { ...ownFields(span), ...(facts.concept === 'session' ? facts.session : facts.step) };
  return {
    ...target,
    timeMs: amends ? span.startMs : (span.endMs ?? span.startMs),
    amends,
    traceId: span.traceId,
    spanId: span.spanId,
    fields: usableFields(target.kind, said),
  };
}

type PatchTarget = Pick<Patch, 'kind' | 'target' | 'targetTraceId' | 'targetSessionId'>;

function patchTarget({ facts, link, spanId, traceId }: TranslatedSpan): PatchTarget | undefined {
  if (facts.concept === 'session') return targeted('session', facts.sessionId);
  if (facts.concept === 'step') return targeted('step', safeId(facts.stepId) ?? spanId);
  if (facts.concept === 'observation') return undefined;
  const { kind, id } = facts.target;
  if (kind === 'session' || kind === 'step') return targeted(kind, id);
  // The link is exact; the id may be one that the user gave an event.
  if (link !== undefined) return { kind: 'observation', target: link.spanId, targetTraceId: link.traceId };
  const target = safeId(id);
  if (target === undefined) return undefined;
  const sessionId = safeId(facts.sessionId);
  return {
    kind: 'observation',
    target,
    ...(sessionId === undefined ? { targetTraceId: traceId } : { targetSessionId: sessionId }),
  };
}

function targeted(kind: Patch['kind'], id: unknown): PatchTarget | undefined {
  const target = safeId(id);
  return target === undefined ? undefined : { kind, target };
}

function ownFields(span: TranslatedSpan): JsonObject {
  const fields: JsonObject = {};
  if (span.status !== 'unset') fields.status = span.status;
  if (span.statusMessage !== undefined) fields.statusMessage = span.statusMessage;
  return fields;
}

import type { Observation, Status } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { UsageTotals } from '../../semconv/model/usage.js';
import { implicitStepId, NANOS_PER_DOLLAR } from './contribution.js';
import { amendmentsOf } from './ledger.js';
import type { LedgerTables, TraceTally } from './ledger-tables.js';
import { foldPatches, mergeFields } from './patch.js';
import { safeId } from './safe-id.js';
import { USAGE_BUCKETS } from './span-node.js';
import type { Counts, Tally } from './tally.js';
import type { TranslatedSpan } from './translate-span.js';

/** The tally of a session → its record. `traces` are those of the session, earliest first. */
export function toSession(tally: Tally, traces: readonly TraceTally[]): Session {
  const { fields, words, own, within } = tally;
  const implicit = tally.stated === 0;
  const session: Session = {
    id: tally.sessionId,
    implicit,
    status: statusOf(tally),
    startMs: startOf(tally),
    updatedMs: tally.updatedMs,
    traceIds: traces.map((trace) => trace.traceId),
    models: sortedWords(words.model),
    stepCount: tally.steps,
    observationCount: tally.observations,
    generationCount: tally.generations,
    toolCount: tally.tools,
    errorCount: tally.errors,
    usage: totals(tally),
  };
  const tags = sortedWords(words.tags);
  if (tags.length > 0) session.tags = tags;
  assign(session, {
    name: implicit ? traces[0]?.name : undefined,
    serviceName: mostSaid(words.service),
    environment: mostSaid(words.environment),
    userId: mostSaid(words.user),
    agentName: mostSaid(words.agentName),
    agentId: mostSaid(words.agentId),
  });
  Object.assign(session, fields);
  session.status = statusOf(tally);
  if (own.count > 0) assign(session, { endMs: own.open === 0 ? own.endMs : undefined });
  else if (within.open === 0 && tally.awaitsParents === 0) assign(session, { endMs: within.endMs });
  if (tally.costs > 0) session.cost = tally.costNanos / NANOS_PER_DOLLAR;
  return session;
}

/**
 * The tallies of a session's steps → their records, in order: by the index that they were given when no two share one,
 * else by time. The implicit step comes last.
 */
export function toSteps(tallies: readonly Tally[]): Step[] {
  const stated = tallies.filter((tally) => tally.stepId !== '');
  const indexes = new Set(stated.map((tally) => tally.fields.index));
  const byIndex = !indexes.has(undefined) && indexes.size === stated.length;
  const ordered = stated.toSorted(
    (a, b) =>
      (byIndex ? Number(a.fields.index) - Number(b.fields.index) : 0) ||
      startOf(a) - startOf(b) ||
      ((a.stepId as string) < (b.stepId as string) ? -1 : 1),
  );
  return [...ordered, ...tallies.filter((tally) => tally.stepId === '')].map((tally, index) =>
    toStep(tally, index),
  );
}

function toStep(tally: Tally, index: number): Step {
  const { own, within } = tally;
  const implicit = tally.stepId === '';
  const step: Step = {
    id: implicit ? implicitStepId(tally.sessionId) : (tally.stepId as string),
    sessionId: tally.sessionId,
    name: implicit ? 'implicit step' : 'step',
    index,
    implicit,
    status: 'unset',
    startMs: startOf(tally),
    observationCount: tally.observations,
    usage: totals(tally),
  };
  Object.assign(step, tally.fields, { index, status: statusOf(tally) });
  const bounds = implicit ? within : own;
  if (bounds.count > 0 && bounds.open === 0) assign(step, { endMs: bounds.endMs });
  assign(step, { updatedMs: tally.amendedMs });
  if (tally.costs > 0) step.cost = tally.costNanos / NANOS_PER_DOLLAR;
  return step;
}

/** A translated span that is an observation → its record; undefined for sessions, steps and amendments. */
export function toObservation(
  span: TranslatedSpan,
  place: { sessionId?: string; stepId?: string },
  tables: Pick<LedgerTables, 'patches'>,
): Observation | undefined {
  if (span.facts.concept !== 'observation') return undefined;
  const observation: Observation = {
    ...span.facts.observation,
    id: span.spanId,
    traceId: span.traceId,
    dialect: span.dialect,
    startMs: span.startMs,
    status: span.status,
  };
  // Where it was put counts, not what it says.
  delete observation.sessionId;
  delete observation.stepId;
  assign(observation, {
    parentId: span.parentId,
    endMs: span.endMs,
    statusMessage: span.statusMessage,
    scope: span.scope,
    serviceName: observation.serviceName ?? span.serviceName,
    ...place,
  });
  const sessionId = safeId(span.facts.observation.sessionId);
  const target = {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(sessionId === undefined ? {} : { sessionId }),
  };
  const amended = foldPatches(amendmentsOf(target, tables));
  // An amendment of one entry leaves the others as they were.
  const { metadata, attributes } = mergeFields(
    { metadata: observation.metadata ?? {}, attributes: observation.attributes ?? {} },
    amended,
  );
  return Object.assign(observation, amended, {
    ...(amended.metadata === undefined ? {} : { metadata }),
    ...(amended.attributes === undefined ? {} : { attributes }),
  });
}

/** What the session or step says of itself; where it has no span of its own, what its topmost observations say. */
function statusOf({ fields, own, topErrors }: Tally): Status {
  if (fields.status === 'error' || fields.status === 'ok') return fields.status;
  if (fields.endReason === 'crash') return 'error';
  return own.count === 0 && topErrors > 0 ? 'error' : 'unset';
}

/** One that is known by amendments alone began, for all we know, when it was first spoken of. */
function startOf({ own, within, newestPatch }: Tally): number {
  const start = Math.min(own.startMs ?? Infinity, within.startMs ?? Infinity);
  return Number.isFinite(start) ? start : (newestPatch?.timeMs ?? 0);
}

function totals(tally: Tally): UsageTotals {
  const usage: UsageTotals = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 };
  for (const [i, bucket] of USAGE_BUCKETS.entries()) {
    usage[bucket] = tally.usage[i] ?? 0;
    usage.total += usage[bucket];
  }
  return usage;
}

function sortedWords(counts: Counts | undefined): string[] {
  return counts === undefined ? [] : Object.keys(counts).toSorted();
}

function mostSaid(counts: Counts | undefined): string | undefined {
  let best: string | undefined;
  for (const word of sortedWords(counts)) {
    if (best === undefined || (counts?.[word] ?? 0) > (counts?.[best] ?? 0)) best = word;
  }
  return best;
}

function assign<T extends object>(record: T, fields: { [K in keyof T]?: T[K] | undefined }): void {
  for (const key of Object.keys(fields) as (keyof T)[]) {
    if (fields[key] !== undefined) record[key] = fields[key];
  }
}

import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { SpanRecord } from '../otlp/records.js';
import { byStart, tracesInOrder } from '../translate/fold-sessions.js';
import { createLedger, type Ledger } from '../translate/ledger.js';
import type { StoredNode, TraceTally } from '../translate/ledger-tables.js';
import { createMemoryTables, type MemoryTables } from '../translate/memory-tables.js';
import { spanOfLog, withLogs } from '../translate/log-events.js';
import { logKeys } from '../translate/log-record.js';
import { previewOf } from '../translate/preview.js';
import { toObservation, toSession, toSteps } from '../translate/records.js';
import { translateSpan } from '../translate/translate-span.js';
import type { Tally } from '../translate/tally.js';
import { monotonicClock } from './clock.js';
import { comparePositions, limitOf, pageOf, positionOf, type Position } from './page.js';
import { pageOfLogs, tellingOf, type KeptLog } from './memory-logs.js';
import { createMemoryBlobs } from './memory-blobs.js';
import { matchesSession } from './session-filter.js';
import type { SessionQuery, Store } from './store.js';
import { fold, searchWords } from './text-query.js';
import { compareSpans, summaryOf } from './trace-summary.js';

interface Kept {
  span: SpanRecord;
  receivedMs: number;
  words: ReadonlySet<string>;
}

/** A store that forgets everything when it is closed: for tests, and to look at a file without keeping it. */
export function createMemoryStore(options: { now?: () => number } = {}): Store {
  const now = monotonicClock(options.now ?? Date.now);
  const kept = new Map<string, Map<string, Kept>>();
  const blobs = createMemoryBlobs();
  const logged = new Map<string, KeptLog>();
  let tables: MemoryTables = createMemoryTables();
  let ledger: Ledger = createLedger(tables);

  /** As readers see a span: with what was logged within it. */
  function told(span: SpanRecord): SpanRecord {
    const logs = logged.size === 0 ? [] : tellingOf(logged.values(), span);
    return withLogs(span, logs);
  }

  function apply(spans: readonly SpanRecord[], receivedMs: number): ReturnType<Ledger['apply']> {
    const translated = spans.map((span) => translateSpan(told(span)));
    const change = ledger.apply(translated, receivedMs);
    for (const [i, span] of spans.entries()) {
      if (!change.accepted[i]) continue;
      let trace = kept.get(span.traceId);
      if (trace === undefined) kept.set(span.traceId, (trace = new Map()));
      const words = new Set(fold(previewOf(translated[i] as (typeof translated)[number])));
      trace.set(span.spanId, { span, receivedMs, words });
    }
    return change;
  }

  function recordOf(tally: Tally): Session {
    return toSession(tally, tracesInOrder(Object.keys(tally.traces), tables.traces));
  }

  function observationOf({ node, ...place }: StoredNode): Observation | undefined {
    const span = kept.get(node.traceId)?.get(node.spanId)?.span;
    if (span === undefined || node.concept !== 'observation') return undefined;
    return toObservation(translateSpan(told(span)), place, tables);
  }

  function hasWords(sessionId: string, query: SessionQuery): boolean {
    if (query.text === undefined) return true;
    const spans = [...tables.sessionNodes(sessionId)].map(({ node }) =>
      kept.get(node.traceId)?.get(node.spanId),
    );
    return searchWords(query.text).every((word) =>
      spans.some((span) => span !== undefined && [...span.words].some((said) => said.startsWith(word))),
    );
  }

  return {
    append(spans) {
      const change = apply(spans, now());
      const spanCount = change.accepted.filter(Boolean).length;
      return Promise.resolve({ sessionIds: change.sessionIds, traceIds: change.traceIds, spanCount });
    },
    async appendLogs(logs) {
      const receivedMs = now();
      const keys = logKeys(logs);
      const fresh = logs
        .map((log, i) => ({ key: keys[i] as string, log }))
        .filter(({ key }) => !logged.has(key));
      for (const { key, log } of fresh) logged.set(key, { key, log });
      const observed = fresh.flatMap(({ key, log }) => spanOfLog(log, key) ?? []);
      const spans = new Set(
        fresh.flatMap(({ log }) => kept.get(log.traceId ?? '')?.get(log.spanId ?? '')?.span ?? []),
      );
      const change = apply([...observed, ...spans], receivedMs);
      const traceIds = new Set([...change.traceIds, ...fresh.flatMap(({ log }) => log.traceId ?? [])]);
      const sessionIds = new Set(change.sessionIds);
      for (const traceId of traceIds) {
        for (const { sessionId } of tables.traceNodes(traceId))
          if (sessionId !== undefined) sessionIds.add(sessionId);
      }
      const spanCount = change.accepted.slice(0, observed.length).filter(Boolean).length;
      return { sessionIds: [...sessionIds], traceIds: [...traceIds], spanCount };
    },
    logs: async (query = {}) => pageOfLogs([...logged.values()], query, tables),
    sessions: async (query = {}) => {
      const limit = limitOf(query);
      const position = positionOf(query);
      const found = [...tables.sessions.values()]
        .filter((tally) => isAfter({ ms: tally.updatedMs, id: tally.sessionId }, position))
        .map(recordOf)
        .filter((session) => matchesSession(session, query) && hasWords(session.id, query))
        .toSorted((a, b) => comparePositions(sessionPosition(a), sessionPosition(b)));
      return pageOf(found.slice(0, limit + 1), limit, sessionPosition);
    },
    session: async (id) => {
      const tally = tables.sessions.get(id);
      return tally && recordOf(tally);
    },
    steps: async (sessionId) => toSteps([...(tables.steps.get(sessionId)?.values() ?? [])]),
    observations: async (sessionId) =>
      [...tables.sessionNodes(sessionId)]
        .map(observationOf)
        .filter((observation) => observation !== undefined)
        .toSorted(byStart),
    observation: async (traceId, spanId) => {
      for (const stored of tables.traceNodes(traceId))
        if (stored.node.spanId === spanId) return observationOf(stored);
      return undefined;
    },
    traces: async (query = {}) => {
      const limit = limitOf(query);
      const position = positionOf(query);
      const found = [...tables.traces.values()]
        .filter((trace) => isAfter(tracePosition(trace), position))
        .toSorted((a, b) => comparePositions(tracePosition(a), tracePosition(b)));
      const page = pageOf(found.slice(0, limit + 1), limit, tracePosition);
      return { ...page, items: page.items.map(summaryOf) };
    },
    rawSpans: async (traceId) =>
      [...(kept.get(traceId)?.values() ?? [])].map(({ span }) => span).toSorted(compareSpans),
    blobs,
    stats: async () => {
      const dialects: Record<string, number> = {};
      let spans = 0;
      for (const traceId of kept.keys()) {
        for (const { node } of tables.traceNodes(traceId)) {
          dialects[node.dialect] = (dialects[node.dialect] ?? 0) + 1;
          spans++;
        }
      }
      return { spans, logs: logged.size, sessions: tables.sessions.size, bytes: 0, dialects };
    },
    reindex: async () => {
      const all = [...kept.values()].flatMap((trace) => [...trace.values()]);
      kept.clear();
      tables = createMemoryTables();
      ledger = createLedger(tables);
      for (const { span, receivedMs } of all) apply([span], receivedMs);
      return all.length;
    },
    close: async () => {
      kept.clear();
      logged.clear();
      blobs.clear();
      tables = createMemoryTables();
      ledger = createLedger(tables);
    },
  };
}

function isAfter(position: Position, cursor: Position | undefined): boolean {
  return cursor === undefined || comparePositions(position, cursor) > 0;
}

function sessionPosition(session: Session): Position {
  return { ms: session.updatedMs, id: session.id };
}

function tracePosition(trace: TraceTally): Position {
  return { ms: trace.startMs, id: trace.traceId };
}

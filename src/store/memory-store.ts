import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { SpanRecord } from '../otlp/records.js';
import { byStart, tracesInOrder } from '../translate/fold-sessions.js';
import { createLedger, type Ledger } from '../translate/ledger.js';
import type { StoredNode, TraceTally } from '../translate/ledger-tables.js';
import { createMemoryTables, type MemoryTables } from '../translate/memory-tables.js';
import { spanOfLog, withLogs } from '../translate/log-events.js';
import { logKeys, statedSession } from '../translate/log-record.js';
import { previewOf } from '../translate/preview.js';
import { toObservation, toSession, toSteps } from '../translate/records.js';
import { translateSpan } from '../translate/translate-span.js';
import type { Tally } from '../translate/tally.js';
import { monotonicClock } from './clock.js';
import { comparePositions, isAfter, limitOf, pageOf, positionOf, type Position } from './page.js';
import { pageOfLogs, tellingOf, type KeptLog } from './memory-logs.js';
import { pageOfScores } from './memory-scores.js';
import { hasWords, searchKept, type Searched } from './memory-search.js';
import { observationPage, traceWindow } from './memory-windows.js';
import { createMemoryBlobs } from './memory-blobs.js';
import { matchesSession } from './session-filter.js';
import type { SessionQuery, Store } from './store.js';
import { fold, searchWords } from './text-query.js';
import { compareSpans, summaryOf } from './trace-summary.js';

type Kept = Searched;

/** A store that forgets everything when it is closed: for tests, and to look at a file without keeping it. */
export function createMemoryStore(options: { now?: () => number } = {}): Store {
  const now = monotonicClock(options.now ?? Date.now);
  const kept = new Map<string, Map<string, Kept>>();
  const blobs = createMemoryBlobs();
  const logged = new Map<string, KeptLog>();
  const pinned = new Set<string>();
  let sequence = 0;
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
      const known = trace.get(span.spanId)?.sequence;
      trace.set(span.spanId, { span, sequence: known ?? sequence++, receivedMs, words });
    }
    return change;
  }

  function recordOf(tally: Tally): Session {
    const session = toSession(tally, tracesInOrder(Object.keys(tally.traces), tables.traces));
    return pinned.has(session.id) ? { ...session, pinned: true } : session;
  }

  function observationOf({ node, ...place }: StoredNode): Observation | undefined {
    const span = kept.get(node.traceId)?.get(node.spanId)?.span;
    if (span === undefined || node.concept !== 'observation') return undefined;
    return toObservation(translateSpan(told(span)), place, tables);
  }

  function saysWords(sessionId: string, query: SessionQuery): boolean {
    if (query.text === undefined) return true;
    const spans = [...tables.sessionNodes(sessionId)].map(({ node }) =>
      kept.get(node.traceId)?.get(node.spanId),
    );
    return searchWords(query.text).every((word) =>
      spans.some((span) => span !== undefined && hasWords(span.words, [word])),
    );
  }

  function* all(): Iterable<Kept> {
    for (const trace of kept.values()) yield* trace.values();
  }

  function placeOf({ traceId, spanId }: SpanRecord): StoredNode | undefined {
    for (const stored of tables.traceNodes(traceId)) if (stored.node.spanId === spanId) return stored;
    return undefined;
  }

  function observationAt(span: SpanRecord): Observation | undefined {
    const stored = placeOf(span);
    return stored && observationOf(stored);
  }

  function observationsOf(sessionId: string): Observation[] {
    return [...tables.sessionNodes(sessionId)]
      .map(observationOf)
      .filter((observation) => observation !== undefined)
      .toSorted(byStart);
  }

  /** Folds all that is kept anew, in the order in which it came. */
  function rebuild(keep: (span: SpanRecord) => boolean): number {
    const spans = [...all()].filter(({ span }) => keep(span)).toSorted((a, b) => a.sequence - b.sequence);
    kept.clear();
    tables = createMemoryTables();
    ledger = createLedger(tables);
    sequence = 0;
    for (const { span, receivedMs } of spans) apply([span], receivedMs);
    return spans.length;
  }

  function remove(sessionId: string): void {
    const traceIds = new Set<string>();
    for (const { node } of tables.sessionNodes(sessionId)) traceIds.add(node.traceId);
    const logIds = new Set<string>();
    for (const [key, { log }] of logged) if (statedSession(log) === sessionId) logIds.add(key);
    rebuild((span) => placeOf(span)?.sessionId !== sessionId);
    for (const [key, { log }] of logged) {
      const { traceId = '' } = log;
      if (logIds.has(key) || (traceIds.has(traceId) && !kept.has(traceId))) logged.delete(key);
    }
    pinned.delete(sessionId);
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
        .filter((session) => matchesSession(session, query) && saysWords(session.id, query))
        .toSorted((a, b) => comparePositions(sessionPosition(a), sessionPosition(b)));
      return pageOf(found.slice(0, limit + 1), limit, sessionPosition);
    },
    session: async (id) => {
      const tally = tables.sessions.get(id);
      return tally && recordOf(tally);
    },
    steps: async (sessionId) => toSteps([...(tables.steps.get(sessionId)?.values() ?? [])]),
    observations: async (sessionId) => observationsOf(sessionId),
    observationPage: async (sessionId, query = {}) =>
      observationPage(observationsOf(sessionId), sessionId, query),
    observation: async (traceId, spanId) => {
      const span = kept.get(traceId)?.get(spanId)?.span;
      return span && observationAt(span);
    },
    search: async (query) => searchKept(all(), query, observationAt),
    scores: async (query = {}) =>
      pageOfScores(
        [...all()].map(({ span }) => told(span)),
        query,
        (span) => placeOf(span)?.sessionId,
      ),
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
    traceWindow: async (traceId, query = {}) =>
      traceWindow(
        [...(kept.get(traceId)?.values() ?? [])].map(({ span }) => span),
        query,
      ),
    pin: async (sessionId, isPinned) => {
      if (!tables.sessions.has(sessionId)) return false;
      if (isPinned) pinned.add(sessionId);
      else pinned.delete(sessionId);
      return true;
    },
    remove: async (sessionId) => {
      if (!tables.sessions.has(sessionId)) return false;
      remove(sessionId);
      return true;
    },
    expire: async (beforeMs) => {
      const aged = [...tables.sessions.values()].filter(
        (tally) => tally.updatedMs < beforeMs && !pinned.has(tally.sessionId),
      );
      for (const { sessionId } of aged) remove(sessionId);
      return aged.length;
    },
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
    reindex: async (onProgress) => {
      const count = rebuild(() => true);
      onProgress?.(count);
      return count;
    },
    close: async () => {
      kept.clear();
      logged.clear();
      pinned.clear();
      blobs.clear();
      tables = createMemoryTables();
      ledger = createLedger(tables);
    },
  };
}

function sessionPosition(session: Session): Position {
  return { ms: session.updatedMs, id: session.id };
}

function tracePosition(trace: TraceTally): Position {
  return { ms: trace.startMs, id: trace.traceId };
}

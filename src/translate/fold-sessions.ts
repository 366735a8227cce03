import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import { createLedger } from './ledger.js';
import type { TraceTally } from './ledger-tables.js';
import { createMemoryTables } from './memory-tables.js';
import { toObservation, toSession, toSteps } from './records.js';
import type { TranslatedSpan } from './translate-span.js';

/** A session with everything in it. */
export interface FoldedSession {
  session: Session;
  steps: Step[];
  /** In order of start. */
  observations: Observation[];
}

/** Spans in any order → the sessions that they make up, by id. `receivedMs` becomes `updatedMs`. Pure. */
export function foldSessions(spans: readonly TranslatedSpan[], receivedMs = 0): FoldedSession[] {
  const tables = createMemoryTables();
  const { accepted } = createLedger(tables).apply(spans, receivedMs);
  const kept = spans.filter((_, i) => accepted[i]);
  const bySpan = new Map(kept.map((span) => [`${span.traceId} ${span.spanId}`, span]));
  return [...tables.sessions.values()]
    .toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
    .map((tally) => ({
      session: toSession(tally, tracesInOrder(Object.keys(tally.traces), tables.traces)),
      steps: toSteps([...(tables.steps.get(tally.sessionId)?.values() ?? [])]),
      observations: [...tables.sessionNodes(tally.sessionId)]
        .map(({ node, ...place }) => {
          const span = bySpan.get(`${node.traceId} ${node.spanId}`) as TranslatedSpan;
          return toObservation(span, place, tables);
        })
        .filter((observation) => observation !== undefined)
        .toSorted(byStart),
    }));
}

/** Traces of a session, earliest first. */
export function tracesInOrder(
  traceIds: readonly string[],
  traces: ReadonlyMap<string, TraceTally>,
): TraceTally[] {
  return traceIds
    .map((traceId) => traces.get(traceId))
    .filter((trace) => trace !== undefined)
    .toSorted((a, b) => a.startMs - b.startMs || (a.traceId < b.traceId ? -1 : 1));
}

/** Order of observations: by start, then by ids, so that it is always the same. */
export function byStart(a: Observation, b: Observation): number {
  return a.startMs - b.startMs || compare(a.traceId, b.traceId) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import type { Observation } from '../../semconv/model/observation.js';
import type { SpanRecord } from '../otlp/records.js';
import { implicitStepId } from '../translate/contribution.js';
import { toMs } from '../translate/translate-span.js';
import { compareAscending, isLater, limitOf, pageOf, positionOf, type Position } from './page.js';
import type { ObservationQuery, Page, TraceWindowQuery } from './store.js';

/** A page of the observations of a session, which are in order. */
export function observationPage(
  observations: readonly Observation[],
  sessionId: string,
  query: ObservationQuery,
): Page<Observation> {
  const limit = limitOf(query);
  const position = positionOf(query);
  const { stepId } = query;
  const wanted = stepId === implicitStepId(sessionId) ? undefined : stepId;
  const found = observations.filter(
    (observation) =>
      (stepId === undefined || observation.stepId === wanted) &&
      isLater(observationPosition(observation), position),
  );
  return pageOf(found.slice(0, limit + 1), limit, observationPosition);
}

/** A page of the spans of a trace that overlap a window, in order of start. */
export function traceWindow(spans: readonly SpanRecord[], query: TraceWindowQuery): Page<SpanRecord> {
  const limit = limitOf(query);
  const position = positionOf(query);
  const { fromMs: least = -Infinity, toMs: most = Infinity } = query;
  const found = spans
    .filter((span) => toMs(span.startTimeUnixNano) <= most && endOf(span) >= least)
    .filter((span) => isLater(spanPosition(span), position))
    .toSorted((a, b) => compareAscending(spanPosition(a), spanPosition(b)));
  return pageOf(found.slice(0, limit + 1), limit, spanPosition);
}

function observationPosition({ startMs, traceId, id }: Observation): Position {
  return { ms: startMs, id: `${traceId} ${id}` };
}

function spanPosition({ startTimeUnixNano, spanId }: SpanRecord): Position {
  return { ms: toMs(startTimeUnixNano), id: spanId };
}

function endOf({ endTimeUnixNano }: SpanRecord): number {
  return endTimeUnixNano === 0n ? Infinity : toMs(endTimeUnixNano);
}

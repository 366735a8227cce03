import type { Observation } from '../../../semconv/model/observation.js';
import type { SpanRecord } from '../../otlp/records.js';
import { implicitStepId } from '../../translate/contribution.js';
import { compareAscending, isLater, limitOf, pageOf, positionOf } from '../page.js';
import type { ObservationQuery, Page, TraceWindowQuery } from '../store.js';
import type { Engine } from './engine.js';
import type { NodeReader } from './node-reader.js';
import type { SpanReader } from './span-reader.js';

/** Pages of what may be too large to read whole. */
export interface ClickHouseWindows {
  observations(sessionId: string, query: ObservationQuery): Promise<Page<Observation>>;
  spans(traceId: string, query: TraceWindowQuery): Promise<Page<SpanRecord>>;
}

/** Makes the windows of a database. Places are found without the bodies, which are read for one page only. */
export function createWindows(engine: Engine, nodes: NodeReader, reader: SpanReader): ClickHouseWindows {
  return {
    async observations(sessionId, query) {
      const limit = limitOf(query);
      const position = positionOf(query);
      const { stepId } = query;
      const wanted = stepId === implicitStepId(sessionId) ? undefined : stepId;
      const tables = await nodes.loadSession(sessionId);
      const places = [...tables.sessionNodes(sessionId)]
        .filter((stored) => stored.node.concept === 'observation')
        .filter((stored) => stepId === undefined || stored.stepId === wanted)
        .map(({ node }) => ({ node, at: { ms: node.startMs, id: `${node.traceId} ${node.spanId}` } }))
        .filter(({ at }) => isLater(at, position))
        .toSorted((a, b) => compareAscending(a.at, b.at));
      const { items, ...rest } = pageOf(places.slice(0, limit + 1), limit, ({ at }) => at);
      const records = inOrder(
        await reader.find(items.map(({ node }) => node)),
        items.map(({ at }) => at.id),
      );
      return { ...rest, items: await reader.observationsAt(records, tables) };
    },
    async spans(traceId, query) {
      const limit = limitOf(query);
      const position = positionOf(query);
      const { fromMs, toMs } = query;
      const where = ['trace_id = {trace:String}'];
      if (toMs !== undefined) where.push('start_ms <= {to:Float64}');
      if (fromMs !== undefined) where.push('(ended = 0 OR end_ms >= {from:Float64})');
      if (position !== undefined) where.push('(start_ms, span_id) > ({ms:Float64}, {after:String})');
      const rows = await engine.rows<{ span_id: string; start_ms: number }>(
        `SELECT span_id, start_ms FROM ${engine.tables.spans} FINAL WHERE ${where.join(' AND ')}
         ORDER BY start_ms, span_id LIMIT {limit:UInt32}`,
        {
          trace: traceId,
          to: toMs ?? 0,
          from: fromMs ?? 0,
          ms: position?.ms ?? 0,
          after: position?.id ?? '',
          limit: limit + 1,
        },
      );
      const { items, ...rest } = pageOf(rows, limit, (row) => ({ ms: row.start_ms, id: row.span_id }));
      const ids = items.map((row) => `${traceId} ${row.span_id}`);
      return {
        ...rest,
        items: inOrder(await reader.find(items.map((row) => ({ traceId, spanId: row.span_id }))), ids),
      };
    },
  };
}

/** Spans in the order of their trace and span ids in a list. */
export function inOrder(spans: readonly SpanRecord[], ids: readonly string[]): SpanRecord[] {
  const byId = new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

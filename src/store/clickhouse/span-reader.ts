import type { Observation } from '../../../semconv/model/observation.js';
import type { SpanRecord } from '../../otlp/records.js';
import { byStart } from '../../translate/fold-sessions.js';
import type { StoredNode } from '../../translate/ledger-tables.js';
import { withLogs } from '../../translate/log-events.js';
import type { MemoryTables } from '../../translate/memory-tables.js';
import { toObservation } from '../../translate/records.js';
import { translateSpan } from '../../translate/translate-span.js';
import { unpackSpan } from '../span-body.js';
import type { ClickHouseContents } from './contents.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { ClickHouseLogs } from './logs.js';
import type { NodeReader } from './node-reader.js';

/** Columns that make a span again. */
export interface BodyRow {
  trace_id: string;
  span_id: string;
  refs: string[];
  body: string;
}
export const BODY = 'trace_id, span_id, refs, body';

/** Reads spans as they were received, and as observations. */
export interface SpanReader {
  unpack(rows: readonly BodyRow[]): Promise<SpanRecord[]>;
  rawSpans(traceId: string): Promise<SpanRecord[]>;
  /** The spans that are there, of those with these ids. */
  find(places: readonly { traceId: string; spanId: string }[]): Promise<SpanRecord[]>;
  /** Spans as observations, by their place in folded tables; those that are none are left out. */
  observationsAt(spans: readonly SpanRecord[], tables: MemoryTables): Promise<Observation[]>;
  observations(sessionId: string): Promise<Observation[]>;
  observation(traceId: string, spanId: string): Promise<Observation | undefined>;
}

/** Makes the reader of a database. */
export function createSpanReader(
  engine: Engine,
  contents: ClickHouseContents,
  logs: Pick<ClickHouseLogs, 'tellingOf'>,
  nodes: NodeReader,
): SpanReader {
  const { spans } = engine.tables;

  async function unpack(rows: readonly BodyRow[]): Promise<SpanRecord[]> {
    const texts = await contents.read(rows.flatMap((row) => row.refs));
    return rows.map((row) =>
      unpackSpan(row.trace_id, row.span_id, row.body, {
        get: (place) => texts.get(row.refs[place] ?? '') ?? 'null',
      }),
    );
  }

  async function find(places: readonly { traceId: string; spanId: string }[]): Promise<SpanRecord[]> {
    const wanted = new Set(places.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    const spanIds = new Map<string, string[]>();
    for (const { traceId, spanId } of places) {
      const known = spanIds.get(traceId);
      if (known === undefined) spanIds.set(traceId, [spanId]);
      else known.push(spanId);
    }
    const rows = await inPieces([...wanted], (piece) =>
      engine.rows<BodyRow>(
        `SELECT ${BODY} FROM ${spans} FINAL
         WHERE trace_id IN {traces:Array(String)} AND span_id IN {spans:Array(String)}
           AND concat(trace_id, ' ', span_id) IN {ids:Array(String)}`,
        {
          ids: piece,
          traces: [...new Set(piece.map((id) => id.split(' ')[0] as string))],
          spans: [...new Set(piece.map((id) => id.split(' ')[1] as string))],
        },
      ),
    );
    return unpack(rows);
  }

  async function observationsAt(
    records: readonly SpanRecord[],
    tables: MemoryTables,
  ): Promise<Observation[]> {
    const told = await logs.tellingOf(records.map((span) => span.traceId));
    const places = placesOf(new Set(records.map((span) => span.traceId)), tables);
    const found: Observation[] = [];
    for (const span of records) {
      const id = `${span.traceId} ${span.spanId}`;
      const said = told.get(id) ?? [];
      const place = places.get(id) ?? {};
      const observation = toObservation(translateSpan(withLogs(span, said)), place, tables);
      if (observation !== undefined) found.push(observation);
    }
    return found;
  }

  async function observations(sessionId: string): Promise<Observation[]> {
    const tables = await nodes.loadSession(sessionId);
    const places = [...tables.sessionNodes(sessionId)]
      .filter(({ node }) => node.concept === 'observation')
      .map(({ node }) => node);
    return (await observationsAt(await find(places), tables)).toSorted(byStart);
  }

  return {
    unpack,
    find,
    observationsAt,
    observations,
    async rawSpans(traceId) {
      const rows = await engine.rows<BodyRow>(
        `SELECT ${BODY} FROM ${spans} FINAL WHERE trace_id = {id:String}`,
        { id: traceId },
      );
      return unpack(rows);
    },
    async observation(traceId, spanId) {
      const found = await find([{ traceId, spanId }]);
      if (found.length === 0) return undefined;
      const tables = (await nodes.load([traceId])).fold();
      return (await observationsAt(found, tables))[0];
    },
  };
}

/** The places of the spans of some traces, by trace and span id. */
export function placesOf(
  traceIds: Iterable<string>,
  tables: MemoryTables,
): ReadonlyMap<string, Omit<StoredNode, 'node'>> {
  const places = new Map<string, Omit<StoredNode, 'node'>>();
  for (const traceId of traceIds) {
    for (const { node, ...place } of tables.traceNodes(traceId))
      places.set(`${traceId} ${node.spanId}`, place);
  }
  return places;
}

import type { SpanRecord } from '../../otlp/records.js';
import { spanOfLog, withLogs } from '../../translate/log-events.js';
import { translateSpan } from '../../translate/translate-span.js';
import type { ClickHouseContents } from './contents.js';
import type { Engine } from './engine.js';
import type { ClickHouseLogs } from './logs.js';
import type { Settler } from './settler.js';
import type { SpanIndex } from './span-index.js';
import { BODY, type BodyRow, type SpanReader } from './span-reader.js';
import { toSpanRow } from './span-row.js';

const CHUNK = 1000;

interface Row extends BodyRow {
  version: string;
  received_ms: number;
  first_ms: number;
  place: number;
  day: string;
}
const ROW = `${BODY}, version, received_ms, first_ms, place, day`;

interface Parts {
  engine: Engine;
  contents: ClickHouseContents;
  logs: ClickHouseLogs;
  reader: SpanReader;
  index: SpanIndex;
  settler: Settler;
}

/**
 * Translates every span anew, in the order of their ids, and writes it in the place of its earlier row. Spans that arrive
 * meanwhile have a higher version. Returns how many were read.
 */
export async function reindexAll(parts: Parts, onProgress?: (spans: number) => void): Promise<number> {
  const { engine, reader, logs } = parts;
  const { spans } = engine.tables;
  for await (const loose of logs.loose()) await renewObserved(parts, loose);
  let after: [string, string] = ['', ''];
  let count = 0;
  const unsettled = new Set<string>();
  for (;;) {
    const rows = await engine.rows<Row>(
      `SELECT ${ROW} FROM ${spans} FINAL WHERE (trace_id, span_id) > ({trace:String}, {span:String})
       ORDER BY trace_id, span_id LIMIT ${CHUNK}`,
      { trace: after[0], span: after[1] },
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    await rewrite(parts, rows, await reader.unpack(rows));
    for (const row of rows) unsettled.add(row.trace_id);
    // The last trace may go on in the next chunk.
    unsettled.delete(last.trace_id);
    await parts.settler.renew(unsettled);
    unsettled.clear();
    unsettled.add(last.trace_id);
    after = [last.trace_id, last.span_id];
    count += rows.length;
    onProgress?.(count);
  }
  await parts.settler.renew(unsettled);
  return count;
}

async function rewrite(
  { engine, contents, logs, index }: Parts,
  rows: readonly Row[],
  spans: readonly SpanRecord[],
): Promise<void> {
  const told = await logs.tellingOf(spans.map((span) => span.traceId));
  const sink = contents.gather();
  const translated = spans.map((span) =>
    translateSpan(withLogs(span, told.get(`${span.traceId} ${span.spanId}`) ?? [])),
  );
  const renewed = spans.map((span, i) => {
    const { received_ms: receivedMs, first_ms: firstMs, place, day, version } = rows[i] as Row;
    const row = toSpanRow(
      span,
      translated[i] as (typeof translated)[number],
      { receivedMs, firstMs, place, day },
      sink,
    );
    return { ...row, version };
  });
  await Promise.all([sink.save(), index.save(translated, (rows[0] as Row).received_ms)]);
  await engine.insert('spans', renewed);
}

/** The observations that records are, as the current mapping makes them, with the arrival that they had. */
async function renewObserved(
  parts: Parts,
  loose: readonly { key: string; log: Parameters<typeof spanOfLog>[0] }[],
): Promise<void> {
  const { engine } = parts;
  const observed = new Map(
    loose.flatMap(({ key, log }) => {
      const span = spanOfLog(log, key);
      return span === undefined ? [] : [[`${span.traceId} ${span.spanId}`, span] as const];
    }),
  );
  if (observed.size === 0) return;
  const asked = [...observed.values()].map((span) => ({ trace_id: span.traceId, span_id: span.spanId }));
  const rows = await rowsAt(engine, asked);
  if (rows.length === 0) return;
  await rewrite(
    parts,
    rows,
    rows.map((row) => observed.get(`${row.trace_id} ${row.span_id}`) as SpanRecord),
  );
}

async function rowsAt(
  engine: Engine,
  places: readonly { trace_id: string; span_id: string }[],
): Promise<Row[]> {
  const found: Row[] = [];
  for (let from = 0; from < places.length; from += CHUNK) {
    const piece = places.slice(from, from + CHUNK);
    const wanted = new Set(piece.map((place) => `${place.trace_id} ${place.span_id}`));
    const rows = await engine.rows<Row>(
      `SELECT ${ROW} FROM ${engine.tables.spans} FINAL
       WHERE trace_id IN {traces:Array(String)} AND span_id IN {spans:Array(String)}`,
      {
        traces: [...new Set(piece.map((place) => place.trace_id))],
        spans: piece.map((place) => place.span_id),
      },
    );
    found.push(...rows.filter((row) => wanted.has(`${row.trace_id} ${row.span_id}`)));
  }
  return found;
}

import type { LogRecord, SpanRecord } from '../../otlp/records.js';
import { spanOfLog, withLogs } from '../../translate/log-events.js';
import { isTelling, logKeys } from '../../translate/log-record.js';
import { translateSpan, type TranslatedSpan } from '../../translate/translate-span.js';
import type { StoreChange } from '../store.js';
import type { ClickHouseContents } from './contents.js';
import type { Engine } from './engine.js';
import type { ClickHouseLogs, KeyedLog } from './logs.js';
import { toLogRow } from './log-row.js';
import type { Settler } from './settler.js';
import type { SpanIndex } from './span-index.js';
import type { SpanReader } from './span-reader.js';
import { toSpanRow } from './span-row.js';

/** Writes spans and log records. Resolves when they are in the tables and the summaries speak of them. */
export interface ClickHouseWriter {
  append(spans: readonly SpanRecord[], receivedMs: number): Promise<StoreChange>;
  appendLogs(logs: readonly LogRecord[], receivedMs: number): Promise<StoreChange>;
}

interface Entry {
  span: SpanRecord;
  translated: TranslatedSpan;
  /** When its first copy came, and as the how many-th of its batch. */
  firstMs: number;
  place: number;
}

const NO_CHANGE: StoreChange = { sessionIds: [], traceIds: [], spanCount: 0 };

/** Makes the writer of a database. */
export function createWriter(parts: {
  engine: Engine;
  contents: ClickHouseContents;
  logs: ClickHouseLogs;
  reader: SpanReader;
  index: SpanIndex;
  settler: Settler;
}): ClickHouseWriter {
  const { engine, contents, logs, reader, index, settler } = parts;

  async function write(entries: readonly Entry[], receivedMs: number): Promise<void> {
    const sink = contents.gather();
    const rows = entries.map(({ span, translated, firstMs, place }) =>
      toSpanRow(span, translated, { receivedMs, firstMs, place }, sink),
    );
    // What a span is found by comes before it: once it can be read, all of it can.
    await Promise.all([
      sink.save(),
      index.save(
        entries.map(({ translated }) => translated),
        receivedMs,
      ),
    ]);
    await engine.insert('spans', rows);
  }

  async function append(given: readonly SpanRecord[], receivedMs: number): Promise<StoreChange> {
    if (given.length === 0) return NO_CHANGE;
    const { accepted, standing } = await index.accept(given);
    if (standing.length === 0) return NO_CHANGE;
    const entries = standing.map(({ span, first }, i): Entry => ({
      span,
      translated: translateSpan(span),
      firstMs: first?.ms ?? receivedMs,
      place: first?.place ?? i,
    }));
    await write(entries, receivedMs);
    // Only now: a record that is written at the same time is either seen here, or its writer sees the span.
    const told = await logs.tellingOf(entries.map(({ span }) => span.traceId));
    const late = entries.flatMap((entry): Entry[] => {
      const said = told.get(`${entry.span.traceId} ${entry.span.spanId}`);
      return said === undefined ? [] : [{ ...entry, translated: translateSpan(withLogs(entry.span, said)) }];
    });
    if (late.length > 0) await write(late, receivedMs);
    const change = await settler.settle([...entries, ...late].map(({ translated }) => translated));
    return { ...change, spanCount: accepted };
  }

  async function appendLogs(records: readonly LogRecord[], receivedMs: number): Promise<StoreChange> {
    const keys = logKeys(records);
    const all = records.map((log, i): KeyedLog => ({ key: keys[i] as string, log }));
    const known = await logs.known(all.map(({ key, log }) => ({ key, traceId: log.traceId ?? '' })));
    const fresh = all.filter(({ key }) => !known.has(key));
    if (fresh.length === 0) return NO_CHANGE;
    const sink = contents.gather();
    const rows = fresh.map(({ key, log }) => toLogRow(key, log, receivedMs, sink));
    await sink.save();
    await engine.insert('logs', rows);
    const observed = fresh.flatMap(({ key, log }) => spanOfLog(log, key) ?? []);
    const change = await append([...observed, ...(await toldOf(fresh))], receivedMs);
    const traceIds = new Set([...change.traceIds, ...fresh.flatMap(({ log }) => log.traceId ?? [])]);
    const sessionIds = new Set([...change.sessionIds, ...(await settler.sessionsOf(traceIds))]);
    return {
      sessionIds: [...sessionIds],
      traceIds: [...traceIds],
      spanCount: Math.min(observed.length, change.spanCount),
    };
  }

  /** The spans that are here already, and of which new records say something. */
  function toldOf(fresh: readonly KeyedLog[]): Promise<SpanRecord[]> {
    const places = fresh.flatMap(({ log }) =>
      log.traceId === undefined || log.spanId === undefined || !isTelling(log)
        ? []
        : [{ traceId: log.traceId, spanId: log.spanId }],
    );
    return places.length === 0 ? Promise.resolve([]) : reader.find(places);
  }

  return { append, appendLogs };
}

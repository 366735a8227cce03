import type { LogRecord, SpanRecord } from '../otlp/records.js';
import { createLedger, type LedgerChange } from '../translate/ledger.js';
import { spanOfLog, withLogs } from '../translate/log-events.js';
import { isTelling } from '../translate/log-record.js';
import { previewOf } from '../translate/preview.js';
import { translateSpan, type TranslatedSpan } from '../translate/translate-span.js';
import { packSpan, unpackSpan } from './span-body.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { SqliteCounts } from './sqlite-counts.js';
import type { Database, SqlRow } from './sqlite-engine.js';
import type { KeyedLog, SqliteLogs } from './sqlite-logs.js';
import type { SqliteScores } from './sqlite-scores.js';
import type { SavedSpan, SqliteTables } from './sqlite-tables.js';

/** Spans of traces that are kept at hand: about one kilobyte each. */
const CACHED_SPANS = 50_000;
const REINDEX_CHUNK = 1000;

/** Writes spans and keeps the projections up to date, each batch in one transaction. */
export interface SqliteWriter {
  /** `also` runs in the same transaction. */
  append(spans: readonly SpanRecord[], nowMs: number, also?: () => void): LedgerChange;
  /** `accepted` speaks of the observations that the records are. */
  appendLogs(logs: readonly LogRecord[], nowMs: number): LedgerChange;
  /** Rebuilds all projections; returns the number of spans. */
  reindex(onProgress?: (spans: number) => void): number;
  /** Runs changes that the projections do not see, in one transaction. */
  commit<T>(work: () => T): T;
  /** Runs changes of the tables by other means. */
  change<T>(work: () => T): T;
}

/** Makes the writer of a database. */
export function createSqliteWriter(
  database: Database,
  tables: SqliteTables,
  contents: SqliteContents,
  logs: SqliteLogs,
  scores: SqliteScores,
  counts: SqliteCounts,
): SqliteWriter {
  const ledger = createLedger(tables, CACHED_SPANS);
  const findSpan = database.prepare(
    'SELECT s.id, b.body FROM spans s JOIN bodies b ON b.id = s.id WHERE s.trace_id = ? AND s.span_id = ?',
  );
  const sessionsOf = database.prepare(
    'SELECT DISTINCT session_id FROM spans WHERE trace_id = ? AND session_id IS NOT NULL',
  );
  const findRefs = database.prepare('SELECT refs FROM bodies WHERE id = ?');
  const saveBody = database.prepare('INSERT OR REPLACE INTO bodies (id, refs, body) VALUES (?, ?, ?)');
  const savePreview = database.prepare('INSERT INTO previews (rowid, text) VALUES (?, ?)');
  const deletePreview = database.prepare('DELETE FROM previews WHERE rowid = ?');
  const dataVersion = database.prepare('PRAGMA data_version');
  let seenVersion = Number(dataVersion.get()?.data_version);

  function forget(): void {
    ledger.forget();
    tables.forget();
    contents.forget();
    counts.forget();
  }

  function inTransaction<T>(work: () => T): T {
    database.exec('BEGIN IMMEDIATE');
    try {
      // It changes when another process has written: then what is cached here may be old.
      const version = Number(dataVersion.get()?.data_version);
      if (version !== seenVersion) forget();
      seenVersion = version;
      const result = work();
      contents.flush();
      counts.flush();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      forget();
      // A full disk may have undone it already; the first error is the one to tell.
      try {
        database.exec('ROLLBACK');
      } catch {
        throw error;
      }
      throw error;
    }
  }

  function project(
    spans: readonly TranslatedSpan[],
    nowMs: number,
  ): { change: LedgerChange; rows: (SavedSpan | undefined)[] } {
    const change = ledger.apply(spans, nowMs);
    const saved = tables.takeSaved();
    const rows = spans.map((span, i) =>
      change.accepted[i] ? saved.get(`${span.traceId} ${span.spanId}`) : undefined,
    );
    return { change, rows };
  }

  function translate(spans: readonly SpanRecord[]): TranslatedSpan[] {
    const isLogged = logs.hasTelling();
    return spans.map((span) =>
      translateSpan(isLogged ? withLogs(span, logs.tellingOf(span.traceId, span.spanId)) : span),
    );
  }

  function appendSpans(spans: readonly SpanRecord[], nowMs: number): LedgerChange {
    const translated = translate(spans);
    const { change, rows } = project(translated, nowMs);
    for (const [i, row] of rows.entries()) {
      if (row === undefined) continue;
      saveSpan(row, spans[i] as SpanRecord, translated[i] as TranslatedSpan);
      // Another copy in the same batch replaces this one.
      row.isNew = false;
    }
    return change;
  }

  /** The spans that are here already, and of which new records say something. */
  function toldOf(fresh: readonly KeyedLog[]): SpanRecord[] {
    const told = new Map<string, SpanRecord>();
    for (const { log } of fresh) {
      if (log.traceId === undefined || log.spanId === undefined || !isTelling(log)) continue;
      const key = `${log.traceId} ${log.spanId}`;
      const row = told.has(key) ? undefined : findSpan.get(log.traceId, log.spanId);
      if (row !== undefined) told.set(key, unpackSpan(log.traceId, log.spanId, String(row.body), contents));
    }
    return [...told.values()];
  }

  function appendLogs(records: readonly LogRecord[], nowMs: number): LedgerChange {
    const fresh = logs.save(records, nowMs);
    counts.add('logs', '', fresh.length);
    const observed = fresh.flatMap(({ key, log }) => spanOfLog(log, key) ?? []);
    const change = appendSpans([...observed, ...toldOf(fresh)], nowMs);
    const traceIds = new Set(change.traceIds);
    const sessionIds = new Set(change.sessionIds);
    for (const traceId of new Set(fresh.flatMap(({ log }) => log.traceId ?? []))) {
      traceIds.add(traceId);
      for (const row of sessionsOf.all(traceId)) sessionIds.add(String(row.session_id));
    }
    return {
      accepted: change.accepted.slice(0, observed.length),
      sessionIds: [...sessionIds],
      traceIds: [...traceIds],
    };
  }

  /** The observations that records are, as the current mapping makes them; their projections come after. */
  function renewObserved(): void {
    for (const fresh of logs.loose()) {
      for (const { key, log } of fresh) {
        const span = spanOfLog(log, key);
        const id = span && findSpan.get(span.traceId, span.spanId)?.id;
        if (span !== undefined && id !== undefined)
          saveSpan({ id: Number(id), isNew: false }, span, translateSpan(span));
      }
    }
  }

  function saveSpan({ id, isNew }: SavedSpan, span: SpanRecord, translated: TranslatedSpan): void {
    const before = isNew ? undefined : findRefs.get(id);
    if (before !== undefined) {
      contents.count(JSON.parse(String(before.refs)) as number[], -1);
      deletePreview.run(id);
    }
    const { body, refs } = packSpan(span, contents);
    contents.count(refs, 1);
    saveBody.run(id, JSON.stringify(refs), body);
    const preview = previewOf(translated);
    if (preview !== '') savePreview.run(id, preview);
    scores.save(id, translated, before === undefined);
  }

  function reindexAll(onProgress?: (spans: number) => void): number {
    renewObserved();
    database.exec(`
      DELETE FROM sessions; DELETE FROM session_tags; DELETE FROM steps; DELETE FROM traces; DELETE FROM patches;
      INSERT INTO previews (previews) VALUES ('delete-all');
      UPDATE spans SET node = NULL, session_id = NULL, step_id = NULL;
      DELETE FROM counts WHERE kind = 'sessions';
    `);
    scores.clear();
    logs.reindex();
    forget();
    const next = database.prepare(`
      SELECT s.id, s.trace_id, s.span_id, s.received_ms, b.body FROM spans s JOIN bodies b ON b.id = s.id
      WHERE s.id > ? ORDER BY s.id LIMIT ${REINDEX_CHUNK}`);
    let count = 0;
    for (let rows = next.all(0); rows.length > 0; rows = next.all(Number(rows.at(-1)?.id))) {
      // Spans that came together are folded together, so that their session was updated when they came.
      for (const [receivedMs, group] of groupByReceived(rows)) {
        const translated = translate(
          group.map((row) =>
            unpackSpan(String(row.trace_id), String(row.span_id), String(row.body), contents),
          ),
        );
        project(translated, receivedMs);
        for (const [i, row] of group.entries()) {
          const preview = previewOf(translated[i] as TranslatedSpan);
          if (preview !== '') savePreview.run(Number(row.id), preview);
          scores.save(Number(row.id), translated[i] as TranslatedSpan, true);
        }
      }
      count += rows.length;
      onProgress?.(count);
    }
    return count;
  }

  return {
    append: (spans, nowMs, also) =>
      inTransaction(() => {
        const change = appendSpans(spans, nowMs);
        also?.();
        return change;
      }),
    commit: (work) => inTransaction(work),
    appendLogs: (records, nowMs) => inTransaction(() => appendLogs(records, nowMs)),
    reindex: (onProgress) => inTransaction(() => reindexAll(onProgress)),
    change: (work) =>
      inTransaction(() => {
        const result = work();
        contents.flush();
        counts.flush();
        forget();
        return result;
      }),
  };
}

function groupByReceived(rows: readonly SqlRow[]): Map<number, SqlRow[]> {
  const groups = new Map<number, SqlRow[]>();
  for (const row of rows) {
    const receivedMs = Number(row.received_ms);
    const group = groups.get(receivedMs);
    if (group === undefined) groups.set(receivedMs, [row]);
    else group.push(row);
  }
  return groups;
}

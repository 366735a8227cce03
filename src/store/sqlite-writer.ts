import type { SpanRecord } from '../otlp/records.js';
import { createLedger, type LedgerChange } from '../translate/ledger.js';
import { previewOf } from '../translate/preview.js';
import { translateSpan, type TranslatedSpan } from '../translate/translate-span.js';
import { packSpan, unpackSpan } from './span-body.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { Database, SqlRow } from './sqlite-engine.js';
import type { SqliteTables } from './sqlite-tables.js';

/** Spans of traces that are kept at hand: about one kilobyte each. */
const CACHED_SPANS = 50_000;
const REINDEX_CHUNK = 1000;

/** Writes spans and keeps the projections up to date, each batch in one transaction. */
export interface SqliteWriter {
  append(spans: readonly SpanRecord[], nowMs: number): LedgerChange;
  /** Rebuilds all projections; returns the number of spans. */
  reindex(): number;
  /** Runs changes of the tables by other means. */
  change<T>(work: () => T): T;
}

/** Makes the writer of a database. */
export function createSqliteWriter(
  database: Database,
  tables: SqliteTables,
  contents: SqliteContents,
): SqliteWriter {
  const ledger = createLedger(tables, CACHED_SPANS);
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
  ): { change: LedgerChange; ids: (number | undefined)[] } {
    const change = ledger.apply(spans, nowMs);
    const saved = tables.takeSavedIds();
    const ids = spans.map((span, i) =>
      change.accepted[i] ? saved.get(`${span.traceId} ${span.spanId}`) : undefined,
    );
    return { change, ids };
  }

  function saveSpan(id: number, span: SpanRecord, translated: TranslatedSpan): void {
    const before = findRefs.get(id);
    if (before !== undefined) {
      contents.count(JSON.parse(String(before.refs)) as number[], -1);
      deletePreview.run(id);
    }
    const { body, refs } = packSpan(span, contents);
    contents.count(refs, 1);
    saveBody.run(id, JSON.stringify(refs), body);
    const preview = previewOf(translated);
    if (preview !== '') savePreview.run(id, preview);
  }

  function reindexAll(): number {
    database.exec(`
      DELETE FROM sessions; DELETE FROM steps; DELETE FROM traces; DELETE FROM patches;
      INSERT INTO previews (previews) VALUES ('delete-all');
      UPDATE spans SET node = NULL, session_id = NULL, step_id = NULL;
    `);
    forget();
    const next = database.prepare(`
      SELECT s.id, s.trace_id, s.span_id, s.received_ms, b.body FROM spans s JOIN bodies b ON b.id = s.id
      WHERE s.id > ? ORDER BY s.id LIMIT ${REINDEX_CHUNK}`);
    let count = 0;
    for (let rows = next.all(0); rows.length > 0; rows = next.all(Number(rows.at(-1)?.id))) {
      // Spans that came together are folded together, so that their session was updated when they came.
      for (const [receivedMs, group] of groupByReceived(rows)) {
        const translated = group.map((row) =>
          translateSpan(unpackSpan(String(row.trace_id), String(row.span_id), String(row.body), contents)),
        );
        project(translated, receivedMs);
        for (const [i, row] of group.entries()) {
          const preview = previewOf(translated[i] as TranslatedSpan);
          if (preview !== '') savePreview.run(Number(row.id), preview);
        }
      }
      count += rows.length;
    }
    return count;
  }

  return {
    append: (spans, nowMs) =>
      inTransaction(() => {
        const translated = spans.map((span) => translateSpan(span));
        const { change, ids } = project(translated, nowMs);
        for (const [i, id] of ids.entries()) {
          if (id !== undefined) saveSpan(id, spans[i] as SpanRecord, translated[i] as TranslatedSpan);
        }
        return change;
      }),
    reindex: () => inTransaction(reindexAll),
    change: (work) =>
      inTransaction(() => {
        try {
          return work();
        } finally {
          forget();
        }
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

import type { Log } from '../../semconv/model/log.js';
import type { LogRecord } from '../otlp/records.js';
import { previewOfLog } from '../translate/log-preview.js';
import { isTelling, logKeys, logTime, statedSession, toLog } from '../translate/log-record.js';
import { packLog, unpackLog } from './log-body.js';
import { limitOf, pageOf, positionOf } from './page.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';
import type { LogQuery, Page } from './store.js';
import { searchWords } from './text-query.js';

export interface KeyedLog {
  key: string;
  log: LogRecord;
}

/** The log records of a store. */
export interface SqliteLogs {
  /** Keeps records; returns those that are new. */
  save(logs: readonly LogRecord[], nowMs: number): KeyedLog[];
  /** What was logged within a span and says something of it, in order of time. */
  tellingOf(traceId: string, spanId: string): LogRecord[];
  /** False when no span ever had such a record, so that none has to be looked up. */
  hasTelling(): boolean;
  /** Records outside of any span that may be observations of their own, in pieces. */
  loose(): IterableIterator<KeyedLog[]>;
  /** Makes the index of their words anew. */
  reindex(): void;
  page(query: LogQuery): Page<Log>;
  count(): number;
}

const CHUNK = 1000;
const ROW = `
  SELECT l.key, l.time_ms, l.body, s.session_id, s.step_id FROM logs l
  LEFT JOIN spans s ON s.trace_id = l.trace_id AND s.span_id = l.span_id`;

/** Opens the log records of a database. */
export function createSqliteLogs(database: Database, contents: SqliteContents): SqliteLogs {
  const insert = database.prepare(`
    INSERT INTO logs (key, trace_id, span_id, session_id, time_ms, received_ms, telling, refs, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`);
  const savePreview = database.prepare('INSERT INTO log_previews (rowid, text) VALUES (?, ?)');
  const allRows = database.prepare(`SELECT id, body FROM logs WHERE id > ? ORDER BY id LIMIT ${CHUNK}`);
  const known = database.prepare('SELECT 1 FROM logs WHERE key = ?');
  const telling = database.prepare(
    'SELECT body FROM logs WHERE telling = 1 AND trace_id = ? AND span_id = ? ORDER BY time_ms, id',
  );
  const anyTelling = database.prepare("SELECT 1 FROM meta WHERE key = 'telling logs'");
  const noteTelling = database.prepare(
    "INSERT OR IGNORE INTO meta (key, value) VALUES ('telling logs', '1')",
  );
  const looseRows = database.prepare(`
    SELECT id, key, body FROM logs WHERE telling = 1 AND span_id IS NULL AND id > ? ORDER BY id LIMIT ${CHUNK}`);

  function read(row: SqlRow): LogRecord {
    return unpackLog(String(row.body), contents);
  }

  function index(id: number, log: LogRecord): void {
    const preview = previewOfLog(log);
    if (preview !== '') savePreview.run(id, preview);
  }

  return {
    save(logs, nowMs) {
      const fresh: KeyedLog[] = [];
      for (const [i, key] of logKeys(logs).entries()) {
        const log = logs[i] as LogRecord;
        if (known.get(key) !== undefined) continue;
        const { body, refs } = packLog(log, contents);
        contents.count(refs, 1);
        const timeMs = Number(logTime(log) / 1000n) / 1000;
        const tells = isTelling(log);
        if (tells && log.spanId !== undefined) noteTelling.run();
        const place = [log.traceId ?? null, log.spanId ?? null, statedSession(log) ?? null];
        const { lastInsertRowid } = insert.run(
          key,
          ...place,
          timeMs,
          nowMs,
          tells ? 1 : 0,
          JSON.stringify(refs),
          body,
        );
        index(Number(lastInsertRowid), log);
        fresh.push({ key, log });
      }
      return fresh;
    },
    tellingOf: (traceId, spanId) => telling.all(traceId, spanId).map(read),
    hasTelling: () => anyTelling.get() !== undefined,
    *loose() {
      for (let rows = looseRows.all(0); rows.length > 0; rows = looseRows.all(Number(rows.at(-1)?.id))) {
        yield rows.map((row) => ({ key: String(row.key), log: read(row) }));
      }
    },
    reindex() {
      database.exec("INSERT INTO log_previews (log_previews) VALUES ('delete-all')");
      for (let rows = allRows.all(0); rows.length > 0; rows = allRows.all(Number(rows.at(-1)?.id))) {
        for (const row of rows) index(Number(row.id), read(row));
      }
    },
    page(query) {
      const limit = limitOf(query);
      const { where, values } = conditions(query);
      const rows = database
        .prepare(`${ROW} WHERE ${where} ORDER BY l.time_ms, l.key LIMIT ?`)
        .all(...values, limit + 1);
      const page = pageOf(rows, limit, (row) => ({ ms: Number(row.time_ms), id: String(row.key) }));
      return { ...page, items: page.items.map((row) => toLog(String(row.key), read(row), placeOf(row))) };
    },
    count: () => Number(database.prepare('SELECT COUNT(*) AS n FROM logs').get()?.n),
  };
}

function conditions(query: LogQuery): { where: string; values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    where.push(condition);
    values.push(...bound);
  };
  const { sessionId, traceId, spanId } = query;
  if (traceId !== undefined) add('l.trace_id = ?', traceId);
  if (spanId !== undefined) add('l.span_id = ?', spanId);
  if (sessionId !== undefined) {
    // The place of its span counts; then what the record says; then the sessions of its trace.
    add(
      `(l.session_id = ? OR l.trace_id IN (SELECT trace_id FROM spans WHERE session_id = ?))
       AND COALESCE(s.session_id, l.session_id, ?) = ?`,
      sessionId,
      sessionId,
      sessionId,
      sessionId,
    );
  }
  for (const word of searchWords(query.text ?? ''))
    add('l.id IN (SELECT rowid FROM log_previews WHERE log_previews MATCH ?)', `"${word}"*`);
  const position = positionOf(query);
  if (position !== undefined)
    add('(l.time_ms > ? OR (l.time_ms = ? AND l.key > ?))', position.ms, position.ms, position.id);
  return { where: where.length === 0 ? '1' : where.join(' AND '), values };
}

function placeOf(row: SqlRow): { sessionId?: string; stepId?: string } {
  return {
    ...(row.session_id === null ? {} : { sessionId: String(row.session_id) }),
    ...(row.step_id === null ? {} : { stepId: String(row.step_id) }),
  };
}

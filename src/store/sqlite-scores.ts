import type { Score } from '../../semconv/model/score.js';
import { scoresOf } from '../translate/scores-of.js';
import type { TranslatedSpan } from '../translate/translate-span.js';
import { SpoorError } from '../shared/errors.js';
import { limitOf, pageOf, positionOf } from './page.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';
import type { Page, ScoreQuery, ScoreRecord } from './store.js';

/** The scores of a store: a projection of the spans that say them. */
export interface SqliteScores {
  /** Keeps what a span says, in place of what an earlier copy of it said. */
  save(id: number, span: TranslatedSpan, isNew: boolean): void;
  /** Forgets all, before they are made anew. */
  clear(): void;
  page(query: ScoreQuery): Page<ScoreRecord>;
}

/** Opens the scores of a database. */
export function createSqliteScores(database: Database): SqliteScores {
  const insert = database.prepare(`
    INSERT INTO scores (span, place, time_ms, name, source, target_kind, target_id, score)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const remove = database.prepare('DELETE FROM scores WHERE span = ?');
  return {
    save(id, span, isNew) {
      if (!isNew) remove.run(id);
      const { scores, timeMs } = scoresOf(span);
      for (const [place, score] of scores.entries()) {
        const { name, source = null, target } = score;
        insert.run(id, place, timeMs, name, source, target.kind, target.id, JSON.stringify(score));
      }
    },
    clear: () => void database.exec('DELETE FROM scores'),
    page(query) {
      const limit = limitOf(query);
      const { where, values } = conditions(query);
      const rows = database
        .prepare(
          `SELECT c.span, c.place, c.time_ms, c.score, s.trace_id, s.span_id, s.session_id
           FROM scores c JOIN spans s ON s.id = c.span WHERE ${where}
           ORDER BY c.time_ms DESC, c.span DESC, c.place DESC LIMIT ?`,
        )
        .all(...values, limit + 1);
      const page = pageOf(rows, limit, (row) => ({
        ms: Number(row.time_ms),
        id: `${Number(row.span)} ${Number(row.place)}`,
      }));
      return { ...page, items: page.items.map(toRecord) };
    },
  };
}

function conditions(query: ScoreQuery): { where: string; values: SqlValue[] } {
  const where: string[] = ['1'];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    where.push(condition);
    values.push(...bound);
  };
  const { sessionId, name, source } = query;
  if (sessionId !== undefined) {
    add(
      `(c.span IN (SELECT id FROM spans WHERE session_id = ?) OR (c.target_kind = 'session' AND c.target_id = ?))`,
      sessionId,
      sessionId,
    );
  }
  if (name !== undefined) add('c.name = ?', name);
  if (source !== undefined) add('c.source = ?', source);
  const position = positionOf(query);
  if (position !== undefined) {
    const [span, place] = position.id.split(' ').map(Number);
    if (!Number.isInteger(span) || !Number.isInteger(place)) {
      throw new SpoorError('SPOOR_OPTION_INVALID', 'The cursor was not given by a listing of scores.');
    }
    add('(c.time_ms, c.span, c.place) < (?, ?, ?)', position.ms, span as number, place as number);
  }
  return { where: where.join(' AND '), values };
}

function toRecord(row: SqlRow): ScoreRecord {
  return {
    score: JSON.parse(String(row.score)) as Score,
    traceId: String(row.trace_id),
    spanId: String(row.span_id),
    ...(row.session_id === null ? {} : { sessionId: String(row.session_id) }),
    timeMs: Number(row.time_ms),
  };
}

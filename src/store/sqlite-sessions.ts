import { reviveTally, type Tally } from '../translate/tally.js';
import { comparePositions, limitOf, pageOf, positionOf, type Position } from './page.js';
import type { Database, SqlValue } from './sqlite-engine.js';
import type { Page, SessionQuery } from './store.js';
import { searchWords } from './text-query.js';

/** Spans that have a word, newest first, whose sessions are looked at: a word that all of them have would take for ever. */
const MAX_MATCHES = 10_000;

/** Lists sessions, newest first. Every filter but a text finds them in this order: what it costs does not grow with the store. */
export function createSessionListing(database: Database): (query: SessionQuery) => Page<Tally> {
  const find = database.prepare('SELECT tally FROM sessions WHERE id = ?');

  function read({ id }: Position): Tally[] {
    const row = find.get(id);
    return row === undefined ? [] : [reviveTally(String(row.tally))];
  }

  return (query) => {
    const limit = limitOf(query);
    const found = listingsOf(query, matching(database, query.text)).flatMap(({ sql, values }) =>
      database
        .prepare(sql)
        .all(...values, limit + 1)
        .map((row): Position => ({ ms: Number(row.ms), id: String(row.id) })),
    );
    const unique = [...new Map(found.map((position) => [position.id, position])).values()];
    const { items, ...page } = pageOf(unique.toSorted(comparePositions), limit, (position) => position);
    return { ...page, items: items.flatMap(read) };
  };
}

interface Listing {
  sql: string;
  values: SqlValue[];
}

/** One statement, or two: an agent is known by its name and by its id, each with an index of its own. */
function listingsOf(query: SessionQuery, ids: readonly string[] | undefined): Listing[] {
  if (query.agent === undefined) return [listing(query, ids)];
  return ['s.agent_name = ?', 's.agent_id = ?'].map((condition) => listing(query, ids, condition));
}

function listing(query: SessionQuery, ids: readonly string[] | undefined, agentIs?: string): Listing {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  // The index that finds them has the time too.
  const [from, ms, id] =
    query.tag === undefined
      ? ['sessions s', 's.updated_ms', 's.id']
      : ['session_tags t JOIN sessions s ON s.id = t.session_id', 't.updated_ms', 't.session_id'];
  if (query.tag !== undefined) add('t.tag = ?', query.tag);
  if (agentIs !== undefined) add(agentIs, query.agent as string);
  if (query.user !== undefined) add('s.user_id = ?', query.user);
  if (query.status !== undefined) add('s.status = ?', query.status);
  if (query.sinceMs !== undefined) add(`${ms} >= ?`, query.sinceMs);
  const position = positionOf(query);
  if (position !== undefined)
    add(`${ms} <= ? AND (${ms} < ? OR ${id} > ?)`, position.ms, position.ms, position.id);
  if (ids !== undefined) add('s.id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT ${id} AS id, ${ms} AS ms FROM ${from} ${where} ORDER BY ${ms} DESC, ${id} LIMIT ?`,
    values,
  };
}

/** The sessions that have all words of a text; undefined when it has none. */
function matching(database: Database, text: string | undefined): string[] | undefined {
  const words = searchWords(text ?? '');
  if (words.length === 0) return undefined;
  const find = database.prepare(`
    SELECT DISTINCT s.session_id AS id FROM
      (SELECT rowid FROM previews WHERE previews MATCH ? ORDER BY rowid DESC LIMIT ${MAX_MATCHES}) p
      CROSS JOIN spans s ON s.id = p.rowid WHERE s.session_id IS NOT NULL`);
  let ids: string[] | undefined;
  for (const word of words) {
    const having = new Set(find.all(`"${word}"*`).map((row) => String(row.id)));
    ids = ids === undefined ? [...having] : ids.filter((id) => having.has(id));
  }
  return ids;
}

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

type Driver = 'user' | 'status' | 'tag' | 'agent' | undefined;

/** The filter whose index leads the way: the one that most likely leaves the fewest. The others are looked up session by session. */
function driverOf({ user, status, tag, agent }: SessionQuery): Driver {
  if (user !== undefined) return 'user';
  if (status !== undefined && status !== 'ok' && status !== 'unset') return 'status';
  if (tag !== undefined) return 'tag';
  if (agent !== undefined) return 'agent';
  return status === undefined ? undefined : 'status';
}

/** One statement, or two: an agent is known by its name and by its id, each with an index of its own. */
function listingsOf(query: SessionQuery, ids: readonly string[] | undefined): Listing[] {
  const driver = driverOf(query);
  if (driver !== 'agent') return [listing(query, ids, driver)];
  return ['s.agent_name = ?', 's.agent_id = ?'].map((condition) => listing(query, ids, driver, condition));
}

function listing(
  query: SessionQuery,
  ids: readonly string[] | undefined,
  driver: Driver,
  agentIs?: string,
): Listing {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  // A plus hides a column from the indexes.
  const column = (name: Driver, text: string): string => (driver === name ? text : `+${text}`);
  const { user, status, tag, agent, sinceMs } = query;
  // The index of tags has the time too.
  const [from, ms, id] =
    driver === 'tag'
      ? ['session_tags t CROSS JOIN sessions s ON s.id = t.session_id', 't.updated_ms', 't.session_id']
      : ['sessions s', 's.updated_ms', 's.id'];
  if (user !== undefined) add(`${column('user', 's.user_id')} = ?`, user);
  if (status !== undefined) add(`${column('status', 's.status')} = ?`, status);
  if (tag !== undefined && driver === 'tag') add('t.tag = ?', tag);
  else if (tag !== undefined)
    add('EXISTS (SELECT 1 FROM session_tags WHERE session_id = s.id AND tag = ?)', tag);
  if (agent !== undefined && agentIs !== undefined) add(agentIs, agent);
  else if (agent !== undefined) add('(+s.agent_name = ? OR +s.agent_id = ?)', agent, agent);
  if (sinceMs !== undefined) add(`${ms} >= ?`, sinceMs);
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

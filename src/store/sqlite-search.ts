import { performance } from 'node:perf_hooks';
import type { Observation } from '../../semconv/model/observation.js';
import { hasAttributes, matchesObservation } from './match-observation.js';
import { limitOf, pageOf, positionOf } from './page.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';
import { SPAN_ROW, type RowReader } from './sqlite-rows.js';
import type { Page, SearchQuery } from './store.js';
import { searchWords } from './text-query.js';

/** How much one page of a search looks through before it gives a cursor instead of more. */
export interface SearchBudget {
  /** Rows of the table of spans. */
  rows: number;
  /** Spans whose body is read. */
  bodies: number;
  milliseconds: number;
}

const BUDGET: SearchBudget = { rows: 200_000, bodies: 5_000, milliseconds: 200 };
const CHUNK = 1_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

interface Candidates {
  /** Row ids that may be what is looked for, newest first. */
  ids: number[];
  /** The row below which the next ones are; 0 when there are none. */
  next: number;
}

interface Found {
  id: number;
  observation: Observation;
}

/**
 * Makes the search of a database. Words are found by their index and sessions by theirs; everything else is looked for row
 * by row, from the newest on, for a bounded time a page.
 */
export function createSqliteSearch(
  database: Database,
  rows: RowReader,
  budget: SearchBudget = BUDGET,
): (query: SearchQuery) => Page<Observation> {
  const newest = database.prepare('SELECT MAX(id) AS id FROM spans');
  const oneSpan = database.prepare(`${SPAN_ROW} WHERE s.id = ?`);
  const withWords = database.prepare(
    `SELECT rowid AS id FROM previews WHERE previews MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ${CHUNK}`,
  );
  const inSession = database.prepare(
    `SELECT id FROM spans WHERE session_id = ? AND id < ? ORDER BY id DESC LIMIT ${CHUNK}`,
  );

  function candidates(query: SearchQuery, match: string, before: number): Candidates {
    if (match !== '') return byIndex(withWords.all(match, before));
    if (query.sessionId !== undefined) return byIndex(inSession.all(query.sessionId, before));
    const top = Math.min(before, Number(newest.get()?.id ?? 0) + 1);
    const bottom = Math.max(1, top - CHUNK);
    return { ids: top > bottom ? [bottom, top - 1] : [], next: bottom > 1 ? bottom : 0 };
  }

  function read(id: number, query: SearchQuery): Observation | undefined {
    const row = oneSpan.get(id);
    if (row === undefined) return undefined;
    const span = rows.span(row);
    if (!hasAttributes(span, query.attributes)) return undefined;
    const observation = rows.observation(row, span);
    return observation !== undefined && matchesObservation(observation, query) ? observation : undefined;
  }

  /** Those of some candidates that may fit, for all that their rows say without the body. */
  function sifter(query: SearchQuery, isRange: boolean): (ids: readonly number[]) => number[] {
    const { where, values } = conditions(query);
    // Candidates are a list of ids, or the two ends of a range.
    const place = isRange ? 'id BETWEEN ? AND ?' : 'id IN (SELECT value FROM json_each(?))';
    const select = database.prepare(`SELECT id FROM spans WHERE ${place} ${where} ORDER BY id DESC`);
    return (ids) => {
      const found = isRange ? select.all(...ids, ...values) : select.all(JSON.stringify(ids), ...values);
      return found.map((row) => Number(row.id));
    };
  }

  return (query) => {
    const limit = limitOf(query);
    const match = matchOf(query.text);
    const sift = sifter(query, match === '' && query.sessionId === undefined);
    const isOver = meter(budget);
    const found: Found[] = [];
    let before = positionOf(query)?.ms ?? NEWEST;
    for (;;) {
      const { ids, next } = candidates(query, match, before);
      for (const id of ids.length === 0 ? [] : sift(ids)) {
        const observation = read(id, query);
        if (observation !== undefined) found.push({ id, observation });
        if (found.length > limit) return pageOfFound(found, limit);
        if (isOver({ bodies: 1 })) return pausedAt(found, id);
      }
      if (next === 0) return pageOfFound(found, limit);
      before = next;
      if (isOver({ rows: CHUNK })) return pausedAt(found, before);
    }
  };
}

/** Counts what a page has cost; tells when that is as much as it may. */
function meter(budget: SearchBudget): (more: { rows?: number; bodies?: number }) => boolean {
  const deadline = performance.now() + budget.milliseconds;
  let rows = 0;
  let bodies = 0;
  return (more) => {
    rows += more.rows ?? 0;
    bodies += more.bodies ?? 0;
    return rows >= budget.rows || bodies >= budget.bodies || performance.now() > deadline;
  };
}

function fact(name: string): string {
  return `(json_extract(node, '$.${name}') = ? OR json_extract(node, '$.amended') IS NOT NULL)`;
}

function byIndex(rows: readonly SqlRow[]): Candidates {
  const ids = rows.map((row) => Number(row.id));
  return { ids, next: ids.length < CHUNK ? 0 : (ids.at(-1) as number) };
}

/** What can be told without the body. An amended observation may be anything. */
function conditions(query: SearchQuery): { where: string; values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  const { sessionId, sinceMs, type, status } = query;
  const add = (condition: string, value: SqlValue): void => {
    where.push(`AND ${condition}`);
    values.push(value);
  };
  if (sessionId !== undefined) add('session_id = ?', sessionId);
  if (sinceMs !== undefined) add('received_ms >= ?', sinceMs);
  if (type !== undefined) add(fact('type'), type);
  if (status !== undefined) add(fact('status'), status);
  // A body is JSON, and its keys stay in it when their values are kept apart: without the key there is nothing to read.
  for (const key of Object.keys(query.attributes ?? {})) {
    add(
      'EXISTS (SELECT 1 FROM bodies b WHERE b.id = spans.id AND instr(b.body, ?) > 0)',
      JSON.stringify(key),
    );
  }
  return { where: where.join(' '), values };
}

/** All words, each as the beginning of one. */
function matchOf(text: string | undefined): string {
  return searchWords(text ?? '')
    .map((word) => `"${word}"*`)
    .join(' AND ');
}

function pageOfFound(found: readonly Found[], limit: number): Page<Observation> {
  const page = pageOf(found, limit, ({ id }) => ({ ms: id, id: '' }));
  return { ...page, items: page.items.map(({ observation }) => observation) };
}

/** The budget is used up: a page of what was found, that goes on below a row. */
function pausedAt(found: readonly Found[], id: number): Page<Observation> {
  const paused = { id, observation: undefined };
  const page = pageOf<{ id: number }>([...found, paused], found.length, () => ({ ms: id, id: '' }));
  return { ...page, items: found.map(({ observation }) => observation) };
}

import type { Session } from '../../../semconv/model/session.js';
import type { Step } from '../../../semconv/model/step.js';
import { limitOf, pageOf, positionOf, type Position } from '../page.js';
import type { Page, SessionQuery } from '../store.js';
import { searchWords } from '../text-query.js';
import type { Engine, Param } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { NodeReader } from './node-reader.js';
import { pinnedAmong } from './pins.js';
import { placesOf } from './span-reader.js';
import { wordPattern } from './span-row.js';

/** Sessions as their summaries say. */
export interface ClickHouseSessions {
  page(query: SessionQuery): Promise<Page<Session>>;
  session(id: string): Promise<Session | undefined>;
  steps(id: string): Promise<Step[]>;
  count(): Promise<number>;
}

interface Place {
  id: string;
  updated_ms: number;
  version: string;
}
interface Summary extends Place {
  record: string;
}

/** Makes the reader of a database. */
export function createSessions(engine: Engine, nodes: NodeReader): ClickHouseSessions {
  const { sessions, session_updates, spans } = engine.tables;

  /** Places in the order of the listing. A session has one for each time it was updated: only the last of them counts. */
  async function places(
    query: SessionQuery,
    position: Position | undefined,
    limit: number,
  ): Promise<Place[]> {
    const { where, params } = conditions(engine, query, position);
    return engine.rows<Place>(
      `SELECT id, -age AS updated_ms, version FROM ${session_updates} WHERE ${where}
       ORDER BY age, id, version DESC LIMIT 1 BY id LIMIT {limit:UInt32}`,
      { ...params, limit },
    );
  }

  async function summaries(ids: readonly string[]): Promise<Map<string, Summary>> {
    const rows = await inPieces(ids, (piece) =>
      engine.rows<Summary>(
        `SELECT id, updated_ms, version, record FROM ${sessions} FINAL WHERE id IN {ids:Array(String)}`,
        { ids: piece },
      ),
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** A trace that has a word may hold several sessions: each word must be said in a span of the session itself. */
  async function saying(ids: readonly string[], words: readonly string[]): Promise<ReadonlySet<string>> {
    if (words.length === 0 || ids.length === 0) return new Set(ids);
    const loaded = await nodes.load(await nodes.tracesOf(ids));
    const own = placesOf(loaded.traceIds, loaded.fold());
    let left = new Set(ids);
    for (const word of words) {
      const said = await inPieces(loaded.traceIds, (piece) =>
        engine.rows<{ trace_id: string; span_id: string }>(
          `SELECT trace_id, span_id FROM ${spans} FINAL
           WHERE trace_id IN {ids:Array(String)} AND preview LIKE {word:String}`,
          { ids: piece, word: wordPattern(word) },
        ),
      );
      const sessionIds = said.flatMap((row) => own.get(`${row.trace_id} ${row.span_id}`)?.sessionId ?? []);
      left = new Set(sessionIds.filter((id) => left.has(id)));
    }
    return left;
  }

  async function page(query: SessionQuery): Promise<Page<Session>> {
    const limit = limitOf(query);
    let position = positionOf(query);
    const words = searchWords(query.text ?? '');
    const found: Summary[] = [];
    while (found.length <= limit) {
      const listed = await places(query, position, limit + 1);
      const current = await summaries(listed.map(({ id }) => id));
      const standing = listed.flatMap((place) => {
        const summary = current.get(place.id);
        return summary?.version === place.version ? [summary] : [];
      });
      const ids = await saying(
        standing.map(({ id }) => id),
        words,
      );
      found.push(...standing.filter(({ id }) => ids.has(id)));
      const last = listed.at(-1);
      if (last === undefined || listed.length <= limit) break;
      position = { ms: last.updated_ms, id: last.id };
    }
    const { items, ...rest } = pageOf(found.slice(0, limit + 1), limit, (row) => ({
      ms: row.updated_ms,
      id: row.id,
    }));
    return { ...rest, items: await records(items) };
  }

  async function records(rows: readonly Summary[]): Promise<Session[]> {
    const pinned = await pinnedAmong(
      engine,
      rows.map(({ id }) => id),
    );
    return rows.map(({ id, record }) => {
      const session = JSON.parse(record) as Session;
      return pinned.has(id) ? { ...session, pinned: true } : session;
    });
  }

  return {
    page,
    async session(id) {
      const summary = (await summaries([id])).get(id);
      return summary && (await records([summary]))[0];
    },
    async steps(id) {
      const [row] = await engine.rows<{ steps: string }>(
        `SELECT steps FROM ${sessions} FINAL WHERE id = {id:String}`,
        { id },
      );
      return row === undefined ? [] : (JSON.parse(row.steps) as Step[]);
    },
    async count() {
      const [row] = await engine.rows<{ n: string }>(`SELECT count() AS n FROM ${sessions} FINAL`);
      return Number(row?.n ?? 0);
    },
  };
}

function conditions(
  engine: Engine,
  query: SessionQuery,
  position: Position | undefined,
): { where: string; params: Record<string, Param> } {
  const { spans, traces } = engine.tables;
  const where = ['1'];
  const params: Record<string, Param> = {};
  const add = (condition: string, name: string, value: Param): void => {
    where.push(condition);
    params[name] = value;
  };
  if (position !== undefined) {
    add('(age, id) > ({age:Float64}, {after:String})', 'age', -position.ms);
    params.after = position.id;
  }
  const { status, agent, user, tag, sinceMs, text = '' } = query;
  if (status !== undefined) add('status = {status:String}', 'status', status);
  if (agent !== undefined) add('(agent_name = {agent:String} OR agent_id = {agent:String})', 'agent', agent);
  if (user !== undefined) add('user_id = {user:String}', 'user', user);
  if (tag !== undefined) add('has(tags, {tag:String})', 'tag', tag);
  if (sinceMs !== undefined) add('age <= {since:Float64}', 'since', -sinceMs);
  for (const [i, word] of searchWords(text).entries()) {
    add(
      `id GLOBAL IN (SELECT arrayJoin(session_ids) FROM ${traces} FINAL WHERE trace_id GLOBAL IN
        (SELECT trace_id FROM ${spans} WHERE preview LIKE {word${i}:String}))`,
      `word${i}`,
      wordPattern(word),
    );
  }
  return { where: where.join(' AND '), params };
}

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

  /** A trace that has a word may hold several sessions: the word must be said in a span of this one. */
  async function saysWords(sessionId: string, words: readonly string[]): Promise<boolean> {
    const tables = await nodes.loadSession(sessionId);
    const traceIds = new Set([...tables.sessionNodes(sessionId)].map(({ node }) => node.traceId));
    const own = placesOf(traceIds, tables);
    for (const word of words) {
      const said = await inPieces(traceIds, (piece) =>
        engine.rows<{ trace_id: string; span_id: string }>(
          `SELECT trace_id, span_id FROM ${spans} FINAL
           WHERE trace_id IN {ids:Array(String)} AND position(preview, {word:String}) > 0`,
          { ids: piece, word: ` ${word}` },
        ),
      );
      if (!said.some((row) => own.get(`${row.trace_id} ${row.span_id}`)?.sessionId === sessionId))
        return false;
    }
    return true;
  }

  async function page(query: SessionQuery): Promise<Page<Session>> {
    const limit = limitOf(query);
    let position = positionOf(query);
    const words = searchWords(query.text ?? '');
    const found: Summary[] = [];
    while (found.length <= limit) {
      const listed = await places(query, position, limit + 1);
      const current = await summaries(listed.map(({ id }) => id));
      for (const place of listed) {
        const summary = current.get(place.id);
        if (summary?.version !== place.version) continue;
        if (words.length === 0 || (await saysWords(place.id, words))) found.push(summary);
      }
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
        (SELECT trace_id FROM ${spans} WHERE position(preview, {word${i}:String}) > 0))`,
      `word${i}`,
      ` ${word}`,
    );
  }
  return { where: where.join(' AND '), params };
}

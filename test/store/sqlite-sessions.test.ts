import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/store/sqlite-engine.js';
import { createSessionListing } from '../../src/store/sqlite-sessions.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { SessionQuery, Store } from '../../src/store/store.js';
import { span, T0 } from './spans.js';

const SESSIONS = 30;
let folder: string;
let store: Store;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-listing-'));
  const path = join(folder, 'spoor.sqlite');
  let clock = T0;
  store = await openSqliteStore({ path, now: () => clock++ });
  for (let i = 0; i < SESSIONS; i++) {
    await store.append([
      span({
        id: i + 1,
        trace: i + 1,
        name: 'session',
        scope: 'spoor',
        error: i % 3 === 0,
        attributes: {
          'session.id': `s${i}`,
          'user.id': `u${i % 5}`,
          'gen_ai.agent.name': i % 2 === 0 ? 'planner' : 'other',
          'gen_ai.agent.id': i % 10 === 1 ? 'planner' : `a${i}`,
          'spoor.session.tags': [`t${i % 4}`, 'all'],
          'spoor.session.task': `Find parcel ${i}`,
        },
      }),
    ]);
  }
  database = openDatabase(path, true);
});
afterAll(async () => {
  database.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How SQLite goes about the statements of a listing. */
function plansOf(query: SessionQuery): string[] {
  const plans: string[] = [];
  const watched: Database = {
    ...database,
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare(sql) {
      const details = database.prepare(`EXPLAIN QUERY PLAN ${sql}`);
      plans.push(
        details
          .all()
          .map((row) => String(row.detail))
          .join('; '),
      );
      return database.prepare(sql);
    },
  };
  createSessionListing(watched)(query);
  return plans;
}

const CURSOR = Buffer.from(JSON.stringify([T0, 's1'])).toString('base64url');

describe('listings of sessions', () => {
  it.each<[string, SessionQuery]>([
    ['all', {}],
    ['a page further on', { cursor: CURSOR }],
    ['since a time', { sinceMs: T0 }],
    ['by status', { status: 'error' }],
    ['by agent', { agent: 'planner' }],
    ['by user', { user: 'u1' }],
    ['by tag', { tag: 't1' }],
    ['by all of them', { status: 'error', agent: 'planner', user: 'u1', tag: 't1' }],
    ['by tag, a page further on', { tag: 't1', cursor: CURSOR }],
  ])('find %s in the order of the listing, by an index', (_, query) => {
    const plans = plansOf(query).join('\n');
    expect(plans).toMatch(/USING (?:COVERING )?INDEX (?:sessions|session_tags)_/);
    expect(plans).not.toMatch(/TEMP B-TREE|SCAN (?:s|t|sessions)(?:;|\n|$)/);
  });

  it('agree with what a look at each session says, in pages of any size', async () => {
    const { items: all } = await store.sessions({ limit: 500 });
    expect(all).toHaveLength(SESSIONS);
    const expected: [SessionQuery, (one: (typeof all)[number]) => boolean][] = [
      [{ agent: 'planner' }, (one) => one.agentName === 'planner' || one.agentId === 'planner'],
      [{ status: 'error', tag: 't0' }, (one) => one.status === 'error' && one.tags?.includes('t0') === true],
      [{ user: 'u2', agent: 'other' }, (one) => one.userId === 'u2' && one.agentName === 'other'],
      [{ tag: 'all', text: 'parcel 12' }, (one) => one.id === 's12'],
      [{ text: 'parcel', sinceMs: T0 + 20 }, (one) => one.updatedMs >= T0 + 20],
    ];
    for (const [query, isMeant] of expected) {
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.sessions({
          ...query,
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        paged.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(paged).toEqual(all.filter(isMeant).map(({ id }) => id));
      expect(paged.length).toBeGreaterThan(0);
    }
  });

  it('follow a session whose tags, agent and time change', async () => {
    await store.append([
      span({
        id: 1,
        trace: 1,
        name: 'session',
        scope: 'spoor',
        attributes: { 'session.id': 's0', 'gen_ai.agent.name': 'late', 'spoor.session.tags': ['new'] },
      }),
    ]);
    const idsOf = async (query: SessionQuery): Promise<string[]> =>
      (await store.sessions(query)).items.map(({ id }) => id);
    expect(await idsOf({ tag: 'new' })).toEqual(['s0']);
    expect(await idsOf({ agent: 'late' })).toEqual(['s0']);
    expect(await idsOf({ tag: 't0' })).not.toContain('s0');
    expect((await idsOf({}))[0]).toBe('s0');
    expect(await store.stats()).toMatchObject({ spans: SESSIONS, sessions: SESSIONS });
    expect(await store.remove('s0')).toBe(true);
    expect(await idsOf({ tag: 'new' })).toEqual([]);
    expect(await store.stats()).toMatchObject({ spans: SESSIONS - 1, sessions: SESSIONS - 1 });
  });
});

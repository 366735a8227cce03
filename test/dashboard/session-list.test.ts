import { describe, expect, it } from 'vitest';
import { mergeSessions, sessionsQuery } from '../../src/dashboard/model/session-list.js';
import { sessionState, sessionTitle } from '../../src/dashboard/model/session-state.js';
import { session } from './records.js';

describe('the query of the list', () => {
  it('says only what is filtered', () => {
    expect(sessionsQuery({ text: ' ', status: '' })).toBe('limit=50');
    expect(sessionsQuery({ text: ' a b ', status: 'error' }, 'next')).toBe(
      'limit=50&q=a+b&status=error&cursor=next',
    );
  });
});

describe('live changes', () => {
  const all = { text: '', status: '' } as const;
  const a = session({ id: 'a', startMs: 1 });
  const b = session({ id: 'b', startMs: 2 });

  it('replace a session where it stands and put new ones on top, newest first', () => {
    const changed = { ...a, stepCount: 9 };
    const c = session({ id: 'c', startMs: 3 });
    const d = session({ id: 'd', startMs: 4 });
    expect(mergeSessions([b, a], [changed, c, d], all)).toEqual({ items: [d, c, b, changed], stale: false });
  });

  it('take out a session that no longer matches the status, and add none that does not', () => {
    const failed = { ...a, status: 'error' as const };
    const other = session({ id: 'x', status: 'unset' });
    expect(mergeSessions([b, a], [failed, other], { text: '', status: 'ok' })).toEqual({
      items: [b],
      stale: false,
    });
  });

  it('ask for a new reading when only the server can tell whether a new session matches', () => {
    expect(mergeSessions([a], [b], { text: 'refund', status: '' })).toEqual({ items: [a], stale: true });
    expect(mergeSessions([a], [a], { text: 'refund', status: '' })).toEqual({ items: [a], stale: false });
  });
});

describe('a session in one word', () => {
  it("is the user's verdict first, then its status, then whether it is open", () => {
    const open = session({ status: 'unset' });
    delete open.endMs;
    expect(
      [
        session({ isSuccessful: false }),
        session({ isSuccessful: true, status: 'error' }),
        session({ status: 'error' }),
        open,
        session({ status: 'unset' }),
        session(),
      ].map((one) => sessionState(one).word),
    ).toEqual(['failed', 'successful', 'error', 'running', 'ended', 'ok']);
  });

  it('has the best name that there is', () => {
    expect([
      sessionTitle(session({ name: 'n', agentName: 'a' })),
      sessionTitle(session({ agentName: 'a' })),
      sessionTitle(session({ agentId: 'i' })),
      sessionTitle(session({ id: '0123456789abcdef' })),
    ]).toEqual(['n', 'a', 'i', 'Session 01234567']);
  });
});

import { describe, expect, it } from 'vitest';
import { type Route, formatRoute, parseRoute } from '../../src/dashboard/model/route.js';

const read = (address: string): Route => {
  const { pathname, search } = new URL(address, 'http://localhost');
  return parseRoute(pathname, search);
};

describe('the address of a view', () => {
  const filters = { text: 'refund 50% & more', status: 'error' } as const;
  const routes: Route[] = [
    { page: 'sessions', filters: { text: '', status: '' } },
    { page: 'sessions', filters },
    { page: 'session', filters, id: 'run/1 ?#ü%' },
    { page: 'session', filters, id: 'a', selection: { kind: 'observation', id: '00f067aa0ba902b7' } },
    {
      page: 'session',
      filters: { text: '', status: '' },
      id: 'a',
      selection: { kind: 'step', id: 'one & two' },
    },
  ];

  it.each(routes)('gives the view back: $page $id', (route) => {
    expect(read(formatRoute(route))).toEqual(route);
  });

  it('ignores a status that does not exist', () => {
    expect(read('/?status=fine&q=x')).toEqual({ page: 'sessions', filters: { text: 'x', status: '' } });
  });

  it('is no page when nothing is there, or when it cannot be decoded', () => {
    const none = { page: 'unknown', filters: { text: '', status: '' } };
    expect([read('/nowhere'), read('/sessions/a/b'), read('/sessions/%E0%A4%A')]).toEqual([none, none, none]);
  });
});

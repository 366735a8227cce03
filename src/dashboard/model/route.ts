/** What the list shows. Empty strings mean "no filter". */
export interface SessionFilters {
  text: string;
  status: '' | 'ok' | 'error' | 'unset';
}

/** What of a session is looked at: nothing means its transcript. */
export type Selection = { kind: 'observation' | 'step'; id: string };

/** The whole view, as the address bar holds it. The filters go along to a session, so that the way back finds them. */
export type Route =
  | { page: 'sessions'; filters: SessionFilters }
  | { page: 'session'; filters: SessionFilters; id: string; selection?: Selection }
  | { page: 'unknown'; filters: SessionFilters };

export const NO_FILTERS: SessionFilters = { text: '', status: '' };

const STATUSES: readonly string[] = ['ok', 'error', 'unset'];

/** Reads the address. Never throws: what makes no sense is the page `unknown`. */
export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const status = query.get('status') ?? '';
  const filters: SessionFilters = {
    text: (query.get('q') ?? '').slice(0, 1_024),
    status: STATUSES.includes(status) ? (status as SessionFilters['status']) : '',
  };
  if (path === '/' || path === '/sessions' || path === '/sessions/') return { page: 'sessions', filters };
  const id = decode(/^\/sessions\/([^/]+)\/?$/.exec(path)?.[1]);
  if (id === undefined) return { page: 'unknown', filters };
  const selection = readSelection(query);
  return { page: 'session', filters, id, ...(selection === undefined ? {} : { selection }) };
}

function readSelection(query: URLSearchParams): Selection | undefined {
  for (const kind of ['observation', 'step'] as const) {
    const id = query.get(kind);
    if (id !== null && id !== '') return { kind, id };
  }
  return undefined;
}

/** The address of a view: `parseRoute` of it gives the view back. */
export function formatRoute(route: Route): string {
  const query = new URLSearchParams();
  if (route.page === 'session' && route.selection) query.set(route.selection.kind, route.selection.id);
  if (route.filters.text !== '') query.set('q', route.filters.text);
  if (route.filters.status !== '') query.set('status', route.filters.status);
  const path = route.page === 'session' ? `/sessions/${encodeURIComponent(route.id)}` : '/';
  return query.size === 0 ? path : `${path}?${query}`;
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

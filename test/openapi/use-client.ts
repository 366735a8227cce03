// What somebody writes who knows the API document and nothing else of spoor. Compiled against the types made from it.
import createClient from 'openapi-fetch';
import type { components, paths } from './.cache/api.js';

/** What the client was told, to be compared with the store. */
export interface Told {
  sessions: string[];
  observations: number;
  found: (string | undefined)[];
  isPinned: boolean | undefined;
  sql: components['schemas']['SqlResult']['rows'];
  missing: string | undefined;
}

export async function useClient(baseUrl: string): Promise<Told> {
  const client = createClient<paths, 'application/json'>({ baseUrl });
  const sessions: string[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await client.GET('/api/sessions', {
      params: { query: { limit: 1, ...(cursor === undefined ? {} : { cursor }) } },
    });
    sessions.push(...(data?.items ?? []).map(({ id }) => id));
    cursor = data?.nextCursor;
  } while (cursor !== undefined);
  const id = sessions[0] ?? '';
  const trail = await client.GET('/api/sessions/{id}', { params: { path: { id } } });
  const found = await client.GET('/api/search', { params: { query: { type: 'GENERATION', q: 'shelf' } } });
  const pinned = await client.PUT('/api/sessions/{id}/pin', { params: { path: { id } } });
  const sql = await client.POST('/api/sql', {
    body: { sql: 'SELECT count(*) FROM sessions WHERE is_pinned', limit: 5 },
  });
  const missing = await client.GET('/api/sessions/{id}', { params: { path: { id: 'nobody' } } });
  const model: string | undefined = found.data?.items[0]?.requestModel;
  return {
    sessions,
    observations: trail.data?.observations.length ?? 0,
    found: [model],
    isPinned: pinned.data?.pinned,
    sql: sql.data?.rows ?? [],
    missing: missing.error?.error.code,
  };
}

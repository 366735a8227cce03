import type { SpoorClient } from '../client/spoor-client.js';
import type { SessionResponse } from '../server/api-types.js';

const PAGE = 500;

/** A session with all of its observations, however many: a translator gives those of a large one in pages. */
export async function wholeSession(client: SpoorClient, id: string): Promise<SessionResponse | undefined> {
  const found = await client.sessions.get(id);
  if (found?.nextCursor === undefined) return found;
  const { nextCursor, ...whole } = found;
  for (let cursor: string | undefined = nextCursor; cursor !== undefined;) {
    const page = await client.sessions.observations(id, { limit: PAGE, cursor });
    whole.observations.push(...(page?.items ?? []));
    cursor = page?.nextCursor;
  }
  return whole;
}

import type { SessionResponse } from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import type { TrailSource } from './trail-source.js';

/** By whole id, by the start of one among the newest 500, or `latest`. */
export async function findSession(source: TrailSource, wanted: string): Promise<SessionResponse> {
  const exact = wanted === 'latest' ? undefined : await source.session(wanted);
  if (exact !== undefined) return exact;
  const { items } = await source.sessions({ limit: wanted === 'latest' ? 1 : 500 });
  const ids = items.map(({ id }) => id).filter((id) => wanted === 'latest' || id.startsWith(wanted));
  if (ids.length > 1) {
    throw new SpoorError(
      'SPOOR_NOT_FOUND',
      `${ids.length} sessions begin with "${wanted}". Give more of the id.`,
    );
  }
  const found = ids[0] === undefined ? undefined : await source.session(ids[0]);
  if (found !== undefined) return found;
  throw new SpoorError(
    'SPOOR_NOT_FOUND',
    wanted === 'latest' ? 'There is no session yet.' : `There is no session "${wanted}".`,
  );
}

import { createPricer } from '../analysis/cost/price-call.js';
import { priceRecords } from '../analysis/cost/price-records.js';
import type { SessionRecords } from '../analysis/moves/read-moves.js';
import type { SessionResponse } from '../server/api-types.js';
import { pictureHashes } from '../server/picture-hashes.js';
import { SpoorError } from '../shared/errors.js';
import type { SessionQuery } from '../store/store.js';
import type { CommandInput, CommandOption } from './command.js';
import { findSession } from './find-session.js';
import type { TrailSource } from './trail-source.js';

const PAGE = 500;
const DEFAULT_LIMIT = 100;

/** The options that choose many sessions in place of one. */
export const MERGE_OPTIONS: Readonly<Record<string, CommandOption>> = {
  merge: { type: 'boolean', summary: 'Take many sessions together: those that the filters below choose.' },
  tag: { type: 'string', value: 'tag', summary: 'Only sessions with this tag. Implies --merge.' },
  agent: { type: 'string', value: 'agent', summary: 'Only sessions of this agent. Implies --merge.' },
  experiment: { type: 'string', value: 'id', summary: 'Only sessions of this experiment. Implies --merge.' },
  limit: { type: 'string', value: 'count', summary: `Most sessions, 1 to 2000. Default: ${DEFAULT_LIMIT}.` },
};

const FILTERS = ['tag', 'agent', 'experiment'] as const;

/** What analysis takes: sessions with the costs that the table knows, and what their screenshots look like. */
export interface AnalysedSessions {
  sessions: SessionRecords[];
  screenshotHash: (reference: string) => string | undefined;
}

/** The sessions that the command chooses, ready to be analysed. */
export async function analysedSessions(source: TrailSource, input: CommandInput): Promise<AnalysedSessions> {
  const pricer = createPricer();
  const chosen = await chosenSessions(source, input);
  const sessions = chosen.map((records) => priceRecords(records, pricer));
  return { sessions, screenshotHash: await pictureHashes(sessions, (hash) => source.image(hash)) };
}

/** The session that the command names, or those that its filters choose, the newest first. */
export async function chosenSessions(source: TrailSource, input: CommandInput): Promise<SessionResponse[]> {
  const wanted = input.positionals[0];
  const isMerged = input.has('merge') || FILTERS.some((name) => input.has(name));
  if (isMerged && wanted !== undefined) {
    throw new SpoorError('SPOOR_USAGE', 'Give a session, or --merge with filters, not both.');
  }
  if (!isMerged) return [await findSession(source, wanted ?? 'latest')];
  const most = input.number('limit', 1, 2_000) ?? DEFAULT_LIMIT;
  const found = await readSessions(source, await chosenIds(source, input, most));
  if (found.length === 0) throw new SpoorError('SPOOR_NOT_FOUND', 'No session fits these filters.');
  return found;
}

async function chosenIds(source: TrailSource, input: CommandInput, most: number): Promise<string[]> {
  const { tag, agent, experiment } = Object.fromEntries(FILTERS.map((name) => [name, input.text(name)]));
  const query: SessionQuery = {
    limit: PAGE,
    ...(tag === undefined ? {} : { tag }),
    ...(agent === undefined ? {} : { agent }),
  };
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await source.sessions(cursor === undefined ? query : { ...query, cursor });
    for (const { id, experimentId } of page.items) {
      if (experiment === undefined || experimentId === experiment) ids.push(id);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined && ids.length < most);
  return ids.slice(0, most);
}

async function readSessions(source: TrailSource, ids: readonly string[]): Promise<SessionResponse[]> {
  const found: SessionResponse[] = [];
  for (const id of ids) {
    const session = await source.session(id);
    if (session !== undefined) found.push(session);
  }
  return found;
}

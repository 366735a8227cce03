import { SpoorError } from '../shared/errors.js';
import type { SessionQuery } from '../store/store.js';
import type { Command, CommandInput } from './command.js';
import { readTime } from './read-time.js';
import { renderSessions } from './render-sessions.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

const STATUSES = ['unset', 'ok', 'error'] as const;

/** `spoor sessions`: the newest sessions, a line each. */
export const sessionsCommand: Command = {
  name: 'sessions',
  summary: 'List sessions, the newest first.',
  positionals: [],
  options: {
    ...SOURCE_OPTIONS,
    text: {
      type: 'string',
      value: 'words',
      summary: 'Only those in whose names, tasks or messages these words are.',
    },
    agent: { type: 'string', value: 'name', summary: 'Only of this agent, by name or id.' },
    user: { type: 'string', value: 'id', summary: 'Only of this user.' },
    tag: { type: 'string', value: 'tag', summary: 'Only with this tag.' },
    since: {
      type: 'string',
      value: 'time',
      summary: 'Only those heard of since then: 90m, 2h, 7d or an ISO 8601 time.',
    },
    limit: { type: 'string', value: 'count', summary: 'How many, 1 to 500. Default: 20.' },
    status: {
      type: 'string',
      value: 'status',
      summary: `Only those with this status: ${STATUSES.join(', ')}.`,
    },
    json: { type: 'boolean', summary: 'Print the answer of GET /api/sessions.' },
  },
  async run(input, terminal) {
    const query = readQuery(input);
    const page = await withTrailSource(input, terminal, (source) => source.sessions(query));
    terminal.out(input.has('json') ? `${toSafeJson(page, 2)}\n` : renderSessions(page, terminal));
    return 0;
  },
};

function readQuery(input: CommandInput): SessionQuery {
  const query: SessionQuery = { limit: input.number('limit', 1, 500) ?? 20 };
  for (const key of ['text', 'agent', 'user', 'tag'] as const) {
    const text = input.text(key);
    if (text !== undefined) query[key] = text;
  }
  const since = input.text('since');
  if (since !== undefined) query.sinceMs = readTime('since', since, Date.now());
  const given = input.text('status');
  if (given === undefined) return query;
  const status = STATUSES.find((known) => known === given);
  if (status === undefined) {
    throw new SpoorError('SPOOR_USAGE', `--status takes ${STATUSES.join(', ')}, not "${given}".`);
  }
  return { ...query, status };
}

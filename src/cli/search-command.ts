import { OBSERVATION_TYPES, type Observation } from '../../semconv/model/observation.js';
import { SpoorError } from '../shared/errors.js';
import type { Page, SearchQuery } from '../store/store.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { formatDuration, formatTime, statusWord } from './format.js';
import { createProgress } from './progress.js';
import { readTime } from './read-time.js';
import { renderTable } from './render-table.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource, type TrailSource } from './trail-source.js';

const STATUSES = ['unset', 'ok', 'error'] as const;
const MOST_A_PAGE = 500;

/** `spoor search`: observations by words, attributes and facts. */
export const searchCommand: Command = {
  name: 'search',
  summary: 'Find calls and other observations by words, attributes and facts, the newest first.',
  positionals: ['[words…]'],
  options: {
    ...SOURCE_OPTIONS,
    attr: {
      type: 'string',
      value: 'key=value',
      summary: 'An attribute of the span as it was received. May be given more than once.',
    },
    type: {
      type: 'string',
      value: 'type',
      summary: `Kind of observation: ${OBSERVATION_TYPES.map((type) => type.toLowerCase()).join(', ')}.`,
    },
    name: { type: 'string', value: 'name', summary: 'Its whole name.' },
    model: { type: 'string', value: 'model', summary: 'The model that was asked for, or that answered.' },
    status: { type: 'string', value: 'status', summary: `Its status: ${STATUSES.join(', ')}.` },
    session: { type: 'string', value: 'id', summary: 'Only in this session.' },
    since: {
      type: 'string',
      value: 'time',
      summary: 'Received since then: 90m, 2h, 7d or an ISO 8601 time.',
    },
    limit: { type: 'string', value: 'count', summary: 'How many, 1 to 10,000. Default: 20.' },
    json: { type: 'boolean', summary: 'Print a page of observations, as GET /api/search does.' },
  },
  async run(input, terminal) {
    const query = readQuery(input);
    const limit = input.number('limit', 1, 10_000) ?? 20;
    const page = await withTrailSource(input, terminal, (source) =>
      collect(source, query, limit, input, terminal),
    );
    terminal.out(input.has('json') ? `${toSafeJson(page, 2)}\n` : render(page, terminal));
    return 0;
  },
};

function readQuery(input: CommandInput): SearchQuery {
  const query: SearchQuery = {};
  const words = input.positionals.join(' ').trim();
  if (words !== '') query.text = words;
  const attributes = input.each('attr').map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new SpoorError('SPOOR_USAGE', `--attr takes key=value, not "${text}".`);
  });
  if (attributes.length > 0) query.attributes = Object.fromEntries(attributes);
  for (const key of ['name', 'model'] as const) {
    const text = input.text(key);
    if (text !== undefined) query[key] = text;
  }
  const type = oneOf(input, 'type', OBSERVATION_TYPES);
  if (type !== undefined) query.type = type;
  const status = oneOf(input, 'status', STATUSES);
  if (status !== undefined) query.status = status;
  const session = input.text('session');
  if (session !== undefined) query.sessionId = session;
  const since = input.text('since');
  if (since !== undefined) query.sinceMs = readTime('since', since, Date.now());
  return query;
}

function oneOf<T extends string>(input: CommandInput, option: string, known: readonly T[]): T | undefined {
  const text = input.text(option);
  if (text === undefined) return undefined;
  const found = known.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new SpoorError(
    'SPOOR_USAGE',
    `--${option} takes ${known.map((word) => word.toLowerCase()).join(', ')}, not "${text}".`,
  );
}

/** A page may hold less than there is: it is gone on until there is enough, or no more. */
async function collect(
  source: TrailSource,
  query: SearchQuery,
  limit: number,
  input: CommandInput,
  terminal: Terminal,
): Promise<Page<Observation>> {
  const progress = createProgress(terminal, { quiet: input.has('json') });
  const items: Observation[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const left = Math.min(limit - items.length, MOST_A_PAGE);
    const page = await source.search({ ...query, limit: left, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
    pages += 1;
    progress.show(() => `looking: ${items.length} found, page ${pages}`);
  } while (cursor !== undefined && items.length < limit && !terminal.stop.aborted);
  progress.end();
  return cursor === undefined ? { items } : { items, nextCursor: cursor };
}

function render({ items, nextCursor }: Page<Observation>, terminal: Terminal): string {
  if (items.length === 0) return nextCursor === undefined ? 'Nothing found.\n' : 'Nothing found yet.\n';
  const rows = items.map((one) => [
    formatTime(one.startMs).slice(5, 16),
    one.type.toLowerCase(),
    statusWord(one),
    one.endMs === undefined ? '' : formatDuration(one.endMs - one.startMs),
    one.sessionId ?? '',
    `${one.traceId}/${one.id}`,
    one.name,
  ]);
  const head = ['STARTED', 'TYPE', 'STATUS', 'TIME', 'SESSION', 'TRACE', 'NAME'];
  // A trace and span id are 49 characters: what a narrow terminal has no room for is in --json.
  const isWide = terminal.columns >= 140;
  const shown = (cells: readonly string[]): string[] => cells.filter((_, at) => isWide || at !== 5);
  const more = nextCursor === undefined ? '' : 'There are more; see --limit.\n';
  return renderTable(shown(head), rows.map(shown), terminal) + more;
}

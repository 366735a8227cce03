import type { Page, ScoreQuery, ScoreRecord } from '../store/store.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { formatTime } from './format.js';
import { renderTable } from './render-table.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

/** `spoor scores`: judgements, a line each. */
export const scoresCommand: Command = {
  name: 'scores',
  summary: 'List scores, the newest first.',
  positionals: ['[session]'],
  options: {
    ...SOURCE_OPTIONS,
    name: { type: 'string', value: 'name', summary: 'Only of this name.' },
    source: { type: 'string', value: 'source', summary: 'Only by this judge: human, code, model …' },
    limit: { type: 'string', value: 'count', summary: 'How many, 1 to 500. Default: 20.' },
    json: { type: 'boolean', summary: 'Print the answer of GET /api/scores.' },
  },
  async run(input, terminal) {
    const query = readQuery(input);
    const page = await withTrailSource(input, terminal, (source) => source.scores(query));
    terminal.out(input.has('json') ? `${toSafeJson(page, 2)}\n` : render(page, terminal));
    return 0;
  },
};

function readQuery(input: CommandInput): ScoreQuery {
  const query: ScoreQuery = { limit: input.number('limit', 1, 500) ?? 20 };
  const sessionId = input.positionals[0];
  if (sessionId !== undefined) query.sessionId = sessionId;
  for (const key of ['name', 'source'] as const) {
    const text = input.text(key);
    if (text !== undefined) query[key] = text;
  }
  return query;
}

function render({ items, nextCursor }: Page<ScoreRecord>, terminal: Terminal): string {
  if (items.length === 0) return 'No scores.\n';
  const rows = items.map(({ score, sessionId, timeMs }) => [
    formatTime(timeMs).slice(5, 16),
    score.name,
    String(score.value ?? score.label ?? ''),
    score.source ?? '',
    `${score.target.kind} ${score.target.id}`,
    sessionId ?? '',
    score.explanation ?? '',
  ]);
  const more = nextCursor === undefined ? '' : 'There are more; see --limit.\n';
  return renderTable(['TIME', 'NAME', 'VALUE', 'SOURCE', 'OF', 'SESSION', 'WHY'], rows, terminal) + more;
}

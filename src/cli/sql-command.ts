import { csvRecord } from '../shared/csv.js';
import { SpoorError } from '../shared/errors.js';
import type { SqlResult } from '../store/store.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { renderTable } from './render-table.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

const FORMATS = ['table', 'csv', 'json'] as const;

/** `spoor sql`: one statement that reads. */
export const sqlCommand: Command = {
  name: 'sql',
  summary: 'Ask the records in SQL: sessions, steps, observations, scores, traces, spans, logs.',
  positionals: ['<statement>'],
  options: {
    ...SOURCE_OPTIONS,
    param: { type: 'string', value: 'value', summary: 'Value of the next `?`. May be given more than once.' },
    limit: { type: 'string', value: 'count', summary: 'Most rows, 1 to 10,000. Default: 1000.' },
    format: {
      type: 'string',
      value: 'format',
      summary: `How to print: ${FORMATS.join(', ')}. Default: table.`,
    },
    json: { type: 'boolean', summary: 'The same as --format json.' },
  },
  async run(input, terminal) {
    const format = readFormat(input);
    const limit = input.number('limit', 1, 10_000);
    const query = {
      sql: input.positionals[0] ?? '',
      params: input.each('param'),
      ...(limit === undefined ? {} : { limit }),
    };
    const result = await withTrailSource(input, terminal, (source) => source.sql(query));
    terminal.out(render(result, format, terminal));
    if (result.isTruncated === true && format !== 'json')
      terminal.err(`There is more than these ${result.rows.length} rows; see --limit.\n`);
    return 0;
  },
};

function readFormat(input: CommandInput): (typeof FORMATS)[number] {
  const text = input.text('format') ?? (input.has('json') ? 'json' : 'table');
  const format = FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw new SpoorError('SPOOR_USAGE', `--format takes ${FORMATS.join(', ')}, not "${text}".`);
}

function render(result: SqlResult, format: (typeof FORMATS)[number], terminal: Terminal): string {
  if (format === 'json') return `${toSafeJson(result, 2)}\n`;
  if (format === 'csv') return [result.columns, ...result.rows].map(csvRecord).join('');
  if (result.rows.length === 0) return 'No rows.\n';
  const rows = result.rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))));
  return renderTable(result.columns, rows, terminal);
}

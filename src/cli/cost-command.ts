import type { CostReport, CostTotals, ModelCost } from '../../semconv/model/cost.js';
import { costReport } from '../analysis/cost/cost-report.js';
import { createPricer } from '../analysis/cost/price-call.js';
import { readPrices } from '../analysis/cost/price-overrides.js';
import type { SessionResponse } from '../server/api-types.js';
import type { Command, Terminal } from './command.js';
import { formatCost, formatPlural, formatShortCount } from './format.js';
import { MERGE_OPTIONS, chosenSessions } from './merged-sessions.js';
import { type Palette, createPalette } from './palette.js';
import { readJsonFile } from './read-json-file.js';
import { toSafeJson, toSafeText } from './safe-text.js';
import { cutText, padText, textWidth } from './text-width.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

const MOST_LINES = 20;

/** `spoor cost`: what a session cost, or many of them. */
export const costCommand: Command = {
  name: 'cost',
  summary: 'Say what a session cost: by model, step and session, with what has no known price.',
  positionals: ['[session|latest]'],
  options: {
    ...SOURCE_OPTIONS,
    ...MERGE_OPTIONS,
    prices: {
      type: 'string',
      value: 'file',
      summary:
        'JSON file of own prices, in US dollars for a million tokens: {"prices":[{"model","input","output"}]}.',
    },
    json: { type: 'boolean', summary: 'Print the whole report as JSON.' },
  },
  async run(input, terminal) {
    const file = input.text('prices');
    const pricer = createPricer(
      file === undefined ? {} : { overrides: readJsonFile(file, readPrices).prices },
    );
    const sessions = await withTrailSource(input, terminal, (source) => chosenSessions(source, input));
    const report = costReport(sessions, pricer);
    terminal.out(input.has('json') ? `${toSafeJson(report, 2)}\n` : printed(report, sessions, terminal));
    return 0;
  },
};

function printed(report: CostReport, sessions: readonly SessionResponse[], terminal: Terminal): string {
  const palette = createPalette(terminal.isColoured);
  const { total, models, steps } = report;
  if (total.calls === 0) return 'No call used tokens or said its cost.\n';
  const names = new Map(
    sessions.flatMap((each) =>
      each.steps.map((step) => [
        `${each.session.id} ${step.id}`,
        `${step.index + 1} ${step.goal ?? step.state ?? step.name}`,
      ]),
    ),
  );
  const parts = [
    head(total, palette),
    ...table('MODEL', models, modelName, terminal.columns, palette),
    ...(sessions.length > 1
      ? table('SESSION', report.sessions, ({ sessionId }) => sessionId, terminal.columns, palette)
      : table(
          'STEP',
          steps,
          ({ sessionId, stepId }) => names.get(`${sessionId} ${stepId}`) ?? stepId,
          terminal.columns,
          palette,
        )),
  ];
  return `${parts.join('\n')}\n`;
}

function head(total: CostTotals, palette: Palette): string {
  const said = `${formatCost(total.cost)}  ${formatPlural(total.calls, 'call')}, ${formatShortCount(total.tokens)} tokens`;
  if (total.unpricedCalls === 0) return palette.bold(said);
  const share = total.tokens === 0 ? 0 : Math.round((100 * total.unpricedTokens) / total.tokens);
  const unpriced = `not in it: ${formatPlural(total.unpricedCalls, 'call')} without a known price, ${share} % of the tokens`;
  return `${palette.bold(said)}\n${palette.yellow(unpriced)}`;
}

function modelName({ provider, model }: ModelCost): string {
  return [provider, model].filter((part) => part !== undefined).join(' ') || '(no model named)';
}

function table<T extends CostTotals & { why?: string }>(
  title: string,
  lines: readonly T[],
  nameOf: (line: T) => string,
  columns: number,
  palette: Palette,
): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_LINES);
  const names = shown.map((line) => cutText(toSafeText(nameOf(line)), Math.max(12, columns - 34)));
  const width = Math.max(title.length, ...names.map(textWidth));
  const rows = shown.map((line, at) =>
    cutText(
      `${padText(names[at] ?? '', width)}  ${String(line.calls).padStart(5)}  ${formatShortCount(line.tokens).padStart(6)}  ${costOf(line)}`,
      columns,
    ),
  );
  const more =
    lines.length > MOST_LINES ? [palette.dim(`and ${lines.length - MOST_LINES} more; see --json`)] : [];
  return ['', palette.dim(`${padText(title, width)}  CALLS  TOKENS  COST`), ...rows, ...more];
}

function costOf({ cost, calls, unpricedCalls, why }: CostTotals & { why?: string }): string {
  const reason = why === undefined ? '' : `: ${toSafeText(why)}`;
  if (unpricedCalls === 0) return formatCost(cost);
  return unpricedCalls === calls ? `unknown${reason}` : `${formatCost(cost)} and unknown${reason}`;
}

import type { Finding, Motif, StuckReport } from '../../semconv/model/finding.js';
import { bestPassingSteps, findStuck } from '../analysis/stuck/find-stuck.js';
import { findMotifs } from '../analysis/stuck/motifs.js';
import type { Command, Terminal } from './command.js';
import { formatCost, formatDuration, formatPlural, formatShortCount } from './format.js';
import { MERGE_OPTIONS, analysedSessions } from './merged-sessions.js';
import { type Palette, createPalette } from './palette.js';
import { toSafeJson, toSafeText } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';
import { cutText } from './text-width.js';

const MOST_IDS = 6;

/** `spoor stuck`: where a session went in circles. */
export const stuckCommand: Command = {
  name: 'stuck',
  summary: 'Say where a session went in circles, and what that cost.',
  positionals: ['[session|latest]'],
  options: {
    ...SOURCE_OPTIONS,
    ...MERGE_OPTIONS,
    json: {
      type: 'boolean',
      summary: 'Print the answer of GET /api/sessions/:id/stuck; with --merge, of each.',
    },
    'exit-code': { type: 'boolean', summary: 'End with 1 when something was found.' },
  },
  async run(input, terminal) {
    const { sessions, screenshotHash } = await withTrailSource(input, terminal, (source) =>
      analysedSessions(source, input),
    );
    // A session is not compared with itself.
    const best = sessions.length > 1 ? bestPassingSteps(sessions) : undefined;
    const reports = sessions.map((records) =>
      findStuck(records, { screenshotHash, ...(best === undefined ? {} : { bestPassingSteps: best }) }),
    );
    const motifs = findMotifs(sessions);
    if (input.has('json')) {
      const [first] = reports;
      const answer = input.positionals[0] === undefined && reports.length > 1 ? { reports, motifs } : first;
      terminal.out(`${toSafeJson(answer, 2)}\n`);
    } else terminal.out(printed(reports, motifs, terminal));
    const isFound = reports.some(({ findings }) => findings.length > 0);
    return input.has('exit-code') && isFound ? 1 : 0;
  },
};

function printed(reports: readonly StuckReport[], motifs: readonly Motif[], terminal: Terminal): string {
  const palette = createPalette(terminal.isColoured);
  const isMany = reports.length > 1;
  const lines = reports.flatMap((report) => {
    const head = isMany ? [palette.bold(toSafeText(report.sessionId))] : [];
    const shown = !isMany || report.findings.length > 0;
    return shown ? [...head, ...reportLines(report, palette, terminal.columns), ''] : [];
  });
  const stuck = reports.filter(({ findings }) => findings.length > 0).length;
  const total = isMany
    ? [`${formatPlural(reports.length, 'session')}, ${stuck} of them stuck somewhere.`]
    : [];
  return `${[...lines, ...total, ...motifLines(motifs, terminal.columns)].join('\n').trimEnd()}\n`;
}

function reportLines({ findings, figures }: StuckReport, palette: Palette, columns: number): string[] {
  const found = findings.flatMap((finding) => findingLines(finding, palette, columns));
  const { steps, states, repeatedSteps, stepsPerState, loopSteps, loopShare, longestStagnation, pathRatio } =
    figures;
  const parts = [
    formatPlural(steps, 'step'),
    formatPlural(states, 'state'),
    `${repeatedSteps} repeated`,
    `${stepsPerState.toFixed(1)} steps a state`,
    `longest stay ${longestStagnation}`,
    ...(loopSteps > 0 ? [`${Math.round(loopShare * 100)} % spent in circles`] : []),
    ...(pathRatio === undefined ? [] : [`${pathRatio.toFixed(1)} times the shortest way`]),
  ];
  const none = findings.length === 0 ? [palette.green('Nothing went in circles.')] : [];
  return [...found, ...none, palette.dim(cutText(parts.join(' · '), columns))];
}

function findingLines(finding: Finding, palette: Palette, columns: number): string[] {
  const { rule, summary, firstIndex, lastIndex, steps, tokens, cost, ms, stepIds, firstRepeatedId } = finding;
  const figures = [
    formatPlural(steps, 'step'),
    ...(tokens > 0 ? [`${formatShortCount(tokens)} tokens`] : []),
    ...(cost === undefined ? [] : [formatCost(cost)]),
    formatDuration(ms),
  ];
  const ids = stepIds.slice(0, MOST_IDS).map((id) => toSafeText(id).slice(0, 8));
  const more = stepIds.length > MOST_IDS ? ` and ${stepIds.length - MOST_IDS} more` : '';
  return [
    `${palette.yellow(rule)}  ${cutText(toSafeText(summary), Math.max(20, columns - rule.length - 2))}`,
    cutText(`  from move ${firstIndex} to ${lastIndex}: ${figures.join(', ')}`, columns),
    palette.dim(
      cutText(
        `  first repeated ${toSafeText(firstRepeatedId).slice(0, 8)} of ${ids.join(' ')}${more}`,
        columns,
      ),
    ),
  ];
}

function motifLines(motifs: readonly Motif[], columns: number): string[] {
  if (motifs.length === 0) return [];
  const lines = motifs.slice(0, 10).map(({ moves, failed, passed, lift }) => {
    const way = moves.map(({ state, action }) => toSafeText(action === '' ? state : action)).join(' → ');
    return cutText(`  ${lift.toFixed(1)} × failure (${failed} failed, ${passed} passed)  ${way}`, columns);
  });
  return ['', 'What failed sessions have in common:', ...lines];
}

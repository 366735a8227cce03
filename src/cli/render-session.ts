import type { Log } from '../../semconv/model/log.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { SessionResponse } from '../server/api-types.js';
import {
  formatCost,
  formatCount,
  formatDuration,
  formatPlural,
  formatTime,
  statusWord,
  tokensOf,
} from './format.js';
import { groupBy } from './group-by.js';
import { layOutObservations } from './observation-tree.js';
import { createPalette, type Paint, type Palette } from './palette.js';
import { findRepeats } from './repeated-calls.js';
import { renderField, renderSplitLine, type RenderOptions } from './render-line.js';
import { placeLogs } from './place-logs.js';
import { isShownLog } from './log-text.js';
import { logDetail, renderObservation } from './render-observation.js';
import { screenshotsText } from './screenshots-text.js';
import { toSafeText } from './safe-text.js';
import { cutText } from './text-width.js';

/** A session as a tree: what it was, then each step with the observations inside it. */
export function renderSession(
  trail: SessionResponse,
  { columns, isColoured }: RenderOptions,
  logs: readonly Log[] = [],
): string {
  const palette = createPalette(isColoured);
  const repeats = findRepeats(trail.observations);
  const logsOf = placeLogs(logs.filter(isShownLog), trail);
  const lines = renderHeader(trail.session, columns, palette);
  for (const { step, observations } of groupBySteps(trail)) {
    lines.push('', ...renderStep(step, columns, palette));
    lines.push(...renderLogs(logsOf.step(step?.id), columns, palette));
    for (const row of layOutObservations(observations)) {
      lines.push(...renderObservation(row, repeats, columns, palette, logsOf.observation(row.observation)));
    }
  }
  const loose = renderLogs(logsOf.rest, columns, palette);
  if (loose.length > 0) lines.push('', palette.bold('logs'), ...loose);
  return `${lines.join('\n')}\n`;
}

function renderHeader(session: Session, columns: number, palette: Palette): string[] {
  const status = statusWord(session);
  const title = toSafeText(session.name ?? session.agentName ?? session.serviceName ?? 'session');
  const right = [status, durationOf(session)].filter((part) => part !== '').join('  ');
  const top = {
    prefix: '',
    left: title,
    right,
    paintLeft: palette.bold,
    paintRight: statusPaint(status, palette),
  };
  const field = ([label, value]: readonly [string, string | undefined]): string[] =>
    value === undefined || value === '' ? [] : [renderField('', label, toSafeText(value), columns, palette)];
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['session', session.implicit ? `${session.id} (implicit: its spans name none)` : session.id],
    ['agent', session.agentName],
    ['task', session.task],
    ['user', session.userId],
    ['started', `${formatTime(session.startMs)} UTC`],
    ['outcome', outcomeText(session)],
    ['eval', joined([session.eval, session.evalReason], ': ')],
    ['error', session.status === 'error' ? session.statusMessage : undefined],
    ['totals', totalsText(session)],
    ['tokens', tokensText(session)],
    ['models', session.models.join(', ')],
  ];
  return [renderSplitLine(top, columns, palette), ...rows.flatMap(field)];
}

function outcomeText(session: Session): string | undefined {
  const word = { true: 'success', false: 'failure', undefined: undefined }[String(session.isSuccessful)];
  const isCleanExit = session.endReason === 'exit' && (session.exitCode ?? 0) === 0;
  const isUsualEnd = isCleanExit || session.endReason === undefined || session.endReason === 'user';
  const end = isUsualEnd ? undefined : `ended by ${session.endReason}`;
  const code =
    session.exitCode === undefined || session.exitCode === 0 ? undefined : `exit code ${session.exitCode}`;
  return joined([joined([word, session.isSuccessfulReason], ': '), end, code], '; ');
}

function totalsText(session: Session): string {
  return [
    formatPlural(session.stepCount, 'step'),
    formatPlural(session.generationCount, 'call'),
    formatPlural(session.toolCount, 'tool'),
    formatPlural(session.errorCount, 'error'),
  ].join(' · ');
}

function tokensText(session: Session): string {
  const tokens = tokensOf(session.usage);
  const reasoning = tokens.reasoning === 0 ? '' : ` (${formatCount(tokens.reasoning)} reasoning)`;
  const cost = session.cost === undefined ? '' : ` · ${formatCost(session.cost)}`;
  return `${formatCount(tokens.in)} in (${formatCount(tokens.cached)} cached) → ${formatCount(tokens.out)} out${reasoning}${cost}`;
}

function renderStep(step: Step | undefined, columns: number, palette: Palette): string[] {
  if (step === undefined) return [palette.bold('outside any step')];
  const status = statusWord(step);
  const name = step.implicit ? 'outside any step' : toSafeText(step.name);
  const right = [status === 'ended' ? '' : status, durationOf(step)].filter((part) => part !== '').join('  ');
  const top = {
    prefix: '',
    left: step.implicit ? name : `[${step.index}] ${name}`,
    right,
    paintLeft: palette.bold,
    paintRight: statusPaint(status, palette),
  };
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['goal', step.goal],
    ['state', step.state],
    ['action', step.action],
    ['eval', joined([step.evalScore, step.evalDescription], ': ')],
    ['screens', screenshotsText(step.screenshots)],
    ['left out', step.warnings?.join('; ')],
    ['error', step.status === 'error' ? step.statusMessage : undefined],
  ];
  const fields = rows.flatMap(([label, value]) =>
    value === undefined || value === ''
      ? []
      : [renderField('│ ', label, toSafeText(value), columns, palette)],
  );
  return [renderSplitLine(top, columns, palette), ...fields];
}

function renderLogs(logs: readonly Log[], columns: number, palette: Palette): string[] {
  return logs.map((log) => {
    const { mark, text, isError } = logDetail(log);
    const shown = cutText(toSafeText(text), columns - 4);
    return palette.dim(`  ${mark} `) + (isError === true ? palette.red(shown) : shown);
  });
}

/** Steps in their order, each with its observations; what belongs to no step that is known is in the implicit one. */
function groupBySteps({
  steps,
  observations,
}: SessionResponse): { step: Step | undefined; observations: SessionResponse['observations'] }[] {
  const stated = steps.filter((step) => !step.implicit);
  const ordered = stated.toSorted((a, b) => a.index - b.index || a.startMs - b.startMs);
  const byStep = groupBy(observations, (observation) => observation.stepId);
  const groups = ordered.map((step) => ({ step, observations: byStep.get(step.id) ?? [] }));
  const known = new Set<string | undefined>(ordered.map((step) => step.id));
  const rest = observations.filter((observation) => !known.has(observation.stepId));
  const implicit = steps.find((step) => step.implicit);
  return rest.length === 0 ? groups : [...groups, { step: implicit, observations: rest }];
}

function durationOf(record: { startMs: number; endMs?: number }): string {
  return record.endMs === undefined ? '' : formatDuration(record.endMs - record.startMs);
}

function statusPaint(status: string, palette: Palette): Paint {
  if (status === 'error') return palette.red;
  if (status === 'ok') return palette.green;
  return status === 'open' ? palette.yellow : palette.dim;
}

function joined(parts: readonly (string | number | undefined)[], separator: string): string | undefined {
  const given = parts.filter((part) => part !== undefined && part !== '');
  return given.length === 0 ? undefined : given.join(separator);
}

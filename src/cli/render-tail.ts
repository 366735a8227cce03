import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import { formatPlural, formatTime, statusWord } from './format.js';
import { createPalette } from './palette.js';
import { renderSplitLine, type RenderOptions } from './render-line.js';
import { factsText, observationTitle } from './render-observation.js';
import { toSafeText } from './safe-text.js';

/** One line for a session that is new or has changed. */
export function renderSessionLine(session: Session, { columns, isColoured }: RenderOptions): string {
  const palette = createPalette(isColoured);
  const facts = [
    statusWord(session),
    formatPlural(session.stepCount, 'step'),
    formatPlural(session.generationCount, 'call'),
    formatPlural(session.errorCount, 'error'),
  ];
  const line = {
    prefix: `${timeOf(session.endMs ?? session.startMs)}  `,
    left: `session ${toSafeText(session.name ?? session.agentName ?? session.serviceName ?? '')} ${toSafeText(session.id)}`,
    right: facts.join('  '),
    paintLeft: palette.bold,
  };
  return renderSplitLine(line, columns, palette);
}

/** One line for an observation that is new or has ended. */
export function renderObservationLine(
  observation: Observation,
  { columns, isColoured }: RenderOptions,
): string {
  const palette = createPalette(isColoured);
  const line = {
    prefix: `${timeOf(observation.endMs ?? observation.startMs)}  `,
    left: observationTitle(observation),
    right: [observation.status === 'error' ? 'error' : '', factsText(observation)]
      .filter((part) => part !== '')
      .join('  '),
    paintLeft: observation.status === 'error' ? palette.red : palette.cyan,
  };
  return renderSplitLine(line, columns, palette);
}

function timeOf(ms: number): string {
  return formatTime(ms).slice(11);
}

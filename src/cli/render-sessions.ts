import type { Session } from '../../semconv/model/session.js';
import type { Page } from '../store/store.js';
import { formatDuration, formatShortCount, formatTime, statusWord, tokensOf } from './format.js';
import { createPalette } from './palette.js';
import type { RenderOptions } from './render-line.js';
import { toSafeText } from './safe-text.js';
import { cutText, padText, textWidth } from './text-width.js';

const HEAD = ['ID', 'STARTED', 'STATUS', 'TIME', 'STEPS', 'CALLS', 'TOKENS'] as const;
const MIN_ID = 8;

/** A table of sessions; ids are cut to what tells them apart, which `spoor show` takes. */
export function renderSessions(
  { items, nextCursor }: Page<Session>,
  { columns, isColoured }: RenderOptions,
): string {
  if (items.length === 0) return 'No sessions.\n';
  const palette = createPalette(isColoured);
  const ids = shortIds(items.map(({ id }) => id));
  const rows = items.map((session, at) => cellsOf(session, ids[at] ?? session.id));
  const widths = HEAD.map((head, at) =>
    Math.max(head.length, ...rows.map((row) => textWidth(row[at] ?? ''))),
  );
  const toLine = (cells: readonly string[], last: string): string => {
    const left = cells.map((cell, at) => padText(cell, widths[at] ?? 0)).join('  ');
    return cutText(`${left}  ${last}`, columns);
  };
  const lines = items.map((session, at) => {
    const line = toLine(
      rows[at] ?? [],
      toSafeText(session.name ?? session.agentName ?? session.serviceName ?? ''),
    );
    return statusWord(session) === 'error' ? palette.red(line) : line;
  });
  const more = nextCursor === undefined ? [] : [palette.dim('There are more; see --limit.')];
  return `${[palette.dim(toLine(HEAD, 'NAME')), ...lines, ...more].join('\n')}\n`;
}

function cellsOf(session: Session, id: string): string[] {
  const tokens = tokensOf(session.usage);
  return [
    id,
    formatTime(session.startMs).slice(5, 16),
    statusWord(session),
    session.endMs === undefined ? '' : formatDuration(session.endMs - session.startMs),
    String(session.stepCount),
    String(session.generationCount),
    formatShortCount(tokens.in + tokens.out),
  ];
}

/** The shortest starts of ids, 8 or more characters, all equally long, that tell them apart. */
function shortIds(ids: readonly string[]): string[] {
  const longest = Math.max(...ids.map((id) => id.length));
  let length = MIN_ID;
  while (length < longest && new Set(ids.map((id) => id.slice(0, length))).size < ids.length) length += 1;
  return ids.map((id) => toSafeText(id.slice(0, length)));
}

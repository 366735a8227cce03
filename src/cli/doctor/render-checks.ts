import { createPalette } from '../palette.js';
import { toSafeText } from '../safe-text.js';
import type { CheckGroup } from './check.js';

const MARKS = { ok: '✓', note: '·', trouble: '✗' } as const;

/** Groups of checks, a line each; what to do stands below. */
export function renderChecks(groups: readonly CheckGroup[], isColoured: boolean): string {
  const palette = createPalette(isColoured);
  const paint = { ok: palette.green, note: palette.dim, trouble: palette.red } as const;
  const width = Math.max(...groups.flatMap(({ checks }) => checks.map(({ name }) => name.length)));
  return groups
    .map(({ title, checks }) => {
      const lines = checks.map(({ name, status, text, remedy }) => {
        const line = `  ${paint[status](MARKS[status])} ${name.padEnd(width)}  ${toSafeText(text)}`;
        return remedy === undefined ? line : `${line}\n    ${' '.repeat(width)}  ${palette.yellow(remedy)}`;
      });
      return `${palette.bold(toSafeText(title))}\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

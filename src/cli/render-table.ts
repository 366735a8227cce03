import { createPalette } from './palette.js';
import type { RenderOptions } from './render-line.js';
import { toSafeText } from './safe-text.js';
import { cutText, padText, textWidth } from './text-width.js';

/** Widest column but the last, which takes what is left of the line. */
const MAX_COLUMN = 40;

/** Rows under their heads, each on one line. Texts may be hostile. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, isColoured }: RenderOptions,
): string {
  const palette = createPalette(isColoured);
  const safe = rows.map((row) => row.map((text) => toSafeText(text)));
  const last = head.length - 1;
  const widths = head.map((text, at) =>
    Math.min(
      at === last ? columns : MAX_COLUMN,
      Math.max(textWidth(text), ...safe.map((row) => textWidth(row[at] ?? ''))),
    ),
  );
  const toLine = (cells: readonly string[]): string =>
    cutText(
      cells
        .map((cell, at) => (at === last ? cell : padText(cutText(cell, widths[at] ?? 0), widths[at] ?? 0)))
        .join('  '),
      columns,
    ).trimEnd();
  return [palette.dim(toLine(head)), ...safe.map(toLine), ''].join('\n');
}

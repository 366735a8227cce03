import { cutText, padText, textWidth } from './text-width.js';
import type { Paint, Palette } from './palette.js';

/** How wide to draw and with which colours. */
export interface RenderOptions {
  columns: number;
  isColoured: boolean;
}

/** A piece of text at the left, cut to what is left over, and short facts at the right edge. */
export interface SplitLine {
  prefix: string;
  left: string;
  right: string;
  paintLeft?: Paint | undefined;
  paintRight?: Paint | undefined;
}

const GAP = 2;
const MIN_LEFT = 12;

/** Lays out one line; colours are added after cutting, so that they never count as columns. */
export function renderSplitLine(line: SplitLine, columns: number, palette: Palette): string {
  const { prefix, left, paintLeft = same, paintRight = palette.dim } = line;
  const width = columns - textWidth(prefix);
  const right = cutText(line.right, width - MIN_LEFT - GAP);
  const gap = right === '' ? 0 : GAP;
  const room = width - textWidth(right) - gap;
  const shown = cutText(left, room);
  if (right === '') return palette.dim(prefix) + paintLeft(shown);
  const fill = padText(shown, room).slice(shown.length);
  return `${palette.dim(prefix)}${paintLeft(shown)}${fill}${' '.repeat(gap)}${paintRight(right)}`;
}

/** `label   value`, the value cut to the width. */
export function renderField(
  prefix: string,
  label: string,
  value: string,
  columns: number,
  palette: Palette,
): string {
  const head = `${prefix}${padText(label, 8)} `;
  return palette.dim(head) + cutText(value, columns - textWidth(head));
}

function same(text: string): string {
  return text;
}

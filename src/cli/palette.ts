/** Wraps text in a colour. */
export type Paint = (text: string) => string;

/** Paints text; the identity when colour is off. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** ANSI colours for a terminal, or no change at all. */
export function createPalette(isColoured: boolean): Palette {
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      isColoured && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

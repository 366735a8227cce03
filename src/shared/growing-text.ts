/**
 * Text that arrives in very many small pieces. Adding each to a string keeps every piece, and a node for it, alive until the
 * end; here only the newest few hundred are.
 */
export interface GrowingText {
  whole: string;
  pieces: string[];
}

const MOST_PIECES = 512;

export function growingText(): GrowingText {
  return { whole: '', pieces: [] };
}

/** Adds a piece. On the path of every chunk. */
export function growText(text: GrowingText, piece: string): void {
  if (text.pieces.push(piece) < MOST_PIECES) return;
  text.whole = grownText(text);
  text.pieces = [];
}

/** The text so far. */
export function grownText({ whole, pieces }: GrowingText): string {
  return whole + pieces.join('');
}

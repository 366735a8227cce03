/**
 * Text that arrives in very many small pieces. Adding each to one string keeps every piece, and a node for it, alive until the
 * end; here only the newest few hundred are.
 */
export interface GrowingText {
  whole: string;
  /** The newest pieces. */
  tail: string;
  pieces: number;
  /** The last character code looked at, kept because a look that nobody needs is left out by the compiler. */
  looked: number;
}

const MOST_PIECES = 512;

export function growingText(): GrowingText {
  return { whole: '', tail: '', pieces: 0, looked: 0 };
}

/** Adds a piece. On the path of every chunk. */
export function growText(text: GrowingText, piece: string): void {
  text.tail += piece;
  text.pieces += 1;
  if (text.pieces < MOST_PIECES) return;
  // Whoever looks into a text makes V8 put its pieces into one and let go of them. A join does the same in twice the time.
  text.looked = text.tail.charCodeAt(0);
  text.whole += text.tail;
  text.tail = '';
  text.pieces = 0;
}

/** The text so far. */
export function grownText({ whole, tail }: GrowingText): string {
  return whole + tail;
}

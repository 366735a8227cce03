import { Buffer } from 'node:buffer';

/** Parameters travel in the address of a request, which has a largest length. */
const MOST_ITEMS = 1000;
const MOST_BYTES = 60_000;

/** Asks for many ids, a piece at a time. */
export async function inPieces<T>(
  ids: Iterable<string>,
  ask: (piece: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const found: T[] = [];
  let piece: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    for (const item of await ask(piece)) found.push(item);
    piece = [];
    length = 0;
  };
  for (const id of ids) {
    piece.push(id);
    length += Buffer.byteLength(id);
    if (piece.length >= MOST_ITEMS || length >= MOST_BYTES) await flush();
  }
  if (piece.length > 0) await flush();
  return found;
}

import { createJsonSplitter, type JsonPiece } from './split-json.js';

/** A first line that is longer than this is no line of a JSONL file, but a request without line breaks. */
const LONGEST_FIRST_LINE = 16 * 1024 * 1024;

/**
 * The JSON values of a text: those of a JSONL file line by line, so that a torn line costs itself only; else those of a dump,
 * a large request in pieces. Blank lines are passed over. Takes little memory, whatever the size.
 */
export async function* readPieces(chunks: AsyncIterable<string>): AsyncGenerator<JsonPiece> {
  let head = '';
  let read: ((chunk: string) => JsonPiece[]) | undefined;
  let rest: (() => JsonPiece | undefined) | undefined;
  const begin = (): JsonPiece[] => {
    const reader = isLines(head) ? createLineSplitter() : createJsonSplitter();
    read = (chunk) => reader.push(chunk);
    rest = () => reader.rest();
    return reader.push(head);
  };
  for await (const chunk of chunks) {
    if (read !== undefined) {
      yield* read(chunk);
      continue;
    }
    head += chunk;
    // A file may begin with blank lines.
    const hasLine = chunk.includes('\n') && head.trimStart().includes('\n');
    if (hasLine || head.length > LONGEST_FIRST_LINE) yield* begin();
  }
  if (read === undefined) yield* begin();
  const left = rest?.();
  if (left !== undefined) yield left;
}

/** Whether the text goes on line by line: its first line is whole, or at least no mere opening of an object or a list. */
function isLines(head: string): boolean {
  const start = head.replace(/^\uFEFF/, '').trimStart();
  const end = start.indexOf('\n');
  if (end === -1) return start.length <= LONGEST_FIRST_LINE && !start.startsWith('[');
  const first = start.slice(0, end).trim();
  return !/^\[?\s*\{?$|[,[{:]$/.test(first);
}

function createLineSplitter(): { push(chunk: string): JsonPiece[]; rest(): JsonPiece | undefined } {
  let text = '';
  let line = 0;
  const piece = (said: string): JsonPiece[] => {
    line += 1;
    const trimmed = said.replace(/^\uFEFF/, '').trim();
    return trimmed === '' ? [] : [{ text: trimmed, line }];
  };
  return {
    push(chunk) {
      // Joined only when a line ends: one line may come in very many chunks.
      if (!chunk.includes('\n')) {
        text += chunk;
        return [];
      }
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      return lines.flatMap((said) => piece(said));
    },
    rest: () => piece(text)[0],
  };
}

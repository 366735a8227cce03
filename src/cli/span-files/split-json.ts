/** One whole JSON value of a text, and the line on which it begins, from 1. */
export interface JsonPiece {
  text: string;
  line: number;
}

/** Takes a text in chunks; gives the values that have become whole. */
export interface JsonSplitter {
  push(chunk: string): JsonPiece[];
  /** What is left when the text ends: a value that was cut off. */
  rest(): JsonPiece | undefined;
}

/** A piece is given on when it has grown to this size. */
const PIECE_CHARACTERS = 1024 * 1024;
/** The lists of a trace request by their depth, and what must stand before them for a piece to be complete. */
const LISTS: Readonly<Record<number, { key: string; after?: string }>> = {
  2: { key: 'resourceSpans' },
  4: { key: 'scopeSpans', after: 'resource' },
  6: { key: 'spans', after: 'scope' },
};
const DEEPEST_LIST = 6;

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = ['"', '\\', ',', '\n'].map((sign) => sign.charCodeAt(0));
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = ['{', '}', '[', ']'].map((sign) =>
  sign.charCodeAt(0),
);

/**
 * Splits a text of JSON values, such as the dump of one trace request. A large request is given in pieces: each is a request
 * too, with the resource and the scope that its spans belong to, so that a file of any size takes little memory. A list
 * around the values is passed over.
 */
export function createJsonSplitter(): JsonSplitter {
  let buffer = '';
  let chunk = '';
  /** Where the part of the chunk begins that is not in the buffer yet. */
  let from = 0;
  let depth = 0;
  /** Closing signs of what is open, the innermost first. */
  let closers = '';
  let line = 1;
  let startLine = 1;
  let isInString = false;
  let isEscaped = false;
  /** True where an object's next string is a key. */
  let isKeyNext = false;
  let key = '';
  let keyFrom = -1;
  const keys: Set<string>[] = [];
  const lastKey: string[] = [];
  /** Depth of a list of the request → the text that a piece of it begins with. */
  const prefixes: (string | undefined)[] = [];
  const elementStart: number[] = [];
  /** True after a piece: the comma before the next element went with it. */
  let isCommaDropped = false;
  let isGarbage = false;
  let pieces: JsonPiece[] = [];

  function give(text: string): void {
    if (text.trim() !== '') pieces.push({ text, line: startLine });
    startLine = line;
  }

  /** The prefix of the list that opens at this depth, or undefined when it is none of a request. */
  function prefixHere(): string | undefined {
    const wanted = LISTS[depth];
    if (wanted === undefined || lastKey[depth - 1] !== wanted.key) return undefined;
    if (wanted.after !== undefined && keys[depth - 1]?.has(wanted.after) !== true) return undefined;
    if (depth === 2) return buffer;
    const outer = prefixes[depth - 2];
    return outer === undefined ? undefined : outer + buffer.slice(elementStart[depth - 1]);
  }

  function open(sign: number): void {
    depth += 1;
    closers = (sign === OPEN_OBJECT ? '}' : ']') + closers;
    if (depth > DEEPEST_LIST) return;
    keys[depth] = new Set();
    prefixes[depth] = sign === OPEN_LIST ? prefixHere() : undefined;
    if (sign === OPEN_OBJECT) elementStart[depth] = buffer.length - 1;
    isKeyNext = sign === OPEN_OBJECT;
  }

  function close(): void {
    depth -= 1;
    closers = closers.slice(1);
    const prefix = prefixes[depth];
    if (depth === 0) {
      give(buffer);
      buffer = '';
    } else if (depth <= DEEPEST_LIST && prefix !== undefined && buffer.length > PIECE_CHARACTERS) {
      give(buffer + closers);
      buffer = prefix;
      isCommaDropped = true;
    }
  }
  return { push, rest };

  function push(text: string): JsonPiece[] {
    pieces = [];
    chunk = text;
    from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const sign = chunk.charCodeAt(at);
      if (sign === NEWLINE) line += 1;
      if (isInString) string(sign, at);
      else if (depth === 0 && (isGarbage || sign !== OPEN_OBJECT)) between(sign, at);
      else structure(sign, at);
    }
    if (keyFrom !== -1) {
      key += chunk.slice(keyFrom);
      keyFrom = 0;
    }
    take(chunk.length);
    return pieces;
  }

  function take(end: number): void {
    buffer += chunk.slice(from, end);
    from = end;
  }

  /** Within a string: nothing counts but its end. */
  function string(sign: number, at: number): void {
    if (isEscaped) isEscaped = false;
    else if (sign === BACKSLASH) isEscaped = true;
    else if (sign === QUOTE) {
      isInString = false;
      if (keyFrom === -1) return;
      const name = key + chunk.slice(keyFrom, at);
      lastKey[depth] = name;
      keys[depth]?.add(name);
      keyFrom = -1;
      isKeyNext = false;
    }
  }

  /** Outside any value: what is neither space nor part of a list is no JSON, up to the end of its line. */
  function between(sign: number, at: number): void {
    if (isGarbage && sign === NEWLINE) {
      take(at);
      give(buffer);
      buffer = '';
      isGarbage = false;
    } else if (!isGarbage && !isBetween(sign)) {
      from = at;
      startLine = line;
      isGarbage = true;
    }
    if (!isGarbage) from = at + 1;
  }

  function structure(sign: number, at: number): void {
    if (depth === 0) {
      from = at;
      startLine = line;
    }
    if (sign === QUOTE) {
      isInString = true;
      if (!isKeyNext || depth >= DEEPEST_LIST) return;
      key = '';
      keyFrom = at + 1;
    } else if (sign === OPEN_OBJECT || sign === OPEN_LIST) {
      take(at + 1);
      open(sign);
    } else if (sign === CLOSE_OBJECT || sign === CLOSE_LIST) {
      take(at + 1);
      close();
    } else if (sign === COMMA) {
      if (isCommaDropped) from = at + 1;
      isCommaDropped = false;
      isKeyNext = closers.startsWith('}');
    }
  }

  function rest(): JsonPiece | undefined {
    return buffer.trim() === '' ? undefined : { text: buffer, line: startLine };
  }
}

/** White space, and what a list around the values consists of. */
function isBetween(sign: number): boolean {
  return sign <= 0x20 || sign === 0xfeff || sign === COMMA || sign === OPEN_LIST || sign === CLOSE_LIST;
}

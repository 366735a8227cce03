const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * The items of a JSON list as the texts that they are, so that `[${items.join(',')}]` is the list again, to the letter.
 * `undefined` when the text is no list. It is not parsed: only brackets and strings are looked at.
 */
export function splitJsonList(json: string): string[] | undefined {
  if (json.length < 2 || !json.startsWith('[') || !json.endsWith(']')) return undefined;
  const end = json.length - 1;
  const items: string[] = [];
  let depth = 0;
  let from = 1;
  for (let i = 1; i < end; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      i = closingQuote(json, i);
      if (i >= end) return undefined;
    } else if (code === COMMA && depth === 0) {
      items.push(json.slice(from, i));
      from = i + 1;
    } else if (isOpening(code)) depth++;
    else if (isClosing(code) && --depth < 0) return undefined;
  }
  if (depth !== 0) return undefined;
  items.push(json.slice(from, end));
  return items;
}

function closingQuote(json: string, open: number): number {
  for (let close = json.indexOf('"', open + 1); close !== -1; close = json.indexOf('"', close + 1)) {
    let slashes = 0;
    while (json.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return close;
  }
  return json.length;
}

function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}

/** What such a number looks like outside of a string; inside of one it costs time but changes nothing. */
const BARE_LONG_INTEGER = /[:,[\s]-?\d{16,}\s*[,}\]]/;
const LONG_DIGITS = /\d{16}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;
const BACKSLASH = 0x5c;

/**
 * Puts quotes around the integers of a JSON text that a JavaScript number may not hold. OTLP lets senders write 64-bit
 * integers as numbers, and `JSON.parse` would round them.
 */
export function quoteBigIntegers(json: string): string {
  if (!BARE_LONG_INTEGER.test(json)) return json;
  const pieces: string[] = [];
  let at = 0;
  while (at < json.length) {
    const open = json.indexOf('"', at);
    pieces.push(quoteIn(json.slice(at, open === -1 ? json.length : open)));
    if (open === -1) break;
    const close = endOfString(json, open);
    pieces.push(json.slice(open, close));
    at = close;
  }
  return pieces.join('');
}

function quoteIn(between: string): string {
  if (!LONG_DIGITS.test(between)) return between;
  return between.replace(NUMBER, (number) => (LONG_INTEGER.test(number) ? `"${number}"` : number));
}

function endOfString(json: string, open: number): number {
  let close = json.indexOf('"', open + 1);
  while (close !== -1) {
    let slashes = 0;
    while (json.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return close + 1;
    close = json.indexOf('"', close + 1);
  }
  return json.length;
}

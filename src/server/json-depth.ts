const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * True when a JSON text nests deeper than `limit`. Looks at bytes only, so that a hostile depth is refused before
 * anything recursive sees it; whether the text is JSON at all is for the parser to say.
 */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

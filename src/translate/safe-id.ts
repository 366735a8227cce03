const MAX_LENGTH = 256;
const KEPT = 240;

/**
 * An id that senders chose, made fit for keys: well-formed text without NUL, and bounded. A longer one is cut and ends in
 * a hash of the whole, so that two long ids stay two. Empty is no id.
 */
export function safeId(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return undefined;
  const wellFormed = id.toWellFormed().replaceAll('\0', '\uFFFD');
  if (wellFormed.length <= MAX_LENGTH) return wellFormed;
  return `${wellFormed.slice(0, KEPT).toWellFormed()}~${fnv1a(wellFormed)}`;
}

function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}

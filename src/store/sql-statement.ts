import { SpoorError } from '../shared/errors.js';

const READS = /^(?:select|with|values|explain(?:\s+query\s+plan)?\s+(?:select|with|values))\b/i;
/** Comments, texts and quoted names, each whole; a quote or comment that does not end is the rest. */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\[[^\]]*(?:\]|$)/g;
const MAX_LENGTH = 100_000;

/**
 * Checks that a text is one statement that reads. The engine is the one that holds it to that; this gives clear errors,
 * and keeps the rest away from it.
 * @throws SpoorError `SPOOR_SQL_REFUSED`
 */
export function assertReadsOnly(sql: string): void {
  if (sql.length > MAX_LENGTH) throw refused(`The statement has more than ${MAX_LENGTH} characters.`);
  if (sql.includes('\0')) throw refused('The statement holds a NUL.');
  const bare = sql.replaceAll(TOKENS, (token) => (/^(?:--|\/\*)/.test(token) ? ' ' : "''")).trim();
  if (bare.replace(/;\s*$/, '').includes(';')) throw refused('Give one statement at a time.');
  if (!READS.test(bare))
    throw refused('Only SELECT, WITH, VALUES and EXPLAIN are taken: SQL here reads and never writes.');
}

export function refused(why: string, cause?: unknown): SpoorError {
  return new SpoorError('SPOOR_SQL_REFUSED', why, { cause });
}

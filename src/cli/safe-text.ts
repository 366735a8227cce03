import { stripVTControlCharacters } from 'node:util';

/** Longest text that is looked at: nothing longer fits on a line. */
const MAX_LENGTH = 4_096;

/**
 * One line of text that cannot act on a terminal: escape sequences are gone, control characters and line ends are
 * spaces, invisible and direction-changing characters are gone. Everything that a trace says passes through here.
 */
export function toSafeText(text: string): string {
  return (
    stripVTControlCharacters(text.slice(0, MAX_LENGTH))
      .replaceAll(/\p{Cs}/gu, '\uFFFD')
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      // U+200D joins emoji; all other format characters only mislead.
      .replaceAll(/(?!\u200D)\p{Cf}/gu, '')
      .replaceAll(/ {2,}/g, ' ')
      .trim()
  );
}

const UNSAFE_IN_JSON =
  /[\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;

/** JSON that cannot act on a terminal: what JSON itself lets through is written as escapes, so it parses to the same. */
export function toSafeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    UNSAFE_IN_JSON,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

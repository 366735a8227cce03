import { isSecretKey } from './secret-keys.js';
import { MASKED } from './secret-patterns.js';

/**
 * Secrets that stand beside their name in a text that is no JSON: JSON that was cut, the print of a dictionary, headers,
 * settings, command lines. Each search is linear: its starts are anchored and its repeats are bounded.
 */
export function maskPairs(text: string): string {
  return maskFlags(maskAssignments(maskHeaders(maskQuotedPairs(text))));
}

/** `"name": `, in JSON at any depth of escaping, and `'name': `. */
const QUOTED_NAME = /(?<!\\)(\\{0,31})(["'])([\w.\- ]{1,80})\1\2\s{0,20}:\s{0,20}/g;
const BARE_VALUE = /-?[\w.+-]{1,200}/y;

function maskQuotedPairs(text: string): string {
  let masked = '';
  let done = 0;
  QUOTED_NAME.lastIndex = 0;
  for (let match = QUOTED_NAME.exec(text); match !== null; match = QUOTED_NAME.exec(text)) {
    const [whole, escapes = '', quote = '"', name = ''] = match;
    if (!isSecretKey(name)) continue;
    const start = match.index + whole.length;
    const end = endOfValue(text, start, escapes.length, quote);
    if (end === start) continue;
    masked += text.slice(done, start) + escapes + quote + MASKED + escapes + quote;
    done = end;
    QUOTED_NAME.lastIndex = Math.max(end, start);
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** Where the value that begins at `start` is over; `start` when nothing of it is to be masked. */
function endOfValue(text: string, start: number, escapes: number, quote: string): number {
  const opening = start + escapes;
  const first = text[opening];
  if (first === '"' || first === "'") return endOfString(text, opening + 1, escapes, first);
  const bracket = text[start];
  if (bracket === '{' || bracket === '[') {
    return isSchemaText(text, start) ? start : endOfBrackets(text, start, escapes, quote);
  }
  BARE_VALUE.lastIndex = start;
  const [bare] = BARE_VALUE.exec(text) ?? [''];
  return /^(?:true|false|null|None|True|False|undefined)$/.test(bare) ? start : start + bare.length;
}

/** A quote closes a string when the backslashes before it are as many as those of its opening, inner ones apart. */
function endOfString(text: string, from: number, escapes: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && text[at - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % (2 * (escapes + 1)) === escapes) return at + 1;
  }
  return text.length;
}

function endOfBrackets(text: string, start: number, escapes: number, quote: string): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === quote) at = endOfString(text, at + 1, escapes, quote) - 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The schema of a parameter names a secret and holds none. */
function isSchemaText(text: string, start: number): boolean {
  return /^\{\s{0,20}\\{0,31}"(?:type|description|anyOf|\$ref)\\{0,31}"/.test(text.slice(start, start + 120));
}

/** At the beginning of a line, of a quoted text, or after `-H`. The value is the rest of the line. */
const HEADER =
  /(?<=^|[\n\r"'`]|\\[nr]|-H )((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,40}(?:key|token|secret|signature)|api-key)([ \t]{0,3}:[ \t]{0,3})([^\n\r"'`\\]{1,8192})/gi;

function maskHeaders(text: string): string {
  return text.replace(HEADER, (whole, name: string, colon: string, value: string) =>
    value.includes(MASKED) && /^(?:\w+ )?\[masked\]\s*$/.test(value) ? whole : `${name}${colon}${MASKED}`,
  );
}

/** `NAME=`, `name: `, before a value. */
const ASSIGNED = /(?<=^|[^\w.-]|\\[bfnrt])(-{0,2}[A-Za-z_][\w.-]{1,80})([ \t]{0,2}[=:][ \t]{0,3})/g;
const VALUE = /"[^"\n]{1,4096}"|'[^'\n]{1,4096}'|[^\s"'`,;&<>(){}[\]\\#]{1,4096}/y;
const PASSWORD = /passw|pwd|passphrase/i;

/** A value is looked at only behind the name of a secret: behind any other it may be such a name itself. */
function maskAssignments(text: string): string {
  let masked = '';
  let done = 0;
  ASSIGNED.lastIndex = 0;
  for (let match = ASSIGNED.exec(text); match !== null; match = ASSIGNED.exec(text)) {
    const [whole, name = '', sign = ''] = match;
    if (!isSecretKey(name)) continue;
    const start = match.index + whole.length;
    VALUE.lastIndex = start;
    const [value] = VALUE.exec(text) ?? [];
    if (value === undefined || value.startsWith('[masked')) continue;
    const quote = /^["']/.exec(value)?.[0] ?? '';
    // In prose a word may follow the name of a secret: it is taken for one only when it does not look like a word.
    const looksSecret =
      sign === '=' || quote !== '' || /\d/.test(value) || (PASSWORD.test(name) && value.length > 3);
    if (!looksSecret) continue;
    masked += `${text.slice(done, start)}${quote}${MASKED}${quote}`;
    done = start + value.length;
    ASSIGNED.lastIndex = done;
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** `--api-key value`. */
const FLAG = /(?<=^|[\s"'`])(--?[A-Za-z][\w-]{1,60})(\s{1,3})(?!-)([^\s"'`\\]{1,4096})/g;

function maskFlags(text: string): string {
  return text.replace(FLAG, (whole, flag: string, space: string) =>
    isSecretFlag(flag) ? `${flag}${space}${MASKED}` : whole,
  );
}

/** True for `--api-key` and `-password`: the next argument is a secret. */
export function isSecretFlag(text: string): boolean {
  return /^--?[A-Za-z][\w-]{1,60}$/.test(text) && isSecretKey(text.replace(/^--?/, ''));
}

import { anyOf } from './any-of.js';

/** What masked text is replaced by. */
export const MASKED = '[masked]';

interface Pattern {
  /** A text that holds none of these cannot match. An expression has no flags: it becomes a part of `MAY_MATCH`. */
  readonly hints: readonly string[] | RegExp;
  mask(text: string): string;
}

function pattern(
  hints: Pattern['hints'],
  find: RegExp,
  replace: string | ((match: string, ...groups: string[]) => string) = MASKED,
): Pattern {
  // The overloads of `replace` want to know which of the two it is.
  const mask =
    typeof replace === 'string'
      ? (text: string): string => text.replace(find, replace)
      : (text: string): string => text.replace(find, replace);
  return { hints, mask };
}

/** The pattern at the beginning of a word; in JSON a word also begins after an escape such as `\\n`. */
function word(inner: RegExp): RegExp {
  return new RegExp(String.raw`(?:(?<=\\[bfnrt])|(?<=\\u[\da-fA-F]{4})|\b)${inner.source}`, inner.flags);
}

/** Texts that are secrets by their look, wherever they stand. JSON is searched as it is, so no match may swallow a quote. */
const PATTERNS: readonly Pattern[] = [
  // Private keys, also when the end was cut off.
  pattern(
    ['PRIVATE KEY-----'],
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?=")|$)/g,
  ),
  // JSON Web Tokens.
  { hints: ['eyJ'], mask: maskWebTokens },
  // OpenAI, Anthropic, OpenRouter, DeepSeek … A digit is asked for, so that hyphenated words stay.
  pattern(['sk-'], word(/sk-[\w-]{16,}/g), (match) => (/\d/.test(match) ? MASKED : match)),
  // Stripe, GitHub, GitLab, Google, Slack, npm, Hugging Face, Groq, xAI, Perplexity, Replicate, LangSmith.
  pattern(['_live_', '_test_', 'whsec_'], word(/(?:[sprk]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,}/g)),
  pattern(
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-'],
    word(/(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{18,})/g),
  ),
  pattern(['AIza'], word(/AIza[\w-]{35}/g)),
  pattern(['xox'], word(/xox[abposr]-[A-Za-z0-9-]{10,}/g)),
  pattern(
    ['npm_', 'hf_', 'gsk_', 'r8_', 'pplx-', 'xai-', 'lsv2_'],
    word(/(?:npm_|hf_|gsk_|r8_|pplx-|xai-|lsv2_(?:pt|sk)_)[A-Za-z0-9_]{30,}/g),
  ),
  // AWS access key ids.
  pattern(['AKIA', 'ASIA', 'AROA', 'AIDA'], word(/(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g)),
  // What is left of a key in a text that was cut: too short to be known by its length.
  pattern(
    ['…[cut, '],
    word(
      /(?:sk-|[sprk]k_(?:live|test)_|whsec_|gh[pousr]_|github_pat_|glpat-|AIza|xox[abposr]-|npm_|hf_|gsk_|r8_|pplx-|xai-|lsv2_|A[KSRI][IO]A|eyJ|Bearer\s{1,20})[\w.+/=-]{0,200}(?=…\[cut, )/g,
    ),
  ),
  // Authorization headers.
  pattern(
    /[Bb][Ee][Aa][Rr][Ee][Rr]\s/,
    word(/(Bearer)(\s{1,20})(?=[\w.~+/=-]{0,200}\d|[\w.~+/=-]{24})[\w.~+/=-]{8,}/gi),
    `$1$2${MASKED}`,
  ),
  pattern(
    ['Basic'],
    word(/(Basic)(\s{1,20})(?=[A-Za-z0-9+/]{0,200}[\d=+/])[A-Za-z0-9+/]{12,}={0,2}/g),
    `$1$2${MASKED}`,
  ),
  // Passwords and keys in addresses.
  pattern(['://'], /(:\/\/[^\s:/@"']{0,200}):[^\s@/"']{1,1000}@/g, `$1:${MASKED}@`),
  pattern(['://'], /(:\/\/)(?=[\w.~%-]{0,200}\d)[\w.~%-]{20,200}@/g, `$1${MASKED}@`),
  pattern(
    /[?&;#][\w.-]{2,40}=/,
    /([?&;#](?:(?:x-)?api[_-]?key|key|(?:access|refresh|id|session|auth|private|security)[_-]?token|token|auth|jwt|sig|(?:x-(?:amz|goog)-)?signature|x-(?:amz|goog)-(?:credential|security-token)|(?:client[_-]?)?secret|password|passwd|pwd|subscription-key)=)[^&\s"'#\\]{1,8192}/gi,
    `$1${MASKED}`,
  ),
  // Payment cards, by the prefixes in use and their check digit.
  pattern(
    /\d[ -]?\d{3}[ -]?\d{3}/,
    /(?:(?<=\\[bfnrt])|(?<![\w.-]))(?:4|5[1-5]|2[2-7]|3[0-9]|6[0245])(?:[ -]?\d){11,17}(?![\w]|\.\d)/g,
    (match) => (isCardNumber(match) ? MASKED : match),
  ),
];

/** Finds the hints of all patterns in one go: nearly every text holds none, and every attribute of every span is asked. */
const MAY_MATCH = new RegExp(
  [
    anyOf(PATTERNS.flatMap(({ hints }) => (hints instanceof RegExp ? [] : hints))),
    ...PATTERNS.flatMap(({ hints }) => (hints instanceof RegExp ? [hints.source] : [])),
  ].join('|'),
);

/** The text with everything that looks like a secret replaced. The same string comes back when there is nothing. */
export function maskPatterns(text: string): string {
  if (!MAY_MATCH.test(text)) return text;
  let masked = text;
  for (const { hints, mask } of PATTERNS) if (mayMatch(masked, hints)) masked = mask(masked);
  return masked;
}

function mayMatch(text: string, hints: Pattern['hints']): boolean {
  return hints instanceof RegExp ? hints.test(text) : hints.some((hint) => text.includes(hint));
}

const CARD_LENGTHS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|2[2-7])/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0|6|8|9)/, [14, 16]],
  [/^35/, [16]],
  [/^6/, [16, 19]],
];

/** True for the number of a payment card, with or without blanks. */
export function isCardNumber(text: string): boolean {
  if (!/^\d[\d -]{11,24}$/.test(text)) return false;
  const digits = text.replaceAll(/\D/g, '');
  const lengths = CARD_LENGTHS.find(([prefix]) => prefix.test(digits))?.[1];
  return lengths?.includes(digits.length) === true && hasLuhnDigit(digits);
}

function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.at(-1 - index));
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const TOKEN_PART = /[\w-]+/y;

/**
 * Two or three parts with dots between them, the first of which begins with `eyJ`: part by part, because an expression would
 * read a long part again from every place where it might begin.
 */
function maskWebTokens(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('eyJ'); at >= 0; at = text.indexOf('eyJ', at)) {
    const head = endOfPart(text, at);
    const body = text[head] === '.' ? endOfPart(text, head + 1) : head;
    const isToken = head - at >= 11 && body - head > 8 && !isInsideWord(text, at);
    if (isToken) {
      const end = text[body] === '.' ? endOfPart(text, body + 1) : body;
      masked += text.slice(done, at) + MASKED;
      done = end;
    }
    at = Math.max(head, done);
  }
  return done === 0 ? text : masked + text.slice(done);
}

function endOfPart(text: string, from: number): number {
  TOKEN_PART.lastIndex = from;
  const [part] = TOKEN_PART.exec(text) ?? [''];
  return from + part.length;
}

/** A letter before it, which no escape of JSON brought there. */
function isInsideWord(text: string, at: number): boolean {
  return /(?<!\\)[A-Za-z0-9]$/.test(text.slice(Math.max(0, at - 2), at));
}

/** What masked text is replaced by. */
export const MASKED = '[masked]';

interface Pattern {
  /** A text that holds none of these cannot match: looking for a fixed string costs next to nothing. */
  readonly hints: readonly string[] | RegExp;
  readonly find: RegExp;
  readonly replace: string | ((match: string, ...groups: string[]) => string);
}

/** The pattern at the beginning of a word; in JSON a word also begins after an escape such as `\\n`. */
function word(pattern: RegExp): RegExp {
  return new RegExp(String.raw`(?:(?<=\\[bfnrt])|(?<=\\u[\da-fA-F]{4})|\b)${pattern.source}`, pattern.flags);
}

/** Texts that are secrets by their look, wherever they stand. JSON is searched as it is, so no match may swallow a quote. */
const PATTERNS: readonly Pattern[] = [
  // Private keys, also when the end was cut off.
  {
    hints: ['PRIVATE KEY-----'],
    find: /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g,
    replace: MASKED,
  },
  // JSON Web Tokens.
  { hints: ['eyJ'], find: word(/eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g), replace: MASKED },
  // OpenAI, Anthropic, OpenRouter, DeepSeek … A digit is asked for, so that hyphenated words stay.
  { hints: ['sk-'], find: word(/sk-(?=[\w-]{0,200}\d)[\w-]{16,}/g), replace: MASKED },
  // Stripe, GitHub, GitLab, Google, Slack, npm, Hugging Face, Groq, xAI, Perplexity, Replicate, LangSmith.
  {
    hints: ['_live_', '_test_', 'whsec_'],
    find: word(/(?:[sprk]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,}/g),
    replace: MASKED,
  },
  {
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-'],
    find: word(/(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{18,})/g),
    replace: MASKED,
  },
  { hints: ['AIza'], find: word(/AIza[\w-]{35}/g), replace: MASKED },
  { hints: ['xox'], find: word(/xox[abposr]-[A-Za-z0-9-]{10,}/g), replace: MASKED },
  {
    hints: ['npm_', 'hf_', 'gsk_', 'r8_', 'pplx-', 'xai-', 'lsv2_'],
    find: word(/(?:npm_|hf_|gsk_|r8_|pplx-|xai-|lsv2_(?:pt|sk)_)[A-Za-z0-9_]{30,}/g),
    replace: MASKED,
  },
  // AWS access key ids.
  {
    hints: ['AKIA', 'ASIA', 'AROA', 'AIDA'],
    find: word(/(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g),
    replace: MASKED,
  },
  // Authorization headers.
  {
    hints: /bearer\s/i,
    find: word(/(Bearer)(\s+)(?=[\w.~+/=-]{0,200}\d|[\w.~+/=-]{24})[\w.~+/=-]{8,}/gi),
    replace: `$1$2${MASKED}`,
  },
  {
    hints: ['Basic'],
    find: word(/(Basic)(\s+)(?=[A-Za-z0-9+/]{0,200}[\d=+/])[A-Za-z0-9+/]{12,}={0,2}/g),
    replace: `$1$2${MASKED}`,
  },
  // Passwords and keys in addresses.
  {
    hints: ['://'],
    find: word(/([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,200}):[^\s@/"']{1,200}@/gi),
    replace: `$1:${MASKED}@`,
  },
  {
    hints: /[?&][a-z_-]{3,12}=/i,
    find: /([?&](?:api[_-]?key|key|access[_-]?token|token|auth|sig|signature|secret|password)=)[^&\s"'#\\]+/gi,
    replace: `$1${MASKED}`,
  },
  // Payment cards, by the prefixes in use and their check digit.
  {
    hints: /\d[ -]?\d{3}[ -]?\d{3}/,
    find: /(?:(?<=\\[bfnrt])|(?<![\w.-]))(?:4|5[1-5]|2[2-7]|3[0-9]|6[0245])(?:[ -]?\d){11,17}(?![\w]|\.\d)/g,
    replace: (match) => (isCardNumber(match) ? MASKED : match),
  },
];

/** The text with everything that looks like a secret replaced. The same string comes back when there is nothing. */
export function maskPatterns(text: string): string {
  let masked = text;
  for (const { hints, find, replace } of PATTERNS) {
    if (!mayMatch(masked, hints)) continue;
    masked = typeof replace === 'string' ? masked.replace(find, replace) : masked.replace(find, replace);
  }
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

function isCardNumber(text: string): boolean {
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

/**
 * What a text is compared as. `state`: what is on show, without the values in it. `action`: what was done, with every
 * argument. `outcome`: what came of it, without ids and times that differ each time.
 */
export type CanonicalMode = 'state' | 'action' | 'outcome';

interface Rule {
  readonly modes: readonly CanonicalMode[];
  /** A text without this cannot have it: cheaper than looking. */
  readonly needs: string;
  readonly find: RegExp;
  readonly put: string | ((found: string) => string);
}

/** Longer texts are compared by their beginning, their end and their length. */
const MAX_LENGTH = 16_384;
const TAIL_LENGTH = 4_096;
const MAX_DEPTH = 32;

/** Keys of JSON whose values differ from call to call, in lower case without separators. */
const VOLATILE_KEYS: ReadonlySet<string> = new Set([
  'traceid',
  'spanid',
  'requestid',
  'correlationid',
  'callid',
  'toolcallid',
  'responseid',
  'messageid',
  'eventid',
  'sessionid',
  'timestamp',
  'ts',
  'createdat',
  'updatedat',
  'servertime',
  'duration',
  'durationms',
  'elapsed',
  'elapsedms',
  'latency',
  'latencyms',
  'nonce',
  'etag',
  'pid',
]);

const STATE = ['state'] as const;
const LOOSE = ['state', 'outcome'] as const;
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';

/** In this order: what is more particular comes first. */
const RULES: readonly Rule[] = [
  { modes: STATE, needs: '://', find: /\bhttps?:\/\/[^\s"'<>()[\]{}]+/g, put: canonicalUrl },
  {
    modes: LOOSE,
    needs: '-',
    find: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
    put: '<uuid>',
  },
  {
    modes: LOOSE,
    needs: ':',
    find: /\b\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:z|[+-]\d\d:?\d\d)?/g,
    put: '<time>',
  },
  {
    modes: STATE,
    needs: '',
    find: /\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b/g,
    put: '<date>',
  },
  {
    modes: STATE,
    needs: ' ',
    find: new RegExp(`\\b(?:${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}|\\d{1,2} ${MONTH} \\d{4})\\b`, 'g'),
    put: '<date>',
  },
  {
    modes: LOOSE,
    needs: ':',
    find: /\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m\b)?/g,
    put: '<time>',
  },
  { modes: LOOSE, needs: '', find: /\b[0-9a-f]{8,}\b/g, put: maskedHash },
  {
    modes: LOOSE,
    needs: 't',
    find: /\b(?:attempt|retry|try)(?: no\.?| number)?[ :=#(]*\d+/g,
    put: '<attempt>',
  },
  { modes: LOOSE, needs: 'pid', find: /\bpid[ :=#(]*\d+/g, put: '<pid>' },
  {
    modes: LOOSE,
    needs: '',
    find: /\b\d+(?:[.,]\d+)? ?(?:ms|µs|us|ns|s|sec|secs|seconds|min|minutes)\b/g,
    put: '<duration>',
  },
  {
    modes: STATE,
    needs: '',
    find: /[$€£¥₹] ?\d[\d.,]*|\b\d[\d.,]* ?(?:usd|eur|gbp|jpy|chf|dollars?|euros?)\b/g,
    put: '<money>',
  },
  { modes: STATE, needs: '', find: /(?<![a-z0-9])\d+(?:[.,]\d+)*/g, put: '<n>' },
];

const RULES_OF: Readonly<Record<CanonicalMode, readonly Rule[]>> = {
  state: RULES.filter(({ modes }) => modes.includes('state')),
  action: RULES.filter(({ modes }) => modes.includes('action')),
  outcome: RULES.filter(({ modes }) => modes.includes('outcome')),
};

/** The form of a text by which it is compared with others. Deterministic, and linear in the length of the text. */
export function canonicalText(text: string, mode: CanonicalMode): string {
  return masked(withSortedJson(shortened(text)), mode);
}

/** As `canonicalText`, of any value that JSON can carry. */
export function canonicalValue(value: unknown, mode: CanonicalMode): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return canonicalText(value, mode);
  return masked(shortened(JSON.stringify(withoutVolatile(value, 0)) ?? ''), mode);
}

function masked(text: string, mode: CanonicalMode): string {
  let form = text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  // What is masked has a digit in it, or is an address.
  if (!/\d|:\/\//.test(form)) return form;
  for (const { needs, find, put } of RULES_OF[mode]) {
    if (!form.includes(needs)) continue;
    form = typeof put === 'string' ? form.replaceAll(find, put) : form.replaceAll(find, put);
  }
  return form;
}

/** Origin and path; parts of the path that look like ids are masked, query and fragment are gone. */
function canonicalUrl(url: string): string {
  const [, origin = '', path = ''] = /^(https?:\/\/[^/?#]*)([^?#]*)/.exec(url) ?? [];
  const parts = path.split('/').map((part) => (isIdLike(part) ? '<id>' : part));
  return `${origin}${parts.join('/').replace(/[/.,;:!]+$/, '')}`;
}

/** Digits alone are a number, letters alone a word. */
function maskedHash(found: string): string {
  return /\d/.test(found) && /[a-f]/.test(found) ? '<hash>' : found;
}

function isIdLike(part: string): boolean {
  if (/^\d+$/.test(part)) return true;
  if (/^[0-9a-f-]{8,}$/.test(part) && /\d/.test(part)) return true;
  return part.length >= 16 && /\d/.test(part) && !/[-_.]/.test(part);
}

function shortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  return `${text.slice(0, MAX_LENGTH - TAIL_LENGTH)} ${text.length} ${text.slice(-TAIL_LENGTH)}`;
}

function withSortedJson(text: string): string {
  const first = /^\s*[[{]/.exec(text);
  if (first === null) return text;
  try {
    return JSON.stringify(withoutVolatile(JSON.parse(text), 0));
  } catch {
    return text;
  }
}

function withoutVolatile(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => withoutVolatile(item, depth + 1));
  const entries = Object.entries(value)
    .filter(([key]) => !VOLATILE_KEYS.has(key.toLowerCase().replaceAll(/[_-]/g, '')))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => [key, withoutVolatile(item, depth + 1)] as const);
  return Object.fromEntries(entries);
}

/** Key rules of the masking: a key is judged by its whole segments, never by a part of a word. */

/** A key with one of these anywhere is secret. */
const ANYWHERE = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'authorization',
  'credential',
  'credentials',
  'apikey',
  'apikeys',
  'privatekey',
  'secretkey',
  'accesskey',
  'accesstoken',
  'refreshtoken',
  'authtoken',
  'bearertoken',
  'clientsecret',
  'cvv',
  'cvc',
]);
/** A key that ends with one of these is secret: `access_token` is, `token_type` and `max_tokens` are not. */
const LAST = new Set(['token', 'cookie', 'cookies', 'auth', 'jwt', 'bearer']);
/** `api_key`, `x-api-key`, `privateKey` … */
const BEFORE_KEY = new Set([
  'api',
  'access',
  'private',
  'secret',
  'signing',
  'encryption',
  'subscription',
  'account',
]);

/** GenAI attributes have a fixed meaning, and none of it is a secret: their texts are searched, their keys are not judged. */
const EXEMPT = /^(?:gen_ai|spoor\.(?:session|step))\./;

const known = new Map<string, boolean>();
const REMEMBERED = 5000;
const LONGEST_KEY = 256;

/** True when what stands under this key is a secret by the name of the key alone. */
export function isSecretKey(key: string): boolean {
  // A key as long as that is a text that somebody used as one.
  if (key.length > LONGEST_KEY) return false;
  const before = known.get(key);
  if (before !== undefined) return before;
  const secret = !isExempt(key) && judge(segments(key));
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, secret);
  return secret;
}

/** Metadata keys are the user's own words, so they are judged even under an exempt prefix. */
function isExempt(key: string): boolean {
  return EXEMPT.test(key) && !key.includes('.metadata.');
}

function judge(parts: readonly string[]): boolean {
  const last = parts.at(-1);
  if (last === undefined) return false;
  if (LAST.has(last)) return true;
  return parts.some(
    (part, index) =>
      ANYWHERE.has(part) || ((part === 'key' || part === 'keys') && BEFORE_KEY.has(parts[index - 1] ?? '')),
  );
}

function segments(key: string): string[] {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
}

/** Cheap test of a whole text: false means that no name in it can be one of a secret. */
export function mayHoldSecretKey(text: string): boolean {
  return HINT.test(text);
}
const HINT =
  /passw|passphrase|pwd|secret|authoriz|credential|(?:api|private|access|signing|encryption|subscription|account).?keys?|(?:access|refresh|auth|bearer).?token|cv[vc]\b|(?:token|cookies?|auth|jwt|bearer)(?:\\{0,31}["']|[ \t]{0,2}[=:])|--?(?:token|cookies?|auth|jwt|bearer)\b|x-[a-z-]{0,40}(?:key|token|signature)/i;

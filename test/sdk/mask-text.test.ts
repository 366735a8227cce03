import { afterEach, describe, expect, it } from 'vitest';
import { MASK_FAILED, maskText, maskValue } from '../../src/sdk/mask-text.js';
import { isSecretKey } from '../../src/sdk/secret-keys.js';
import { MASKED } from '../../src/sdk/secret-patterns.js';
import { resetReported } from '../../src/tracing/diag.js';

const mask = (text: string, key = 'spoor.observation.input'): string =>
  maskText(text, key, 'observation', undefined);

const fake = (prefix: string, length: number): string =>
  prefix + 'a1B2'.repeat(Math.ceil(length / 4)).slice(0, length);

const value = (key: string, given: unknown): unknown => maskValue(given, key, 'observation', undefined);
const boom = (): string => {
  throw new Error('no');
};

afterEach(resetReported);

describe('secret patterns', () => {
  it.each([
    ['OpenAI', fake('sk-', 40)],
    ['OpenAI project', fake('sk-proj-', 40)],
    ['Anthropic', fake('sk-ant-api03-', 60)],
    ['Stripe', fake('sk_live_', 24)],
    ['GitHub', fake('ghp_', 36)],
    ['Google', fake('AIza', 35)],
    ['Slack', fake('xoxb-', 20)],
    ['Groq', fake('gsk_', 40)],
    ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['JWT', `${fake('eyJ', 20)}.${fake('eyJ', 30)}.${fake('', 20)}`],
    ['private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
    ['card', '4111 1111 1111 1111'],
    ['card with dashes', '5500-0000-0000-0004'],
    ['Amex', '378282246310005'],
  ])('masks a %s wherever it stands', (_, secret) => {
    expect(mask(secret)).toBe(MASKED);
    expect(mask(`before ${secret} after`)).toBe(`before ${MASKED} after`);
    expect(JSON.parse(mask(JSON.stringify([`line\n${secret}`])))).toEqual([`line\n${MASKED}`]);
    const nested = JSON.stringify({ arguments: JSON.stringify({ q: `line\n${secret}` }) });
    expect(mask(nested)).not.toContain(secret.slice(-8));
    expect(() => JSON.parse(mask(nested)) as unknown).not.toThrow();
  });

  it('masks a private key that was cut up to the end of its text', () => {
    const text = '-----BEGIN PRIVATE KEY-----\nMIIE';
    expect(mask(text)).toBe(MASKED);
    expect(JSON.parse(mask(JSON.stringify([text, 'after'])))).toEqual([MASKED, 'after']);
  });

  it.each([
    ['Authorization: Bearer abcdef123456', `Authorization: Bearer ${MASKED}`],
    ['basic: Basic dXNlcjpwYXNzd29yZA==', `basic: Basic ${MASKED}`],
    ['north: password: hunter2hunter2', `north: password: ${MASKED}`],
    ['a=b=token=abc123', `a=b=token=${MASKED}`],
    ['postgres://app:hunter22@db.example/x', `postgres://app:${MASKED}@db.example/x`],
    ['https://x.example/?api_key=abc&q=1', `https://x.example/?api_key=${MASKED}&q=1`],
  ])('masks only the secret part of %s', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  it.each([
    'The bearer of good tidings',
    'a task-force of risk-averse people read the sk-learning-material-for-beginners',
    'order 1234567890123456 of 2024-01-02, at 1700000000000 ms',
    '0.4111111111111111',
    '32 digits: 4bf92f3577b34da6a3ce929d0e0e4736',
    'https://example.com/a:b@c and mail a@example.com',
    'Basic understanding of chemistry',
  ])('leaves %s alone', (text) => {
    expect(mask(text)).toBe(text);
  });
});

describe('key rules', () => {
  it.each([
    'api_key',
    'apiKey',
    'x-api-key',
    'openai.api_key',
    'authorization',
    'http.request.header.authorization',
    'password',
    'db.password',
    'client_secret',
    'secret',
    'token',
    'access_token',
    'refreshToken',
    'set-cookie',
    'privateKey',
    'APIKey',
    'aws_secret_access_key',
    'credentials',
  ])('takes %s for a secret', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  it.each([
    'author',
    'authors',
    'keyboard',
    'key',
    'session',
    'session.id',
    'max_tokens',
    'maxTokens',
    'token_type',
    'tokens',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.output_tokens',
    'gen_ai.token.type',
    'gen_ai.request.max_tokens',
    'secretary',
    'passenger',
    'monkey',
    'tokenizer',
    'spoor.session.id',
    'authority',
  ])('does not take %s for one', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });

  it('masks by key inside JSON, and JSON inside JSON, and keeps the rest byte for byte', () => {
    const inner = JSON.stringify({ password: 'p', user: 'u' });
    const text = JSON.stringify({
      headers: { Authorization: 'x' },
      token: 12,
      max_tokens: 5,
      arguments: inner,
    });
    expect(JSON.parse(mask(text))).toEqual({
      headers: { Authorization: MASKED },
      token: MASKED,
      max_tokens: 5,
      arguments: JSON.stringify({ password: MASKED, user: 'u' }),
    });
    const harmless = '{ "author" : "x",\n "max_tokens": 1.0, "note": "the password policy" }';
    expect(mask(harmless)).toBe(harmless);
  });

  it('masks everything under a secret key, but not the schema of a parameter', () => {
    const text = JSON.stringify({
      credentials: { user: 'u', pin: 1234, list: ['a'] },
      properties: { password: { type: 'string', description: 'of the user' } },
    });
    expect(JSON.parse(mask(text))).toEqual({
      credentials: { user: MASKED, pin: MASKED, list: [MASKED] },
      properties: { password: { type: 'string', description: 'of the user' } },
    });
  });

  it('masks by key in JSON that was cut and does not parse', () => {
    expect(mask('{"user":"u","password":"hunter2","api_key":"abc')).toBe(
      `{"user":"u","password":"${MASKED}","api_key":"${MASKED}"`,
    );
  });

  it('masks attributes by their own key, whatever their type', () => {
    expect(value('db.password', 'x')).toBe(MASKED);
    expect(value('pin.password', 1234)).toBe(MASKED);
    expect(value('gen_ai.usage.input_tokens', 4111111111111111)).toBe(4111111111111111);
    expect(value('headers', { authorization: 'x', accept: 'y', many: ['sk-abcdefgh12345678'] })).toEqual({
      authorization: MASKED,
      accept: 'y',
      many: [MASKED],
    });
    expect(value('has.password', true)).toBe(true);
    expect(value('spoor.session.metadata.api_key', 'x')).toBe(MASKED);
  });
});

describe('the mask of the user', () => {
  it('gets each text with its key and concept, after the built-in rules', () => {
    const seen: unknown[] = [];
    const masked = maskText('hello sk-abcdefgh12345678', 'k', 'step', (text, where) => {
      seen.push([text, where]);
      return text.toUpperCase();
    });
    expect(masked).toBe('HELLO [MASKED]');
    expect(seen).toEqual([[`hello ${MASKED}`, { key: 'k', concept: 'step' }]]);
  });

  it('fails closed when it throws or returns no text', () => {
    expect(maskText('secret', 'k', 'step', boom)).toBe(MASK_FAILED);
    expect(maskText('secret', 'k', 'step', (() => undefined) as never)).toBe(MASK_FAILED);
  });
});

describe('cost', () => {
  it('masks half a megabyte of hostile text without backtracking away', () => {
    const hostile = [
      'a-'.repeat(250_000),
      'eyJ'.repeat(150_000),
      '"'.repeat(500_000),
      '4 '.repeat(250_000),
      'http://'.repeat(70_000),
    ];
    for (const text of hostile) {
      const started = performance.now();
      mask(text);
      mask(`{"password": ${text}`);
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});

describe('numbers that OTLP has no JSON for', () => {
  it.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [2 ** 63, '9223372036854776000'],
    [1.7e308, '1.7e+308'],
  ])('leave as text: %s', (given, text) => {
    expect(value('ratio', given)).toBe(text);
    expect(value('ratios', [1, given])).toEqual([1, text]);
  });

  it.each([0, -0.5, 2 ** 53, -(2 ** 63), 1e-300])('and no other: %s', (given) => {
    expect(value('ratio', given)).toBe(given);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText, maskValue } from '../../src/sdk/mask-text.js';
import { fitJson } from '../../src/shared/limits.js';

const mask = (text: string, key = 'spoor.observation.input'): string =>
  maskText(text, key, 'observation', undefined);

const characters = (pool: string, length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...Array.from(pool)), { minLength: length, maxLength: length })
    .map((list) => list.join(''));
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Secrets that are known by their look. A digit is always there, as in nature. */
const secret = fc.oneof(
  characters(ALPHANUMERIC, 40).map((text) => `sk-${text}7`),
  characters(ALPHANUMERIC, 48).map((text) => `sk-ant-api03-${text}-7`),
  characters(ALPHANUMERIC, 36).map((text) => `ghp_${text}`),
  characters(ALPHANUMERIC, 24).map((text) => `sk_live_${text}`),
  characters(ALPHANUMERIC, 35).map((text) => `AIza${text}`),
  characters('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16).map((text) => `AKIA${text}`),
  characters(ALPHANUMERIC, 30).map((text) => `eyJ${text}.eyJ${text}.${text}`),
  characters(ALPHANUMERIC, 64).map(
    (text) =>
      `-----BEGIN PRIVATE KEY-----\n${text.slice(0, 32)}\n${text.slice(32)}\n-----END PRIVATE KEY-----`,
  ),
  fc.constantFrom('4111111111111111', '5500000000000004', '378282246310005', '6011111111111117'),
);

/** Secrets that are known by their name alone. */
const plainSecret = characters(ALPHANUMERIC, 16).map((text) => `Zq${text}9`);
const secretName = fc.constantFrom(
  'password',
  'api_key',
  'apiKey',
  'x-api-key',
  'access_token',
  'refreshToken',
  'client_secret',
  'Authorization',
  'cookie',
  'privateKey',
  'token',
);
const word = fc.constantFrom(
  'the',
  'order',
  'author',
  'keyboard',
  'session',
  'was',
  'sent',
  'é',
  '日本',
  '…',
);
const prose = fc.array(word, { maxLength: 12 }).map((list) => list.join(' '));
const name = fc.constantFrom('author', 'keyboard', 'session', 'max_tokens', 'note', 'items', 'key', 'monkey');

/** A JSON value with `planted` somewhere inside. */
const holding = (planted: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      planted,
      fc.tuple(prose, tie('tree')).map(([text, tree]) => [text, tree, 1]),
      fc.tuple(name, tie('tree'), prose).map(([key, tree, text]) => ({ before: text, [key]: tree })),
      // A JSON text inside: the arguments of a tool.
      tie('tree').map((tree) => ({ arguments: JSON.stringify(tree) })),
    ),
  })).tree;

describe('masked output', () => {
  it('never has a secret that is known by its look, wherever it stands in a text', () => {
    fc.assert(
      fc.property(secret, prose, prose, (planted, before, after) => {
        expect(mask(`${before} ${planted} ${after}`)).not.toContain(planted);
        expect(mask(`${before}\n${planted}\n${after}`)).not.toContain(planted);
        expect(mask(`(${planted})`)).not.toContain(planted);
      }),
    );
  });

  it('never has a secret of a JSON value, and stays JSON', () => {
    fc.assert(
      fc.property(holding(secret), secret, (value, key) => {
        for (const given of [value, { [key]: value }]) {
          const text = JSON.stringify(given);
          const masked = mask(text);
          expect(() => JSON.parse(masked) as unknown).not.toThrow();
          for (const planted of secretsIn(text)) expect(masked).not.toContain(planted);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never has what stands under the name of a secret', () => {
    fc.assert(
      fc.property(secretName, plainSecret, fc.boolean(), (key, planted, pretty) => {
        const forms = [
          JSON.stringify({ a: [{ [key]: planted }] }, null, pretty ? 2 : undefined),
          JSON.stringify({ arguments: JSON.stringify({ [key]: planted }) }),
          JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ [key]: [planted] }) }) }),
          `\n  ${JSON.stringify({ [key]: planted })}`,
          `Result: ${JSON.stringify({ [key]: planted })} as you asked`,
          `{"user": "u", "${key}": "${planted}", "cut": "…`,
          `{'${key}': '${planted}', 'user': 'u'}`,
          `{\\"${key}\\": \\"${planted}\\", \\"cut`,
          `${key}=${planted}`,
          `${key}: ${planted}`,
          `curl -H '${key}: ${planted}' https://example.com`,
          `https://example.com/a?q=1&${key}=${planted}`,
          `run --${key} ${planted} now`,
          `export ${key}="${planted}"`,
        ];
        for (const text of forms)
          expect([text, mask(text)]).toEqual([text, expect.not.stringContaining(planted)]);
      }),
    );
  });

  it('never has what stands under such a key of an attribute, an object or a list of arguments', () => {
    fc.assert(
      fc.property(secretName, plainSecret, (key, planted) => {
        const values: [string, unknown][] = [
          [key, planted],
          ['metadata', { [key]: { deep: [planted] } }],
          ['process.command_args', ['run', `--${key}`, planted]],
          ['process.command_args', ['run', `--${key}=${planted}`]],
        ];
        for (const [attribute, value] of values) {
          expect(JSON.stringify(maskValue(value, attribute, 'observation', undefined))).not.toContain(
            planted,
          );
        }
      }),
    );
  });

  it('is the same text where there is no secret', () => {
    fc.assert(
      fc.property(holding(prose), prose, (value, text) => {
        expect(mask(JSON.stringify(value))).toBe(JSON.stringify(value));
        expect(mask(text)).toBe(text);
      }),
    );
  });

  it('is its own mask', () => {
    fc.assert(
      fc.property(holding(secret), (value) => {
        const once = mask(JSON.stringify(value));
        expect(mask(once)).toBe(once);
      }),
    );
  });
});

describe('a value that was cut', () => {
  it('stays JSON, within its limit, and says how much went; masked it stays JSON too', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.string({ maxLength: 600 }),
        fc.integer({ min: 60, max: 400 }),
        (value, long, maxLength) => {
          const whole = JSON.stringify({ value, long });
          const cut = fitJson({ value, long }, { maxLength });
          expect(cut.length).toBeLessThanOrEqual(maxLength);
          expect(() => JSON.parse(cut) as unknown).not.toThrow();
          expect(() => JSON.parse(mask(cut)) as unknown).not.toThrow();
          if (cut !== whole && whole.length > maxLength)
            expect(cut).toMatch(/\[cut, \d+ characters\]|left out\]/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('does not leave the beginning of a key behind', () => {
    const key = `sk-ant-api03-${'a1B2'.repeat(15)}`;
    for (let room = 60; room < 140; room += 1) {
      const cut = fitJson({ text: `my key is ${key}`, more: 'x'.repeat(500) }, { maxLength: room });
      expect(mask(cut)).not.toMatch(/sk-/);
    }
  });
});

describe('the cost of masking', () => {
  const SIZE = 1_000_000;
  const fill = (unit: string): string => unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);
  const hostile: readonly string[] = [
    '-eyJ',
    'eyJ.',
    '-sk-',
    'sk-a',
    '\\',
    '"',
    '\\"',
    '"a": ',
    "'password': ",
    '"password": {',
    '"password":"\\',
    'a.',
    '://',
    'a://b:',
    'http://a:b',
    '4 ',
    '41-',
    'Bearer ',
    'bearer\t',
    'Basic ',
    '?key=',
    '&a=',
    'token=',
    'password: ',
    '--password ',
    '-',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY----- -----END ',
    ' ',
    '\n',
    'cookie: ',
    'api_key',
    'a_',
    '…[cut, ',
    'AKIA',
    '[',
    '{"a":',
    '[{"secret":1},',
  ];
  it.each(hostile)('of 1 MB of %j is a small multiple of reading it', (unit) => {
    const texts = [fill(unit), `{"password": ${fill(unit)}`, `["${fill(unit)}`, `password ${fill(unit)}`];
    const plain = timed(() => {
      for (const text of texts) expect(text.search(/zz[yz]z|zqz/)).toBe(-1);
    });
    const masking = timed(() => {
      for (const text of texts) mask(text);
    });
    // Some forty searches pass over a text; what is not linear takes minutes.
    expect(masking).toBeLessThan(Math.max(plain, 20) * 100);
  });
});

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function secretsIn(text: string): string[] {
  return (
    text.match(
      /sk-[\w-]{30,}|ghp_\w{36}|sk_live_\w{24}|AIza[\w-]{35}|AKIA[A-Z2-7]{16}|eyJ\w{30}\.eyJ\w{30}\.\w{30}/g,
    ) ?? []
  );
}

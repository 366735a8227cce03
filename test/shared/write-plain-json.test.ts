import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainJson } from '../../src/shared/limits.js';
import { writePlainJson } from '../../src/shared/write-plain-json.js';

const LIMITS = { depth: 32, width: 1000, nodes: 20_000 };

function write(value: unknown): string | undefined {
  return writePlainJson(value, LIMITS);
}

function ran(): never {
  throw new Error('code of the value was run');
}

describe('writePlainJson', () => {
  it('writes what JSON.stringify writes, whatever keys and texts there are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', minLength: 20, maxLength: 200 }),
      fc.constantFrom('\ud800', 'a\u2028b', '"', '\\', 'x'.repeat(30) + '\n', 'y'.repeat(300), '\u007f'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.boolean(),
        fc.constantFrom(null, -0),
        fc.array(fc.option(tie('value'), { nil: undefined })),
        fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', '1', '0', 'constructor')), tie('value')),
        fc.record(
          { a: fc.option(tie('value'), { nil: undefined }), b: tie('value') },
          { noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        expect(write(given)).toBe(JSON.stringify(given));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a hole of a list', Object.assign([1], { length: 2 }), '[1,null]'],
    ['an own key named __proto__', JSON.parse('{"__proto__":{"a":1},"b":2}'), '{"__proto__":{"a":1},"b":2}'],
    ['a key that is not enumerable', Object.defineProperty({ a: 1 }, 'b', { value: 2 }), '{"a":1}'],
    ['a key that is a symbol', { a: 1, [Symbol('b')]: 2 }, '{"a":1}'],
    ['a very long text', { a: 'z'.repeat(2_000_000) }, `{"a":"${'z'.repeat(2_000_000)}"}`],
  ])('writes %s as JSON.stringify does', (_what, value, expected) => {
    expect(write(value)).toBe(expected);
    expect(JSON.stringify(value)).toBe(expected);
  });

  it.each([
    ['a getter', Object.defineProperty({}, 'a', { get: ran, enumerable: true })],
    ['a setter alone', Object.defineProperty({}, 'a', { set: ran, enumerable: true })],
    ['a getter of a list', Object.defineProperty([1], 1, { get: ran, enumerable: true })],
    ['a proxy', new Proxy({}, { get: ran, getPrototypeOf: ran, ownKeys: ran, has: ran })],
    ['toJSON', { toJSON: ran }],
    ['toJSON that is not enumerable', Object.defineProperty({ a: 1 }, 'toJSON', { value: ran })],
    ['toJSON of a list', Object.assign([1], { toJSON: ran })],
    ['an object of a class', new AbortController()],
    ['a list of a class', new (class B extends Array {})()],
    ['a number that JSON has no form for', { a: Number.NaN }],
    ['a big number', { a: 1n }],
    ['a function', { a: ran }],
    ['a symbol', [Symbol('a')]],
    ['a date', { a: new Date(0) }],
  ])('leaves %s to the careful way, and runs nothing', (_what, value) => {
    expect(write(value)).toBeUndefined();
    expect(write({ inside: [value] })).toBeUndefined();
  });

  it('leaves what is too deep, too wide or too much', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(write(loop)).toBeUndefined();
    expect(writePlainJson({ a: { b: 1 } }, { ...LIMITS, depth: 1 })).toBeUndefined();
    expect(writePlainJson([1, 2, 3], { ...LIMITS, width: 2 })).toBeUndefined();
    expect(writePlainJson({ a: 1, b: 2, c: 3 }, { ...LIMITS, width: 2 })).toBeUndefined();
    expect(writePlainJson({ a: [1, 2], b: [3] }, { ...LIMITS, nodes: 4 })).toBeUndefined();
  });

  it('remembers no more keys than a bounded number', () => {
    for (let index = 0; index < 3000; index += 1) {
      const value = { [`id-${index}`]: index, [`"${index}`]: index };
      expect(write(value)).toBe(JSON.stringify(value));
    }
  });
});

describe('plainJson', () => {
  it('gives the JSON of plain values that fit, and nothing for any other', () => {
    expect(plainJson({ a: 'four' }, { maxLength: 12 })).toBe('{"a":"four"}');
    expect(plainJson({ a: 'four' }, { maxLength: 11 })).toBeUndefined();
    expect(plainJson({ a: new Date(0) })).toBeUndefined();
  });
});

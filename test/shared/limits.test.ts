import { describe, expect, it } from 'vitest';
import { cutText, fitJson } from '../../src/shared/limits.js';

function named(): void {}

describe('fitJson', () => {
  it('writes plain JSON exactly as JSON.stringify does', () => {
    const value = { a: [1, 'two', null, true, { b: [] }], c: undefined, d: 'ü\n"' };
    expect(fitJson(value)).toBe(JSON.stringify(value));
  });

  it('marks a cycle with the path of the enclosing value', () => {
    const value: Record<string, unknown> = { name: 'root', list: [] };
    (value['list'] as unknown[]).push(value);
    expect(JSON.parse(fitJson(value))).toEqual({ name: 'root', list: ['[Circular $]'] });
  });

  it('writes a small repeat again and marks a large one as a repeat, not as a cycle', () => {
    const small = { a: 1 };
    const large = Array.from({ length: 100 }, (_, index) => index);
    const value = { first: small, second: small, third: large, fourth: large, exotic: 1n };
    expect(JSON.parse(fitJson(value))).toEqual({
      first: { a: 1 },
      second: { a: 1 },
      third: large,
      fourth: '[Repeat of $.third]',
      exotic: '1n',
    });
  });

  it('makes exotic values readable', () => {
    const value = {
      map: new Map([['k', new Set([1, 2])]]),
      keyed: new Map([[{ id: 1 }, 'v']]),
      date: new Date(0),
      bad: new Date(Number.NaN),
      big: 12n,
      buffer: Buffer.from('abc'),
      view: new Float32Array(2),
      regexp: /x/g,
      symbol: Symbol('s'),
      call: named,
      promise: Promise.resolve(1),
      nan: Number.NaN,
      error: Object.assign(new TypeError('bad', { cause: 'why' }), { status: 400 }),
      url: new URL('https://example.com/'),
    };
    expect(JSON.parse(fitJson(value))).toEqual({
      map: { k: [1, 2] },
      keyed: [[{ id: 1 }, 'v']],
      date: '1970-01-01T00:00:00.000Z',
      bad: 'Invalid Date',
      big: '12n',
      buffer: '[Buffer, 3 bytes]',
      view: '[Float32Array, 8 bytes]',
      regexp: '/x/g',
      symbol: 'Symbol(s)',
      call: '[Function named]',
      promise: '[Promise]',
      nan: 'NaN',
      error: { name: 'TypeError', message: 'bad', status: 400, cause: 'why' },
      url: 'https://example.com/',
    });
  });

  it('triggers no getter, no proxy trap and no iterator', () => {
    let touched = 0;
    const touch = (): never => {
      touched += 1;
      throw new Error('touched');
    };
    const value = {
      get secret(): string {
        return touch();
      },
      list: Object.defineProperty([1], 0, { get: touch, enumerable: true }) as unknown[],
      proxy: new Proxy(
        {},
        { get: touch, ownKeys: touch, getPrototypeOf: touch, getOwnPropertyDescriptor: touch },
      ),
      iterator: { [Symbol.iterator]: touch, kept: 1 },
      generator: (function* () {
        touch();
        yield 1;
      })(),
    };
    expect(JSON.parse(fitJson(value))).toEqual({
      secret: '[Getter]',
      list: ['[Getter]'],
      proxy: '[Proxy]',
      iterator: { kept: 1 },
      generator: '[Generator]',
    });
    expect(touched).toBe(0);
  });

  it('survives a toJSON that throws and keeps the value', () => {
    class Broken {
      readonly kept = 1;
      toJSON(): never {
        throw new RangeError('no');
      }
    }
    expect(JSON.parse(fitJson({ broken: new Broken() }))).toEqual({
      broken: { kept: 1, '[toJSON threw]': 'RangeError' },
    });
  });

  it('keeps a key named __proto__ a key', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "big": 1}') as Record<string, unknown>;
    const json = fitJson({ ...value, own: Object.entries(value), exotic: 1n });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(json).toContain('polluted');
  });

  it('stops at the depth and width limits and says so', () => {
    const deep = { a: { b: { c: 1 } } };
    expect(JSON.parse(fitJson(deep, { depth: 2 }))).toEqual({ a: { b: '[Object, too deep]' } });
    expect(JSON.parse(fitJson([1, 2, 3, 4], { width: 2 }))).toEqual([1, 2, '[2 of 4 entries left out]']);
  });

  it.each([60, 200, 1000, 5000])(
    'is valid JSON of at most %i characters, and says how much went',
    (maxLength) => {
      const value = Array.from({ length: 40 }, (_, index) => ({
        role: 'user',
        parts: [{ type: 'text', content: `${index} ${'word "quoted" '.repeat(200)}` }],
      }));
      const json = fitJson(value, { maxLength });
      expect(json.length).toBeLessThanOrEqual(maxLength);
      expect(() => JSON.parse(json) as unknown).not.toThrow();
      expect(json).toMatch(/cut, \d+ characters|left out/);
    },
  );

  it('uses most of the room when only strings need to be cut', () => {
    const json = fitJson({ kept: 'short', cut: 'x'.repeat(100_000) }, { maxLength: 10_000 });
    expect(JSON.parse(json)).toMatchObject({ kept: 'short' });
    expect(json.length).toBeGreaterThan(9000);
    expect(json).toContain('[cut, 100000 characters]');
  });

  it('never throws, whatever it is given', () => {
    const hostile = Object.create(null) as Record<string, unknown>;
    hostile['self'] = hostile;
    for (const value of [undefined, null, hostile, Symbol('x'), () => 1, new Proxy([], {}), '\ud800']) {
      expect(() => JSON.parse(fitJson(value)) as unknown).not.toThrow();
    }
  });
});

describe('cutText', () => {
  it('never splits a character', () => {
    const text = '😀'.repeat(50);
    for (let length = 30; length < 60; length += 1) {
      expect(cutText(text, length)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });
});

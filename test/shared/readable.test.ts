import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { fitJson } from '../../src/shared/limits.js';
import { isPlainJson } from '../../src/shared/plain-json.js';

const read = (value: unknown): unknown => JSON.parse(fitJson(value));
const LIMITS = { depth: 32, width: 1000, nodes: 20_000 };
function boom(): never {
  throw new Error('touched');
}

function* generate(): Generator<number> {
  yield 1;
}

describe('a value that is written down', () => {
  it.each<[string, unknown, unknown]>([
    ['a map', new Map<unknown, unknown>([['a', 1]]), { a: 1 }],
    ['a map with other keys', new Map([[1, 'a']]), [[1, 'a']]],
    ['a set', new Set([1, 'a']), [1, 'a']],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a big integer', 12n, '12n'],
    ['bytes', Buffer.from('abc'), '[Buffer, 3 bytes]'],
    ['a typed array', new Float32Array(2), '[Float32Array, 8 bytes]'],
    ['an error', new RangeError('no'), { name: 'RangeError', message: 'no' }],
    ['a function', boom, '[Function boom]'],
    ['a promise', Promise.resolve(), '[Promise]'],
    ['a boxed symbol', Object(Symbol('s')), 'Symbol(s)'],
    ['a boxed number', Object(1), '1'],
    ['a number that is none', { a: Number.NaN, b: Number.POSITIVE_INFINITY }, { a: 'NaN', b: 'Infinity' }],
  ])('is readable when it is %s', (_, value, expected) => {
    expect(read({ value })).toEqual({ value: expected });
  });

  it('is not touched where reading runs code', () => {
    const value = {
      get now(): never {
        return boom();
      },
      list: Object.defineProperty([1], 1, { get: boom, enumerable: true }),
      proxy: new Proxy(
        {},
        { get: boom, ownKeys: boom, getPrototypeOf: boom, getOwnPropertyDescriptor: boom },
      ),
      iterator: { next: boom, [Symbol.iterator]: boom },
      bytes: Object.defineProperty(new Uint8Array(2), 'byteLength', { get: boom }),
      boxed: Object.assign(Object(1) as object, {
        toString: boom,
        valueOf: boom,
        [Symbol.toPrimitive]: boom,
      }),
      tagged: Object.defineProperty(new Uint8Array(1), Symbol.toStringTag, { get: boom }),
    };
    expect(read(value)).toEqual({
      now: '[Getter]',
      list: [1, '[Getter]'],
      proxy: '[Proxy]',
      iterator: { next: '[Function boom]' },
      bytes: '[Uint8Array, 2 bytes]',
      boxed: '1',
      tagged: '[Uint8Array, 1 bytes]',
    });
  });

  it('never drains an iterator, generator or stream', async () => {
    const generator = generate();
    const entries = new Map([[1, 2]]).entries();
    const readable = Readable.from(['a']);
    const web = new ReadableStream({ start: (controller) => controller.close() });
    const value = { generator, entries, readable, web, writable: new Writable() };
    expect(read(value)).toEqual({
      generator: '[Generator]',
      entries: '[Iterator]',
      readable: '[Readable]',
      web: '[ReadableStream]',
      writable: '[Writable]',
    });
    expect([...generator]).toEqual([1]);
    expect([...entries]).toEqual([[1, 2]]);
    expect([readable.readableFlowing, readable.readableDidRead, web.locked]).toEqual([null, false, false]);
    expect(await readable.toArray()).toEqual(['a']);
  });

  it('survives a `toJSON` that throws, and says so', () => {
    expect(read({ bad: { a: 1, toJSON: boom }, good: { toJSON: () => 'short' } })).toEqual({
      bad: { a: 1, toJSON: '[Function boom]', '[toJSON threw]': 'Error' },
      good: 'short',
    });
  });

  it('marks cycles and large repeats apart', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    const large = Array.from({ length: 60 }, (_, n) => n);
    expect(read({ loop, first: large, again: large })).toEqual({
      loop: { name: 'loop', self: '[Circular $.loop]' },
      first: large,
      again: '[Repeat of $.first]',
    });
  });

  it('of an emitter shows its own fields only', () => {
    const emitter = Object.assign(new EventEmitter(), { topic: 'news' });
    expect(read({ emitter })).toMatchObject({ emitter: { topic: 'news' } });
  });
});

describe('plain JSON', () => {
  it.each<[unknown, boolean]>([
    [{ a: [1, 'x', null, { b: undefined }] }, true],
    [Object.assign(Object.create(null), { a: 1 }), true],
    [Array.from({ length: 2, 1: 1 }), true],
    [{ a: new Date(0) }, false],
    [
      {
        get a() {
          return boom();
        },
      },
      false,
    ],
    [Object.defineProperty([1], 0, { get: boom }), false],
    [Object.assign([1], { toJSON: boom }), false],
    [{ toJSON: boom }, false],
    [new Proxy({}, { getPrototypeOf: boom }), false],
    [{ a: 1n }, false],
  ])('is told without running code (%#)', (value, expected) => {
    expect(isPlainJson(value, LIMITS)).toBe(expected);
  });

  it('keeps to its limits', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(isPlainJson(loop, LIMITS)).toBe(false);
    expect(isPlainJson([1, 2, 3], { ...LIMITS, width: 2 })).toBe(false);
    expect(isPlainJson({ a: [1, 2], b: [3] }, { ...LIMITS, nodes: 4 })).toBe(false);
    expect(isPlainJson({ a: { b: 1 } }, { ...LIMITS, depth: 1 })).toBe(false);
  });
});

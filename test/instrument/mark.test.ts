import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createMark } from '../../src/instrument/mark.js';

describe('a mark', () => {
  it('is found on what it was put on, and nowhere else', () => {
    const mark = createMark<string>();
    const target = Promise.resolve(1);
    mark.put(target, 'a');
    expect([mark.of(target), mark.of({}), mark.of(undefined), mark.of('text')]).toEqual([
      'a',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gives way to a newer one of its kind, not to one of another', () => {
    const [mark, other] = [createMark<string>(), createMark<number>()];
    const target = {};
    mark.put(target, 'a');
    other.put(target, 1);
    mark.put(target, 'b');
    expect([mark.of(target), other.of(target)]).toEqual(['b', 1]);
  });

  it('shows in no way', () => {
    const target = { own: 1 };
    createMark<string>().put(target, 'a');
    expect([Reflect.ownKeys(target), inspect(target), structuredClone(target)]).toEqual([
      ['own'],
      '{ own: 1 }',
      { own: 1 },
    ]);
  });

  it('never throws, whatever it is put on', () => {
    const mark = createMark<string>();
    const targets = [Object.freeze({}), new Proxy({}, {}), Object.create(null) as object];
    expect(() => targets.forEach((target) => mark.put(target, 'a'))).not.toThrow();
  });
});

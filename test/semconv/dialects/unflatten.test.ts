import { describe, expect, it } from 'vitest';
import { unflatten } from '../../../semconv/dialects/unflatten.js';

describe('unflatten', () => {
  it('makes lists of numbered members, in the order of their numbers', () => {
    expect(
      unflatten({ '10.message.role': 'c', '2.message.role': 'b', '0.message.role': 'a', '0.message.n': 1 }),
    ).toEqual([{ message: { role: 'a', n: 1 } }, { message: { role: 'b' } }, { message: { role: 'c' } }]);
  });

  it('keeps values that are structured, and a member that is called leaf', () => {
    expect(unflatten({ 'a.leaf': [1], 'a.b': { c: null } })).toEqual({ a: { leaf: [1], b: { c: null } } });
  });

  it('says nothing where a key is a value and a branch, or nests too deep', () => {
    expect(unflatten({ a: 1, 'a.b': 2 })).toBeUndefined();
    expect(unflatten({ 'a.b': 2, a: 1 })).toBeUndefined();
    expect(unflatten({ [Array.from({ length: 17 }, () => 'a').join('.')]: 1 })).toBeUndefined();
  });

  it('cannot reach a prototype', () => {
    const read = unflatten({ '0.__proto__.polluted': true, '0.constructor.prototype.polluted': true });
    expect(Object.hasOwn((read as object[])[0] ?? {}, '__proto__')).toBe(true);
    expect({}).not.toHaveProperty('polluted');
  });
});

import { describe, expect, it } from 'vitest';
import { parameterNames } from '../../../src/sdk/recording/parameter-names.js';

type Fn = (...args: never[]) => unknown;

/** A function with the source as it stands: a compiler might change what is written here. */
function fromSource(source: string): Fn {
  // oxlint-disable-next-line no-implied-eval -- the text of the function is what is tested
  return new Function(`return (${source});`)() as Fn;
}
const method = (source: string): Fn =>
  Object.values(fromSource(`() => ({ ${source} })`)() as Record<string, Fn>)[0] as Fn;

describe('parameter names', () => {
  it.each<[string, readonly string[]]>([
    ['function named(a, b) { return a; }', ['a', 'b']],
    ['async function named(request) { }', ['request']],
    ['function* named(a) { }', ['a']],
    ['async function* (a,\n  b,\n) { }', ['a', 'b']],
    ['(a, b) => a', ['a', 'b']],
    ['async (a) => { }', ['a']],
    ['x => x', ['x']],
    ['async x => x', ['x']],
    ['() => 1', []],
    ["(a, b = 3, c = 'x', d = null, e = {}, f = []) => 1", ['a', 'b', 'c', 'd', 'e', 'f']],
    ['($, _x, größe) => 1', ['$', '_x', 'größe']],
  ])('of %s are %j', (source, names) => {
    expect(parameterNames(fromSource(source))).toEqual(names);
  });

  it.each<[string, readonly string[]]>([
    ['plain(a, b) { }', ['a', 'b']],
    ['async later(a) { }', ['a']],
    ['*many(a) { }', ['a']],
    ['async *many(a) { }', ['a']],
  ])('of the method %s are %j', (source, names) => {
    expect(parameterNames(method(source))).toEqual(names);
  });

  it.each([
    '({ a, b }) => 1',
    '([a]) => 1',
    '(...rest) => 1',
    '(a, ...rest) => 1',
    '(a = call()) => 1',
    "(a = 'x, y') => 1",
    "(a = ') {', b) => 1",
    '(a = (1)) => 1',
    '(a /* why */, b) => 1',
    'function (a, a) { }',
    'class A { constructor(a) { this.a = a; } }',
  ])('of %s are not told', (source) => {
    expect(parameterNames(fromSource(source))).toBeUndefined();
  });

  it('of a method with a computed name are not told', () => {
    expect(parameterNames(method("['a b'](x) { }"))).toBeUndefined();
  });

  it('of built-in and bound functions are none', () => {
    expect(parameterNames(parseInt as Fn)).toEqual([]);
    expect(parameterNames(fromSource('(a) => a').bind(undefined))).toEqual([]);
  });
});

/**
 * Names of a function's parameters as its source has them, or undefined when they cannot be told for certain: built-in and bound functions,
 * patterns, rest parameters, and defaults that are more than a plain value.
 */
export function parameterNames(fn: (...args: never[]) => unknown): readonly string[] | undefined {
  const known = names.get(fn);
  if (known !== undefined) return known === null ? undefined : known;
  const read = readNames(fn);
  names.set(fn, read ?? null);
  return read;
}

/** The source is read once for each function. */
const names = new WeakMap<object, readonly string[] | null>();

/** `async function name(`, `name(`, `async *name(`, `(`: what stands before the list. A computed name is not told apart. */
const BEFORE_LIST = /^(?:static\s+)?(?:async\b\s*)?(?:function\b\s*)?\*?\s*(?:#?[\w$]+\s*)?\(/;
const SINGLE = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u;
const PARAMETER =
  /^([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\s*=\s*(?:-?[\d.]+|'[^'"`,()\\]*'|"[^'"`,()\\]*"|true|false|null|undefined|\{\s*\}|\[\s*\]))?$/u;

function readNames(fn: (...args: never[]) => unknown): readonly string[] | undefined {
  const source = Function.prototype.toString.call(fn);
  const single = SINGLE.exec(source)?.[1];
  if (single !== undefined) return [single];
  const before = BEFORE_LIST.exec(source)?.[0];
  if (before === undefined) return undefined;
  const end = source.indexOf(')', before.length);
  if (end < 0 || !/^\s*(?:=>|\{)/.test(source.slice(end + 1))) return undefined;
  const list = source.slice(before.length, end).trim();
  if (list === '') return [];
  const parts = list.replace(/,$/, '').split(',');
  const found = parts.map((part) => PARAMETER.exec(part.trim())?.[1]);
  if (!found.every((name) => name !== undefined) || new Set(found).size < found.length) return undefined;
  return found;
}

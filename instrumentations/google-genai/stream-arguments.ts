import { fieldsOf, listOf, textOf } from '../../src/instrument/read.js';

type Node = Record<string, unknown>;

/** Where the values of a piece of arguments may be. */
const VALUES = ['numberValue', 'boolValue', 'stringValue'] as const;

/**
 * Puts pieces of a call's arguments to their places: `{ jsonPath: '$.stops[0].name', stringValue: 'Ro' }`. A text that comes
 * in several pieces is joined.
 * @returns the arguments, which are changed in place once they are ours.
 */
export function putArguments(known: unknown, pieces: readonly unknown[]): unknown {
  const root: Node = typeof known === 'object' && known !== null ? (known as Node) : {};
  for (const piece of pieces) {
    const path = stepsOf(textOf(fieldsOf(piece)['jsonPath']) ?? '');
    if (path.length > 0) putValue(root, path, valueOf(fieldsOf(piece)));
  }
  return root;
}

/** `$.a[0]['b c']` → `a`, `0`, `b c`. */
function stepsOf(path: string): string[] {
  return listOf(path.match(/[^.[\]'"$]+/g)).map(String);
}

function valueOf(piece: Readonly<Record<string, unknown>>): unknown {
  for (const key of VALUES) if (piece[key] !== undefined) return piece[key];
  return null;
}

function putValue(root: Node, path: readonly string[], value: unknown): void {
  let node = root;
  path.forEach((step, depth) => {
    const next = path[depth + 1];
    if (next === undefined) {
      const before = node[step];
      put(node, step, typeof before === 'string' && typeof value === 'string' ? before + value : value);
    } else {
      if (!isNode(node, step)) put(node, step, /^\d+$/.test(next) ? [] : {});
      node = node[step] as Node;
    }
  });
}

function isNode(node: Node, step: string): boolean {
  return Object.hasOwn(node, step) && typeof node[step] === 'object' && node[step] !== null;
}

/** Never through a setter: a path is what a model wrote. */
function put(node: Node, step: string, value: unknown): void {
  Object.defineProperty(node, step, { value, writable: true, enumerable: true, configurable: true });
}

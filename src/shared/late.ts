import { createRequire } from 'node:module';

/** Modules that a bundle holds, by the name of their file. */
const provided = new Map<string, object>();

/** For bundles, which hold no module that is looked for by its path: gives late modules beforehand, each by the name of its file. */
export function provideLate(modules: Readonly<Record<string, object>>): void {
  for (const [name, module] of Object.entries(modules)) provided.set(name, module);
}

/**
 * A module of ours that is loaded when it is first needed, in the same turn, so that a program which never needs it does not
 * pay for it. `path` is relative to the file whose `import.meta.url` is given. The function throws when there is no such file.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what a path leads to is known to the caller only
export function lateModule<M extends object>(path: string, from: string): () => M {
  const name = path.slice(path.lastIndexOf('/') + 1, -'.js'.length);
  let loaded: M | undefined;
  return () => (loaded ??= (provided.get(name) ?? fromFile(path, from)) as M);
}

function fromFile(path: string, from: string): unknown {
  try {
    return createRequire(from)(path);
  } catch (cause) {
    throw new Error(`spoor could not load ${path}; in a bundle, import spoor/bundled first`, { cause });
  }
}

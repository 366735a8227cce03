import { createRequire } from 'node:module';
import { normalize, sep } from 'node:path';
import { explain } from './guard.js';
import type { SdkInstrumentation } from './instrumentation-base.js';

/**
 * Patches the copies of an SDK that the program loaded with `require` before us. What was loaded with `import` cannot be
 * found again: for that there is `wrap`, and a preload.
 * @returns the number of copies found.
 */
export function instrumentLoaded(instrumentation: SdkInstrumentation, module: string): number {
  const cache = createRequire(import.meta.url).cache;
  const inside = `${sep}node_modules${sep}${module.replaceAll('/', sep)}${sep}`;
  const files = (instrumentation.line().files ?? []).map(
    (file) => `${sep}node_modules${sep}${normalize(file)}`,
  );
  // One copy may have several files that are looked at.
  const copies = new Set<string>();
  for (const path in cache) {
    const at = path.lastIndexOf(inside);
    const isHookedFile = files.some((file) => path.endsWith(file));
    // The entry file of a package is near its root; a package of another copy further down has its own entry.
    if (
      at < 0 ||
      (!isHookedFile && !/^((dist|esm)[\\/](node[\\/])?)?index\.c?js$/.test(path.slice(at + inside.length)))
    )
      continue;
    const loaded = cache[path];
    if (loaded !== undefined) loaded.exports = instrumentation.patch(loaded.exports, module);
    copies.add(path.slice(0, at));
  }
  if (copies.size > 0)
    explain(`loaded ${module}`, `${module} was loaded before spoor; that copy is traced from now on`);
  return copies.size;
}

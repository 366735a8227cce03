import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of a package as a program in `folder` would find it, or undefined when it is not installed there. */
export function installedVersion(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const manifest = readFileSync(join(at, 'node_modules', name, 'package.json'), 'utf8');
      return (JSON.parse(manifest) as { version?: string }).version;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}

/** True when a version is not below a range of the form `>=1.2`. */
export function isInRange(version: string, range: string): boolean {
  const least = numbers(range);
  const given = numbers(version);
  for (const [index, wanted] of least.entries()) {
    const have = given[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}

function numbers(text: string): number[] {
  const found = /\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0';
  return found.split('.').map(Number);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockFile {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
}

const ROOT = join(import.meta.dirname, '../..');

/**
 * `npm ci` refuses a lock without the packages of other platforms, and npm leaves them out when the registry in use does
 * not carry them.
 */
describe.each(['.', 'test/browser', 'test/bundlers', 'test/package'])('the lock of %s', (folder) => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8')) as LockFile;

  it('lists the optional packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined &&
          packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(Object.keys(packages).length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});

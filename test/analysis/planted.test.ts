import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/stuck.js', import.meta.url));

test('planted loops are found by their rule, and near misses are not', () => {
  const { SPOOR_CORPUS: _corpus, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, '--runs=20', '--seed=7'], {
    env,
    encoding: 'utf8',
  });
  const rows = [...stdout.matchAll(/^([a-z-]+) +20 +20 +0 +\d+ +\d\.\d{3} +\d\.\d{3} +\d\.\d{3}$/gm)];
  expect({ status, rules: new Set(rows.map(([, rule]) => rule)) }).toEqual({
    status: 0,
    rules: new Set([
      'dead-end',
      'error-retry',
      'exact-retry',
      'flip-flop',
      'repeated-message',
      'revisit-churn',
      'stagnation',
      'tandem-repeat',
    ]),
  });
  expect(stdout).toMatch(/\n39 passed, 0 failed, 1 skipped\n$/);
});

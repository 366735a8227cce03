// Sends mutated payloads to a translator: 100,000 of them, or --rounds=N; --seed=N for others, and for the same ones again.
// SPOOR_CORPUS names a folder of recorded payloads to mutate beside our own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const numberOf = (name, text) => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return String(number);
  throw new Error(`--${name} takes a whole number from 1 on.`);
};

const run = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/server/fuzz.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      SPOOR_FUZZ_ROUNDS: numberOf('rounds', options.rounds ?? '100000'),
      ...(options.seed === undefined ? {} : { SPOOR_FUZZ_SEED: numberOf('seed', options.seed) }),
    },
  },
);
process.exitCode = run.status ?? 1;

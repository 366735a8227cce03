import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'instrumentations/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    reporters: ['default', './test/support/tally-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // What a test leaves undelivered must not end up in the journal of whoever runs it.
    env: { SPOOR_JOURNAL_DIR: join(tmpdir(), `spoor-test-journal-${process.pid}`) },
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/mcp/check-*.ts'],
    reporters: ['default', './test/support/tally-reporter.ts'],
    testTimeout: 60_000,
    pool: 'forks',
  },
});

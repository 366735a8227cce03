import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/clickhouse/check-*.ts'],
    reporters: ['default', './test/support/tally-reporter.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});

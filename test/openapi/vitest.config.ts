import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/openapi/check-*.ts'],
    reporters: ['default', './test/support/tally-reporter.ts'],
    testTimeout: 120_000,
    pool: 'forks',
  },
});

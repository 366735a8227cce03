import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/readers/check-written.ts'],
    reporters: ['default', './test/support/tally-reporter.ts'],
  },
});

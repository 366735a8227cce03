import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/readers/**/*.reader.ts'],
    reporters: ['default', './test/support/tally-reporter.ts'],
  },
});

import { defineConfig } from 'vitest/config';

/** Browser tests: one at a time, each with its own server, data folder and Chromium. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          setupFiles: ['test/support/property-seed.ts'],
        },
      },
      {
        // Real Gunicorns, real terminals, real log rotation: one file at a time, so that no suite starves another of CPU.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.{ts,tsx}'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // Real programs on a shared machine: what fails twice has failed.
          retry: 1,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});

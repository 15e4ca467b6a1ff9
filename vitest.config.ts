import { defineConfig } from 'vitest/config';

/** What judges readings of processes, or stages several Gunicorns side by side itself: nothing else runs meanwhile. */
const ALONE = ['test/e2e/{lab,readings,sampling}.test.ts'];

/** Real Gunicorns, real terminals, real log rotation. */
const realPrograms = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Real programs on a shared machine: what fails twice has failed.
  retry: 1,
  globalSetup: ['test/support/global-setup.ts'],
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          setupFiles: ['test/support/property-seed.ts'],
          maxWorkers: 2,
          // A process for each file costs more than the tests of most.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Most of their time these wait for a log to rotate or an alert to fire: two files at a time.
        test: {
          ...realPrograms,
          name: 'e2e',
          include: ['test/e2e/**/*.test.{ts,tsx}'],
          exclude: ALONE,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...realPrograms,
          name: 'e2e-alone',
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

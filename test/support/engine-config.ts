import type { EngineConfig } from '../../src/engine/config.ts';

/** An engine that watches nothing; the test names what it is about. */
export const engineConfig = (differences: Partial<EngineConfig> = {}): EngineConfig => ({
  version: 'test',
  pid: null,
  accessLogs: [],
  errorLogs: [],
  appLogs: [],
  logFormat: 'auto',
  fromStart: false,
  sinceMs: Date.now(),
  historySiblings: false,
  follow: 'generations',
  sampler: 'proc',
  noRoutes: false,
  routes: [],
  linePatterns: [],
  gunicornSettings: null,
  ...differences,
});

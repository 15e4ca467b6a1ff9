/** Small programs under test/fixtures/apps, bundled the way gtop itself is. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { options } from '../../scripts/esbuild-options.mjs';
import { temporaryFolder } from './cleanup.ts';

const APPS = fileURLToPath(new URL('../fixtures/apps/', import.meta.url));

/** Bundles `test/fixtures/apps/NAME.tsx`. @returns the program and its arguments. */
export async function buildFixtureApp(name: string): Promise<readonly string[]> {
  const outfile = join(temporaryFolder(), `${name}.mjs`);
  await build({ ...options, entryPoints: [join(APPS, `${name}.tsx`)], outfile });
  return [process.execPath, outfile];
}

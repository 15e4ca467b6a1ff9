// `npm run lab [-- NAME…]`: the incident lab, against the gtop that is built in dist/.
import { build } from 'esbuild';
import { path } from './esbuild-options.mjs';

// Two folders deep, as the tests' helpers are, which find the project's files relative to themselves.
const outfile = path('.cache/lab/lab.mjs');
await build({
  entryPoints: [path('test/lab/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import(outfile);

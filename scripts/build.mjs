// Bundles src/main.ts to one ESM file, dist/gtop.js, and prints its size. Run by `npm run build` and `prepare`.
import { mkdir, stat } from 'node:fs/promises';
import { build } from 'esbuild';
import { options, path } from './esbuild-options.mjs';

await mkdir(path('dist'), { recursive: true });
await build({ ...options, entryPoints: [path('src/main.ts')], outfile: path('dist/gtop.js') });
const { size } = await stat(path('dist/gtop.js'));
console.log(`dist/gtop.js ${(size / 1000).toFixed(0)} kB`);

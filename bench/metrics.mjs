// What do metrics cost: per log line, and per scrape? bench/metrics.ts says what is measured.
import { build } from 'esbuild';
import { options, path } from '../scripts/esbuild-options.mjs';

const { outputFiles } = await build({ ...options, entryPoints: [path('bench/metrics.ts')], banner: {}, write: false });
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

// What does one evaluation of 100 alert rules over 2,000 series cost? bench/rules.ts says what they are.
import { build } from 'esbuild';
import { options, path } from '../scripts/esbuild-options.mjs';

const { outputFiles } = await build({ ...options, entryPoints: [path('bench/rules.ts')], banner: {}, write: false });
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

// Answers PromQL questions, one JSON object per line: src/alerts/promql/runner/answer.ts says which. `npm run -s promql`.
import { build } from 'esbuild';
import { options, path } from './esbuild-options.mjs';

const { outputFiles } = await build({
  ...options,
  entryPoints: [path('src/alerts/promql/runner/main.ts')],
  // A data: URL is no place for createRequire to start from, and nothing here calls require().
  banner: {},
  write: false,
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

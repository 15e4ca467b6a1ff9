// How every bundle of this project is made: the program itself and the small programs that its tests run.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
export const path = (relative) => fileURLToPath(new URL(relative, root));

const { version } = JSON.parse(await readFile(path('package.json'), 'utf8'));

/** Puts src/text/width.ts in the place of `string-width` everywhere but in that file, which falls back to the real one. */
const fastStringWidth = {
  name: 'fast-string-width',
  setup(build) {
    const ours = path('src/text/width.ts');
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) => (importer === ours ? undefined : { path: ours }));
  },
};

/**
 * Yoga, Ink's layout engine, carries its WebAssembly as a data: URL and decodes it with `fetch` where there is one:
 * loading Node's HTTP client for that costs a tenth of the time to the first frame.
 */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(build) {
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async (file) => ({
      contents: `const fetch = undefined;\n${await readFile(file.path, 'utf8')}`,
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
export const options = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  jsx: 'automatic',
  define: {
    // React's development build costs 40 % more CPU a frame.
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    __GTOP_VERSION__: JSON.stringify(version),
  },
  alias: {
    // Ink imports it only when DEV=true, but a missing external module crashes at start.
    'react-devtools-core': path('scripts/empty-module.mjs'),
    // Ink unmounts, and shows the cursor on standard error, when the process ends: a write that blocks for ever on a
    // terminal that does not read. src/ui/terminal gives the terminal back.
    'signal-exit': path('scripts/no-signal-exit.mjs'),
  },
  // A third of Ink's frame cost is measuring text; ours answers ASCII at once. Cutting it into characters needs Unicode
  // data that take 15 ms to load; ours loads them for the first text that is not plain.
  plugins: [fastStringWidth, yogaWithoutFetch],
  inject: [path('scripts/grapheme-segmenter.mjs')],
  banner: {
    // Bundled CommonJS packages call require() for Node's own modules.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

// Bundles gtop into dist/ and prints the sizes. Run by `npm run build` and `prepare`.
//
// gtop.cjs is the program (gtop.js the same as an ES module, 8 ms later: Node sets its loader of modules up for it),
// engine.cjs its worker thread, report-part.cjs that of a report. Both of the first load parts: each `import()` of the
// source is one, so that the engine's thread starts before the screen is compiled, and so is every package that is
// seldom needed. src/boot loads them. docs/decisions.md has the figures.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build, transform } from 'esbuild';
import { options, path } from './esbuild-options.mjs';

/** Packages that load on demand, with the names that gtop imports from them. */
const ON_DEMAND = {
  nodemailer: ['createTransport'],
  pidusage: ['default'],
  systeminformation: ['cpu', 'currentLoad', 'fsSize', 'mem', 'networkStats', 'osInfo'],
  tail: ['Tail'],
  yaml: ['parseDocument', 'stringify'],
};

/** Leaves these packages out of a bundle: `import('yaml')` becomes `import('./yaml.cjs')`. */
const onDemand = {
  name: 'on-demand',
  setup({ onResolve }) {
    const filter = new RegExp(`^(${Object.keys(ON_DEMAND).join('|')})$`);
    onResolve({ filter }, (args) => ({ path: `./${args.path}.cjs`, external: true }));
  },
};

/** A script cannot wait at its top level: Ink does so where it is being developed only, and Yoga is waited for by the screen. */
const withoutTopLevelAwait = {
  name: 'without-top-level-await',
  setup({ onLoad }) {
    onLoad({ filter: /ink\/build\/reconciler\.js$/ }, async (file) => ({
      contents: (await readFile(file.path, 'utf8')).replaceAll(/\bawait (?=import|loadPackageJson)/g, ''),
    }));
    onLoad({ filter: /ink\/build\/devtools\.js$/ }, () => ({ contents: '' }));
    onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, () => ({
      contents: `
        import loadYoga from '../binaries/yoga-wasm-base64-esm.js';
        import wrapAssembly from './wrapAssembly.js';
        import constants from './generated/YGEnums.js';
        // Ink reads constants before anything can be laid out.
        const Yoga = { ...constants };
        export default Yoga;
        export const loaded = loadYoga().then((assembly) => void Object.assign(Yoga, wrapAssembly(assembly)));
        export * from './generated/YGEnums.js';`,
    }));
  },
};

const shared = {
  ...options,
  plugins: [...options.plugins, onDemand, withoutTopLevelAwait],
  banner: {},
  outdir: path('dist'),
  outExtension: { '.js': '.cjs' },
  write: false,
};

/** The parts of one thread, as modules. @returns their names and texts. */
const modules = async (entry) => {
  const { outputFiles } = await build({
    ...shared,
    splitting: true,
    chunkNames: `${Object.keys(entry)[0]}-[name]-[hash]`,
    entryPoints: Object.fromEntries(Object.entries(entry).map(([name, file]) => [name, path(file)])),
  });
  return outputFiles;
};

/** Modules as scripts for the loader of src/boot: only with `require` can they be compiled ahead. */
const asScript = async ({ path: file, text }) => {
  const { code } = await transform(text, {
    sourcefile: basename(file),
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'module.url' },
  });
  return { name: basename(file), code };
};

const parts = await Promise.all(
  (
    await Promise.all([
      modules({ main: 'src/main.ts' }),
      modules({ 'engine-main': 'src/engine/main.ts' }),
      ...Object.entries(ON_DEMAND).map(async ([name, names]) => {
        const stdin = { contents: `export { ${names.join(', ')} } from '${name}';`, resolveDir: path('.') };
        const { outputFiles } = await build({ ...options, banner: {}, stdin, write: false });
        return [{ path: `${name}.cjs`, text: outputFiles[0].text }];
      }),
    ])
  )
    .flat()
    .map(asScript),
);
parts.sort((a, b) => (a.name < b.name ? -1 : 1));
const hash = createHash('sha256');
for (const { name, code } of parts) hash.update(name).update(code);

const buildId = hash.digest('hex').slice(0, 16);
const [boot, reportPart] = await Promise.all(
  ['src/boot/index.ts', 'src/cli/report/main.ts'].map((file) =>
    build({
      ...shared,
      format: 'cjs',
      entryPoints: [path(file)],
      define: { ...options.define, __GTOP_BUILD__: JSON.stringify(buildId) },
    }),
  ),
);
const entry = (part, thread) => `(__dirname,${JSON.stringify(`${part}.cjs`)},${JSON.stringify(thread)});\n`;
const files = [
  ...parts,
  { name: 'boot.cjs', code: boot.outputFiles[0].text },
  { name: 'report-part.cjs', code: reportPart.outputFiles[0].text },
  { name: 'engine.cjs', code: `require("./boot.cjs").boot${entry('engine-main', 'engine')}` },
  { name: 'gtop.cjs', code: `require("./boot.cjs").boot${entry('main', 'main')}` },
  { name: 'gtop.js', code: 'import "./gtop.cjs";\n' },
];

await rm(path('dist'), { recursive: true, force: true });
await mkdir(path('dist'));
await Promise.all(files.map(({ name, code }) => writeFile(path(`dist/${name}`), code)));
const kilobytes = files.reduce((sum, { code }) => sum + code.length, 0) / 1000;
console.log(`dist/: ${files.length} files, ${kilobytes.toFixed(0)} kB`);

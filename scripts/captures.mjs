// Takes pictures of the real screen: runs `gtop demo` in a pseudo-terminal of each size, waits for its incident, walks
// through the main views with the keys that a person would press, and writes what the terminal shows as SVG and as text.
//
//   node scripts/captures.mjs [--output docs] [--only help]
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { svgOf } from './capture-svg.mjs';

const { values } = parseArgs({
  options: { output: { type: 'string', default: 'docs' }, only: { type: 'string' } },
});

const SIZES = [
  { cols: 160, rows: 45 },
  { cols: 80, rows: 24 },
];
/** The worker that the demo's script lets hang is killed about a minute after the start. */
const INCIDENT = /killed: timeout/;
const DEADLINE_MS = 180_000;
/** Two refreshes of the screen: what a key asked for is there, with figures. */
const SETTLE_MS = 2500;

const ENTER = '\r';
const ESC = '\x1b';
/** Undoes whatever a view opened: what lies over the panes, the detail, the zoom, the filter. */
const HOME = [ESC, ESC, ESC];

/** One row is a picture: its name, the keys from the whole board to it, and what tells that it is there. */
const VIEWS = [
  { name: 'board', keys: ['4'], shows: /Paths/ },
  { name: 'path', keys: ['4', 'g', ENTER], shows: /GET|POST/ },
  { name: 'worker', keys: ['5', 'g', ENTER], shows: /worker \d+/i },
  { name: 'event', keys: ['7', ENTER], shows: /killed: timeout/ },
  { name: 'latency', keys: ['2', 'z'], shows: /p95/ },
  { name: 'traffic', keys: ['1', 'z'], shows: /Traffic/ },
  { name: 'alerts', keys: ['6', 'g', 'z'], shows: /Alerts/ },
  { name: 'filter', keys: ['4', '/', 'status>=500 and path~^/check'], shows: /path~\^\/check/ },
  { name: 'help', keys: ['5', '?'], shows: /help/i },
];

const program = fileURLToPath(new URL('../bin/gtop.js', import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The demo in a terminal of its own. */
function openDemo({ cols, rows }) {
  const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
  const pty = spawn(process.execPath, [program, 'demo', '--no-config', '--tz', 'utc'], {
    cols,
    rows,
    name: 'xterm-256color',
    env: { ...process.env, COLORTERM: 'truecolor', LANG: 'C.UTF-8', LC_ALL: '', NO_COLOR: undefined },
  });
  pty.onData((data) => terminal.write(data));
  let hasEnded = false;
  const ended = new Promise((resolve) => pty.onExit(resolve)).then(() => {
    hasEnded = true;
  });
  const text = () =>
    Array.from({ length: rows }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true) ?? '').join('\n');
  return {
    terminal,
    text,
    ended,
    async press(keys) {
      for (const key of keys) {
        pty.write(key);
        // A key of its own each: an Esc with something behind it is another key.
        await sleep(150);
      }
    },
    async waitFor(pattern) {
      for (const start = Date.now(); !pattern.test(text()); await sleep(200)) {
        if (hasEnded || Date.now() - start > DEADLINE_MS) throw new Error(`${pattern} did not appear:\n${text()}`);
      }
    },
    quit() {
      if (!hasEnded) pty.kill('SIGTERM');
      return ended;
    },
  };
}

async function write(path, demo) {
  await writeFile(`${path}.svg`, svgOf(demo.terminal));
  await writeFile(`${path}.txt`, `${demo.text()}\n`);
  console.log(`${path}.svg, ${path}.txt`);
}

async function capture(size) {
  const demo = openDemo(size);
  try {
    await demo.waitFor(INCIDENT);
    for (const { name, keys, shows } of VIEWS) {
      if (values.only !== undefined && values.only !== name) continue;
      await demo.press(keys);
      await sleep(SETTLE_MS);
      await demo.waitFor(shows);
      await write(`${values.output}/captures/${name}-${size.cols}x${size.rows}`, demo);
      if (name === 'board' && size === SIZES[0]) await write(`${values.output}/dashboard`, demo);
      await demo.press(HOME);
    }
  } finally {
    await demo.quit();
  }
}

await mkdir(`${values.output}/captures`, { recursive: true });
await Promise.all(SIZES.map(capture));

// Takes a picture of the real screen: runs `gtop demo` in a pseudo-terminal, waits until its incident is there, and
// writes what the terminal shows as SVG and as text.
//
//   node scripts/picture.mjs [--size 160x45] [--wait 'pattern on the screen'] [--keys 'z'] [--output docs/dashboard]
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '160x45' },
    wait: { type: 'string', default: 'SATURATED' },
    settle: { type: 'string', default: '3' },
    keys: { type: 'string', default: '' },
    output: { type: 'string', default: 'docs/dashboard' },
  },
});
const [cols, rows] = values.size.split('x').map(Number);
const DEADLINE_MS = 120_000;
const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const COLOURS = { foreground: '#d8dee9', background: '#11151c' };

const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
const program = fileURLToPath(new URL('../bin/gtop.js', import.meta.url));
const pty = spawn(process.execPath, [program, 'demo', '--tz', 'utc'], {
  cols,
  rows,
  name: 'xterm-256color',
  env: { ...process.env, COLORTERM: 'truecolor', LANG: 'C.UTF-8' },
});
pty.onData((data) => terminal.write(data));
const ended = new Promise((resolve) => pty.onExit(resolve));

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const line = (y) => terminal.buffer.active.getLine(y);
const screen = () => Array.from({ length: rows }, (_, y) => line(y)?.translateToString(true) ?? '');

const wanted = new RegExp(values.wait);
for (const start = Date.now(); !screen().some((text) => wanted.test(text)); await sleep(200)) {
  if (Date.now() - start > DEADLINE_MS) throw new Error(`'${values.wait}' did not appear:\n${screen().join('\n')}`);
}
for (const key of values.keys) pty.write(key);
await sleep(Number(values.settle) * 1000);

/** The colour of a cell as CSS: 24 bits, the 256 of xterm, or the theme's own. */
function colour(cell, kind) {
  const [isRgb, isPalette, value] =
    kind === 'foreground'
      ? [cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()]
      : [cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor()];
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  return isPalette ? palette(value) : COLOURS[kind];
}

function palette(index) {
  const BASE = ['#20242c', '#e0605e', '#8fbf7f', '#e0af68', '#6a9fe0', '#b48ead', '#7fc8c8', '#d8dee9'];
  const BRIGHT = ['#5c6370', '#ff7a77', '#a9d99a', '#f5c97f', '#8ab8f5', '#cfa9d0', '#9be0e0', '#ffffff'];
  if (index < 16) return (index < 8 ? BASE : BRIGHT)[index % 8];
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (step) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}

const asXml = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

function svg() {
  const shapes = [];
  for (let y = 0; y < rows; y++) {
    let run = null;
    const flush = () => {
      if (run === null) return;
      const x = run.x * CELL.width;
      const width = run.cells * CELL.width;
      if (run.background !== COLOURS.background) {
        shapes.push(
          `<rect x="${x.toFixed(1)}" y="${y * CELL.height}" width="${width.toFixed(1)}" height="${CELL.height}" fill="${run.background}"/>`,
        );
      }
      if (run.text.trim() !== '') {
        shapes.push(
          `<text x="${x.toFixed(1)}" y="${y * CELL.height + CELL.baseline}" fill="${run.foreground}"${run.bold ? ' font-weight="bold"' : ''}${run.dim ? ' opacity="0.6"' : ''} textLength="${width.toFixed(1)}" xml:space="preserve">${asXml(run.text)}</text>`,
        );
      }
      run = null;
    };
    for (let x = 0; x < cols; x++) {
      const cell = line(y)?.getCell(x);
      if (cell === undefined || cell.getWidth() === 0) continue;
      let foreground = colour(cell, 'foreground');
      let background = colour(cell, 'background');
      if (cell.isInverse()) [foreground, background] = [background, foreground];
      const look = { foreground, background, bold: Boolean(cell.isBold()), dim: Boolean(cell.isDim()) };
      if (run === null || Object.entries(look).some(([key, value]) => run[key] !== value)) {
        flush();
        run = { ...look, x, cells: 0, text: '' };
      }
      run.text += cell.getChars() || ' ';
      run.cells += cell.getWidth();
    }
    flush();
  }
  const [width, height] = [cols * CELL.width, rows * CELL.height];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.background}"/>
${shapes.join('\n')}
</svg>
`;
}

const picture = svg();
const text = `${screen().join('\n')}\n`;
pty.write('q');
await ended;
await mkdir(dirname(values.output), { recursive: true });
await writeFile(`${values.output}.svg`, picture);
await writeFile(`${values.output}.txt`, text);
console.log(`${values.output}.svg, ${values.output}.txt`);

// Draws the screen of an @xterm/headless terminal as SVG: one text per run of cells that look the same.
const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const COLOURS = { foreground: '#d8dee9', background: '#11151c' };

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

/** What an xterm shows, as an SVG of its own size. */
export function svgOf(terminal) {
  const { cols, rows } = terminal;
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
      const cell = terminal.buffer.active.getLine(y)?.getCell(x);
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

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerminalOutput, type TerminalSize } from '../../../../src/ui/terminal/output.ts';

/** A FIFO is like a terminal that somebody may or may not read: it takes 64 KiB, then says EAGAIN. */
let folder: string;
let fd: number;
let size: TerminalSize;
let output: TerminalOutput;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gtop-output-'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  fd = openSync(join(folder, 'fifo'), constants.O_RDWR | constants.O_NONBLOCK);
  size = { columns: 100, rows: 30 };
  output = new TerminalOutput(fd, () => size);
  output.open();
});

afterEach(() => {
  output.close();
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** Everything that waits to be read. */
function readAll(): string {
  const buffer = Buffer.alloc(1 << 20);
  let text = '';
  for (;;) {
    try {
      text += buffer.toString('utf8', 0, readSync(fd, buffer));
    } catch {
      return text;
    }
  }
}

const LONG = 'x'.repeat(100_000);

describe('a terminal that reads', () => {
  it('gets frames whole and in order', () => {
    output.write('one');
    output.write('zwei ü');
    expect(output.busy).toBe(false);
    expect(readAll()).toBe('onezwei ü');
    expect(output.bytesWritten).toBe(10);
  });
});

describe('a terminal that stops reading', () => {
  it('gets the rest of a cut frame later, and none of the frames between', async () => {
    output.write(`${LONG}!`);
    expect(output.busy).toBe(true);
    output.write('dropped');
    let text = readAll();
    expect(text.length).toBeLessThan(LONG.length);
    await once(output, 'drain');
    text += readAll();
    expect(text).toBe(`${LONG}!`);
    expect(output.busy).toBe(false);
    output.write('next');
    expect(readAll()).toBe('next');
  });

  it('gets the last words in place of the rest of a frame', () => {
    output.write(LONG);
    readAll();
    output.close();
    expect(output.flush('last words')).toBe(true);
    expect(readAll()).toBe('last words');
  });

  it('cannot hold up the last words', () => {
    output.write(LONG);
    output.close();
    expect(output.flush('last words')).toBe(false);
  });
});

describe('a terminal that is gone', () => {
  it('is reported once the writer has returned', async () => {
    const path = join(folder, 'fifo');
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const gone = new TerminalOutput(writer, () => size);
    gone.open();
    closeSync(fd);
    gone.write('anybody there?');
    await once(gone, 'hangup');
    expect(gone.busy).toBe(false);
    gone.close();
    closeSync(writer);
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  });
});

describe('outside of open and close', () => {
  it('frames are dropped', () => {
    output.close();
    output.write('late');
    expect(readAll()).toBe('');
  });
});

describe('the size', () => {
  it('is asked for again when the window changes', () => {
    const sizes: number[][] = [];
    output.on('resize', () => sizes.push([output.columns, output.rows]));
    process.emit('SIGWINCH', 'SIGWINCH');
    size = { columns: 40, rows: 10 };
    process.emit('SIGWINCH', 'SIGWINCH');
    expect(sizes).toEqual([[40, 10]]);
  });

  it('may have changed while the terminal was not ours', () => {
    output.close();
    size = { columns: 40, rows: 10 };
    process.emit('SIGWINCH', 'SIGWINCH');
    expect(output.columns).toBe(100);
    output.open();
    expect(output.columns).toBe(40);
  });

  it('is taken for 80×24 where nobody set one, and stays when it cannot be asked for', () => {
    expect(new TerminalOutput(fd, () => ({ columns: 0, rows: 0 }))).toMatchObject({ columns: 80, rows: 24 });
    const mute = new TerminalOutput(fd, () => {
      throw new Error('ENXIO');
    });
    expect(mute).toMatchObject({ columns: 80, rows: 24 });
  });
});

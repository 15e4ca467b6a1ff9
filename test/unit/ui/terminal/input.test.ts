import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { functionKeyOf } from '../../../../src/ui/terminal/function-keys.ts';
import { TerminalInput } from '../../../../src/ui/terminal/input.ts';

class Keyboard extends EventEmitter {
  setRawMode(): void {}
  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
}

/** An input with what it told so far. */
function typing(): { keyboard: Keyboard; input: TerminalInput; events: unknown[]; typed(): string } {
  const keyboard = new Keyboard();
  const input = new TerminalInput(keyboard as unknown as ReadStream);
  input.setEncoding('utf8');
  const events: unknown[] = [];
  for (const name of ['interrupt', 'suspend', 'hangup'] as const) input.signals.on(name, () => events.push(name));
  input.signals.on('mouse', (report) => events.push(report));
  return { keyboard, input, events, typed: () => input.read() ?? '' };
}

describe('keys', () => {
  it('reach whoever reads', () => {
    const { keyboard, typed, events } = typing();
    keyboard.emit('data', 'q\x1b[A日');
    expect(typed()).toBe('q\x1b[A日');
    expect(events).toEqual([]);
  });

  it('Ctrl-C and Ctrl-Z are signals, wherever they stand', () => {
    const { keyboard, typed, events } = typing();
    keyboard.emit('data', 'a\x03b\x1a');
    expect(typed()).toBe('ab');
    expect(events).toEqual(['interrupt', 'suspend']);
  });

  it('Ctrl-C in a paste is text, also when the paste comes in parts', () => {
    const { keyboard, typed, events } = typing();
    keyboard.emit('data', '\x1b[200~one\x03');
    keyboard.emit('data', 'two\x1a\x1b[201~');
    expect(events).toEqual([]);
    expect(typed()).toBe('\x1b[200~one\x03two\x1a\x1b[201~');
    keyboard.emit('data', '\x03');
    expect(events).toEqual(['interrupt']);
  });

  it.each([
    ['\x1bOP', 'f1'],
    ['\x1bOR', 'f3'],
    ['\x1b[13~', 'f3'],
    ['\x1b[[C', 'f3'],
    ['\x1b[15~', 'f5'],
    ['\x1b[21~', 'f10'],
    ['\x1b[24~', 'f12'],
    ['\x1b[2~', 'insert'],
  ])('%j is %s by the time it is read, between other keys', (sequence, name) => {
    const { keyboard, typed } = typing();
    keyboard.emit('data', `j${sequence}\x1b[A`);
    const [before, folded = '', ...behind] = typed();
    expect([before, functionKeyOf(folded), behind.join('')]).toEqual(['j', name, '\x1b[A']);
  });

  it('of the private use area are none, and pages, arrows and pastes stay as they are', () => {
    const { keyboard, typed } = typing();
    const others = '\x1b[5~\x1b[6~\x1b[3~\x1b[1~\x1bOA\x1b[H\x1b[200~\x1b[21~\x1b[201~';
    keyboard.emit('data', `\uf709${others}`);
    expect(typed()).toBe(others);
  });

  it('pile up only so far when nobody reads', () => {
    const { keyboard, input } = typing();
    for (let i = 0; i < 100; i++) keyboard.emit('data', 'x'.repeat(10_000));
    expect(input.readableLength).toBeLessThan(100_000);
  });
});

describe('the mouse', () => {
  it('is reported apart from keys', () => {
    const { keyboard, typed, events } = typing();
    keyboard.emit('data', 'a\x1b[<0;5;3Mb\x1b[<64;1;1M\x1b[<0;5;3m');
    expect(typed()).toBe('ab');
    expect(events).toEqual([
      { kind: 'press', button: 0, x: 4, y: 2 },
      { kind: 'wheel-up', button: 0, x: 0, y: 0 },
      { kind: 'release', button: 0, x: 4, y: 2 },
    ]);
  });

  it('is understood when a report comes in two parts', () => {
    const { keyboard, typed, events } = typing();
    keyboard.emit('data', 'a\x1b[<65;10');
    keyboard.emit('data', ';20Mb');
    expect(typed()).toBe('ab');
    expect(events).toEqual([{ kind: 'wheel-down', button: 1, x: 9, y: 19 }]);
  });

  it('moving it means nothing', () => {
    const { keyboard, events } = typing();
    keyboard.emit('data', '\x1b[<35;5;3M');
    expect(events).toEqual([]);
  });
});

describe('the end of the keyboard', () => {
  it.each(['end', 'error'])('"%s" is a hangup', (event) => {
    const { keyboard, events } = typing();
    keyboard.emit(event, new Error('EIO'));
    expect(events).toEqual(['hangup']);
  });
});

import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { BINDINGS, commandOf, footerHints, keyNames } from '../../../src/ui/keys.ts';
import { helpLines } from '../../../src/ui/overlays/help.ts';
import { PANES } from '../../../src/ui/panes/index.ts';
import { PANE_IDS } from '../../../src/ui/state.ts';

const key = (over: Partial<Key> = {}): Key => ({ ...({} as Key), ...over });

describe('the table of keys', () => {
  it('gives no key to two commands', () => {
    const keys = BINDINGS.flatMap((binding) => binding.keys);
    expect(keys.filter((each, index) => keys.indexOf(each) !== index)).toEqual([]);
  });

  it('binds nothing destructive to a letter, and nothing essential to a function key alone', () => {
    for (const binding of BINDINGS)
      if (binding.keys.includes('function')) expect(binding.keys.length).toBeGreaterThan(1);
  });

  it('has a command for the letter of every column that names one', () => {
    const letters = PANE_IDS.flatMap((id) => (PANES[id].table?.columns ?? []).flatMap(({ letter }) => letter ?? []));
    for (const letter of letters) expect(commandOf(letter)).toBe('sort-letter');
    const bound = BINDINGS.find((binding) => binding.command === 'sort-letter')?.keys ?? [];
    expect([...bound].sort()).toEqual([...new Set(letters)].sort());
  });

  it('is what the help shows, all of it', () => {
    const text = helpLines('paths', 100).map((line) => `${line.term} ${line.text}`);
    for (const { label, title } of BINDINGS) {
      expect(text.some((line) => line.startsWith(label) && line.includes(title.slice(0, 30)))).toBe(true);
    }
  });

  it('is where the footer comes from', () => {
    expect(footerHints({ overlay: null }).map(({ label }) => label)).toEqual([
      '?',
      'q',
      'Tab',
      'z',
      's',
      'w',
      'Space',
      'e',
      'r',
    ]);
    expect(footerHints({ overlay: { kind: 'help', pane: 'paths', scroll: 0 } })[0]?.title).toBe('scroll');
    expect(footerHints({ overlay: { kind: 'sort', pane: 'paths', index: 0 } })[1]?.label).toBe('Enter');
  });
});

describe('names of keys', () => {
  it.each([
    ['arrows', '', key({ upArrow: true }), ['up']],
    ['Tab', '', key({ tab: true }), ['tab']],
    ['Shift-Tab', '', key({ tab: true, shift: true }), ['shift-tab']],
    ['control', 'u', key({ ctrl: true }), ['ctrl-u']],
    ['capitals', 'W', key({ shift: true }), ['W']],
    ['space', ' ', key(), [' ']],
    ['Esc', '', key({ escape: true }), ['escape']],
    ['function keys', '', key(), ['function']],
    ['Alt and a letter is no letter', 'q', key({ meta: true }), []],
    ['Backspace does nothing', '', key({ backspace: true }), []],
    ['fast typing arrives in one piece', 'jjk', key(), ['j', 'j', 'k']],
  ] as const)('%s', (_, input, flags, names) => expect(keyNames(input, flags)).toEqual(names));
});

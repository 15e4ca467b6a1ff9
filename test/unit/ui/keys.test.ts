import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { DEFAULT_KEYMAP } from '../../../src/ui/keymap.ts';
import { footerHints, keyNames } from '../../../src/ui/keys.ts';
import { helpLines } from '../../../src/ui/overlays/help.ts';
import { PANES } from '../../../src/ui/panes/index.ts';
import { initialState, PANE_IDS } from '../../../src/ui/state.ts';

const key = (over: Partial<Key> = {}): Key => ({ ...({} as Key), ...over });

describe('the table of keys', () => {
  const { bindings, byKey } = DEFAULT_KEYMAP;

  it('gives no key to two commands', () => {
    const keys = bindings.flatMap((binding) => binding.keys);
    expect(keys.filter((each, index) => keys.indexOf(each) !== index)).toEqual([]);
  });

  it('binds nothing essential to a function key alone', () => {
    for (const { keys } of bindings) if (keys.includes('function')) expect(keys.length).toBeGreaterThan(1);
  });

  it('has a command for the letter of every column that names one', () => {
    const letters = PANE_IDS.flatMap((id) => (PANES[id].table?.columns ?? []).flatMap(({ letter }) => letter ?? []));
    for (const letter of letters) expect(byKey.get(letter)).toBe('sort-letter');
  });

  it('is what the help shows, all of it that has a key', () => {
    const text = helpLines('paths', 100).map((line) => `${line.term} ${line.text}`);
    for (const { label, row, keys } of bindings) {
      if (keys.length === 0) continue;
      expect(text.some((line) => line.startsWith(label) && line.includes(row.title.slice(0, 30)))).toBe(true);
    }
  });

  it('is where the footer comes from', () => {
    const state = initialState({ windowSeconds: 60, delayMs: 1000, theme: 'default' });
    const labels = footerHints(state).map(({ label }) => label);
    expect(labels.slice(0, 2)).toEqual(['?', 'q']);
    for (const label of ['Tab', 'z', 's', 'w', 'Space', 'e', '/', '[ ]']) expect(labels).toContain(label);
    expect(footerHints({ ...state, overlay: { kind: 'help', pane: 'paths', scroll: 0 } })[0]?.title).toBe('scroll');
    expect(footerHints({ ...state, overlay: { kind: 'sort', pane: 'paths', index: 0 } })[1]?.label).toBe('Enter');
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
    ['Backspace', '', key({ backspace: true }), ['backspace']],
    ['fast typing arrives in one piece', 'jjk', key(), ['j', 'j', 'k']],
  ] as const)('%s', (_, input, flags, names) => expect(keyNames(input, flags)).toEqual(names));
});

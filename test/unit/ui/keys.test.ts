import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { MASTER_ACTIONS } from '../../../src/model/master-actions.ts';
import { COMMANDS, type CommandRow } from '../../../src/ui/command-table.ts';
import { EFFECTS } from '../../../src/ui/commands/index.ts';
import { detailHelp } from '../../../src/ui/details/index.ts';
import { bindKeys, DEFAULT_KEYMAP, keyLabel, parseKey } from '../../../src/ui/keymap.ts';
import { footerHints, keyNames } from '../../../src/ui/keys.ts';
import { helpLines } from '../../../src/ui/overlays/help.ts';
import { PANES } from '../../../src/ui/panes/index.ts';
import type { PaneId } from '../../../src/ui/state.ts';
import { PANE_IDS } from '../../../src/ui/state.ts';
import { STRAY_KEYS, sayStray } from '../../../src/ui/stray-keys.ts';

const key = (over: Partial<Key> = {}): Key => ({ ...({} as Key), ...over });
const ROWS: readonly CommandRow[] = COMMANDS;
const commandOf = (name: string) => DEFAULT_KEYMAP.byKey.get(name);

describe('the table of commands', () => {
  it('gives no key to two commands, and no name to two rows', () => {
    const keys = ROWS.flatMap((row) => row.keys);
    expect(keys.filter((each, index) => keys.indexOf(each) !== index)).toEqual([]);
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  });

  it('has an effect for every row', () => {
    expect(Object.keys(EFFECTS).sort()).toEqual(ROWS.map(({ name }) => name).sort());
  });

  it.each([
    ['help', ['?', 'F1']],
    ['quit', ['q']],
    ['next-pane', ['Tab']],
    ['previous-pane', ['Shift-Tab']],
    ['pane', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']],
    ['up', ['up', 'k']],
    ['down', ['down', 'j']],
    ['page-up', ['PgUp', 'Ctrl-U']],
    ['page-down', ['PgDn', 'Ctrl-D']],
    ['first', ['g', 'Home']],
    ['last', ['G', 'End']],
    ['open', ['Enter']],
    ['back', ['Esc']],
    ['zoom', ['z']],
    ['filter', ['/']],
    ['sort', ['s']],
    ['reverse', ['r']],
    ['sort-letter', ['P', 'M', 'C', 'E', 'L', 'T']],
    ['window', ['w']],
    ['window-back', ['W']],
    ['pause', ['Space']],
    ['earlier', ['[']],
    ['later', [']']],
    ['much-earlier', ['{']],
    ['much-later', ['}']],
    ['export', ['e']],
    ['lines', ['v']],
    ['copy', ['y']],
    ['mask', ['m']],
    ['theme', ['t']],
    ['actions', ['x']],
    ['faster', ['+']],
    ['slower', ['-']],
    ['repaint', ['Ctrl-L']],
    ['command', [':']],
  ])('%s has the keys that people expect: %j', (command, keys) => {
    for (const each of keys) expect(commandOf(parseKey(each) ?? '')).toBe(command);
  });

  it('binds nothing that Gunicorn would feel to a single key, and nothing essential to a function key alone', () => {
    const names = ROWS.map(({ name }) => name);
    for (const { name } of MASTER_ACTIONS.filter((action) => action.name !== 'quit')) expect(names).not.toContain(name);
    for (const row of ROWS) if (row.keys.some((each) => /^f\d/.test(each))) expect(row.keys.length).toBeGreaterThan(1);
  });

  it('has a command for the letter of every column that names one', () => {
    const letters = PANE_IDS.flatMap((id) => (PANES[id].table?.columns ?? []).flatMap(({ letter }) => letter ?? []));
    for (const letter of letters) expect(commandOf(letter)).toBe('sort-letter');
    const bound = ROWS.find((row) => row.name === 'sort-letter')?.keys ?? [];
    expect([...bound].sort()).toEqual([...new Set(letters)].sort());
  });

  it('shows what columns without a header hold: bars or glyphs', () => {
    const termOf = (pane: PaneId, meaning: string) =>
      helpLines(PANES[pane], 100).find(({ text }) => text.startsWith(meaning))?.term;
    expect(termOf('paths', 'the same share as a bar')).toBe('██▌');
    expect(termOf('clients', 'the same share as a bar')).toBe('██▌');
    expect(helpLines(PANES.events, 100).some(({ term }) => term === '●')).toBe(true);
  });

  it('is explained in a detail beside what the detail shows, not what the pane below it does', () => {
    for (const kind of ['path', 'worker', 'alert', 'event', 'client', 'errors'] as const) {
      const lines = helpLines(detailHelp(kind), 76);
      expect(lines.map(({ text }) => text)).toContain('What it shows');
      expect(lines.some(({ term }) => term === 'Space')).toBe(true);
      // A term that fills its place would run into its meaning.
      for (const { term } of lines) expect(term?.length ?? 0).toBeLessThan(14);
    }
  });

  it('is what the help shows, all of it', () => {
    const text = helpLines(PANES.paths, 100).map((line) => `${line.term} ${line.text}`);
    for (const { label, command, row } of DEFAULT_KEYMAP.bindings) {
      const term = label === '' ? `:${command}` : label;
      const found = text.some((line) => line.startsWith(term.slice(0, 13)) && line.includes(row.title.slice(0, 30)));
      expect(found, `${term} ${row.title}`).toBe(true);
    }
  });

  it('is where the footer comes from', () => {
    const hints = (over: Partial<Parameters<typeof footerHints>[0]> = {}) =>
      footerHints({ overlay: null, detail: null, paused: null, keymap: DEFAULT_KEYMAP, ...over });
    expect(hints().map(({ label }) => label)).toEqual([
      ...['?', 'q', 'Tab', 'Enter', '/', 's', 'w', 'Space', '[ ]', 'z', 'e', 'v', ':'],
    ]);
    expect(hints({ overlay: { kind: 'help', pane: 'paths', scroll: 0 } })[0]?.title).toBe('scroll');
    expect(hints({ overlay: { kind: 'sort', pane: 'paths', index: 0 } })[1]?.label).toBe('Enter');
    const target = { kind: 'worker', pid: 7, startedAt: null } as const;
    const inDetail = hints({ detail: { target, from: 'workers', scroll: 0 } }).map(({ title }) => title);
    expect(inDetail[0]).toBe('back');
    expect(inDetail).not.toContain('sort');
  });

  it('shows the way back to live first while the picture stands still, in a detail too', () => {
    const paused = { sinceMs: 0, atMs: 0, isPast: false };
    const own = { overlay: null, detail: null, paused, keymap: DEFAULT_KEYMAP };
    expect(footerHints(own)[0]).toEqual({ label: 'Space', title: 'live' });
    expect(footerHints(own).map(({ title }) => title)).not.toContain('pause');
    const target = { kind: 'worker', pid: 7, startedAt: null } as const;
    const titles = footerHints({ ...own, detail: { target, from: 'workers', scroll: 0 } }).map(({ title }) => title);
    expect(titles.slice(0, 4)).toEqual(['back', 'scroll', 'raw lines', 'live']);
  });

  it.each([
    ['h', 'help'],
    ['F3', 'filter'],
    ['F4', 'filter'],
    ['F6', 'sort'],
    ['F9', 'actions'],
    ['F10', 'quit'],
  ])('%s does what it does in htop: %s', (each, command) => {
    expect(commandOf(parseKey(each) ?? '')).toBe(command);
  });
});

describe("a person's own keys", () => {
  const keymap = (own: Record<string, string[]>) => {
    const bound = bindKeys(own);
    if (!bound.ok) throw new Error(`${bound.command}: ${bound.complaint}`);
    return bound.keymap;
  };

  it('replace those of the table, in help and footer too', () => {
    const mine = keymap({ filter: ['Ctrl-F', 'f'], zoom: ['F1'], help: ['?'] });
    expect(mine.byKey.get('ctrl-f')).toBe('filter');
    expect(mine.byKey.get('f')).toBe('filter');
    expect(mine.byKey.has('/')).toBe(false);
    expect(mine.byKey.get('f1')).toBe('zoom');
    expect(
      footerHints({ overlay: null, detail: null, paused: null, keymap: mine }).find(({ title }) => title === 'filter')
        ?.label,
    ).toBe('Ctrl-F');
    expect(helpLines(PANES.paths, 100, mine).some(({ term }) => term === 'Ctrl-F f')).toBe(true);
  });

  it('come before the further keys of another command, which help then no longer names', () => {
    const mine = keymap({ lines: ['h', 'F6'] });
    expect([mine.byKey.get('h'), mine.byKey.get('f6'), mine.byKey.get('?')]).toEqual(['lines', 'lines', 'help']);
    const labels = mine.bindings.map(({ command, label }) => `${command}: ${label}`);
    expect(labels).toContain('help: ? F1');
    expect(labels).toContain('sort: s');
  });

  it('may swap two commands, and leave one without a key', () => {
    const mine = keymap({ zoom: ['e'], export: ['z'], theme: [] });
    expect([mine.byKey.get('e'), mine.byKey.get('z')]).toEqual(['zoom', 'export']);
    expect(mine.byKey.has('t')).toBe(false);
    expect(helpLines(PANES.paths, 100, mine).some(({ term }) => term === ':theme')).toBe(true);
  });

  it.each([
    [{ zom: ['f'] }, 'zom: is no command'],
    [{ pane: ['f'] }, 'pane: has keys that say what they mean: they stay'],
    [{ zoom: ['Hyper-X'] }, "zoom: 'Hyper-X' is no key: write a character, Ctrl-X, Space, Enter, Tab, PgUp, F1 …"],
    [{ zoom: ['e'] }, 'zoom: e is the key of export already'],
    [{ export: ['z'] }, 'export: z is the key of zoom already'],
    [{ zoom: ['Ctrl-C'] }, 'zoom: Ctrl-C always does the same'],
  ])('%j is refused: %s', (own, complaint) => {
    const bound = bindKeys(own as unknown as Record<string, string[]>);
    expect(bound.ok ? 'was accepted' : `${bound.command}: ${bound.complaint}`).toBe(complaint);
  });

  it('are written as they are shown', () => {
    const names = ROWS.flatMap((row) => row.keys);
    for (const name of names) expect(parseKey(keyLabel(name))).toBe(name);
  });
});

describe('a key without a meaning', () => {
  it.each([
    ['u', '/ shows one user'],
    ['<', 's picks the column'],
    ['ctrl-f', 'PgDn and PgUp page'],
    ['p', 'Space pauses'],
    ['backspace', 'Esc goes back'],
    ['f5', 'Ctrl-L paints'],
    ['\u00e9', '? lists the keys'],
  ])('%s is answered with the key that does what was meant', (name, answer) => {
    const said = sayStray(name, DEFAULT_KEYMAP);
    expect(said).toContain(answer);
    expect(said).toMatch(/^no key /);
  });

  it('is answered in one line of a small terminal, with the keys as they are bound, and is none that is bound', () => {
    const bound = bindKeys({ filter: ['Ctrl-T'], pause: [] });
    const keymap = bound.ok ? bound.keymap : DEFAULT_KEYMAP;
    expect(sayStray('u', keymap)).toContain('Ctrl-T shows');
    expect(sayStray('p', keymap)).toContain(':pause pauses');
    for (const name of STRAY_KEYS) {
      expect(sayStray(name, DEFAULT_KEYMAP).length, name).toBeLessThanOrEqual(76);
      expect(DEFAULT_KEYMAP.byKey.has(name), name).toBe(false);
    }
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
    ['function keys, as the terminal names them', '\uf702j', key(), ['f3', 'j']],
    ['a function key that came in pieces', '', key(), ['f1']],
    ['Alt and a letter, or Esc and a letter in one piece', 'q', key({ meta: true }), ['alt-q']],
    ['Esc and an arrow in one piece', '', key({ meta: true, upArrow: true }), ['escape', 'up']],
    ['Backspace', '', key({ backspace: true }), ['backspace']],
    ['Delete', '', key({ delete: true }), ['delete']],
    ['fast typing arrives in one piece', 'jjk', key(), ['j', 'j', 'k']],
    ['with the Enter behind it', '/a\r', key(), ['/', 'a', 'return']],
    ['with controls in it', 'a\x15b\x7f\t', key(), ['a', 'ctrl-u', 'b', 'backspace', 'tab']],
    ['letters beyond ASCII', 'é漢', key(), ['é', '漢']],
  ] as const)('%s', (_, input, flags, names) => expect(keyNames(input, flags)).toEqual(names));
});

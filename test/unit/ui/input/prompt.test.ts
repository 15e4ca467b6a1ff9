import { describe, expect, it } from 'vitest';
import { drawToCells, drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import { advise, complaintAbout } from '../../../../src/ui/input/advice.ts';
import { drawPrompt } from '../../../../src/ui/input/draw-prompt.ts';
import { meantByText } from '../../../../src/ui/input/meant-by-text.ts';
import {
  type Adviser,
  openPrompt,
  type PromptKind,
  type PromptState,
  pressKey,
} from '../../../../src/ui/input/prompt.ts';
import { lineOf } from '../../../../src/ui/input/text-line.ts';
import { initialState } from '../../../../src/ui/state.ts';

const adviser: Adviser = (kind, line) => advise(kind, line, 'paths');
const HISTORY = ['newest', 'older'];

function press(prompt: PromptState, ...keys: readonly string[]): PromptState {
  let now = prompt;
  for (const key of keys) {
    const outcome = pressKey(now, key, { adviser, history: HISTORY });
    if (outcome?.type === 'typed') now = outcome.prompt;
  }
  return now;
}

const typed = (kind: PromptKind, text: string): PromptState => press(openPrompt(kind, adviser), ...text);
const textOf = ({ line }: PromptState): string => line.text;

describe('Tab in a filter', () => {
  it('takes the only candidate, and goes on with what may come next', () => {
    expect(textOf(press(typed('filter', 'lat'), 'tab'))).toBe('latency');
    expect(textOf(press(typed('filter', 'lat'), 'tab', 'tab'))).toBe('latency=');
  });

  it('walks through several, either way round, and replaces what it put there', () => {
    const begun = typed('filter', 'status=');
    expect([1, 2, 3, 4, 5].map((times) => textOf(press(begun, ...new Array(times).fill('tab'))))).toEqual([
      ...['status=2xx', 'status=3xx', 'status=4xx', 'status=5xx', 'status=2xx'],
    ]);
    expect(textOf(press(begun, 'shift-tab'))).toBe('status=5xx');
  });

  it('takes what stands in the line when typing goes on', () => {
    expect(textOf(press(typed('filter', 'status='), 'tab', 'tab', ' ', 'a', 'tab'))).toBe('status=3xx and');
  });

  it('completes in the middle of a line', () => {
    const middle = press(typed('filter', 'lat and status=404'), 'home', 'right', 'right', 'right', 'tab');
    expect(textOf(middle)).toBe('latency and status=404');
  });

  it('does nothing where anything may stand', () => {
    const open = typed('filter', 'path~^/a');
    expect(press(open, 'tab')).toBe(open);
  });
});

describe('Tab in a command', () => {
  it.each([
    ['exp', 'export'],
    ['window 5', 'window 5m'],
    ['theme li', 'theme light'],
    ['pane wo', 'pane workers'],
    ['sort cou', 'sort count'],
    ['filter lat', 'filter latency'],
  ])('%s → %s', (begun, complete) => expect(textOf(press(typed('command', begun), 'tab'))).toBe(complete));

  it('offers no command that is only a key', () => {
    const names = openPrompt('command', adviser).advice?.candidates.map(({ text }) => text);
    expect(names).toContain('export');
    expect(names).not.toContain('page-up');
  });
});

describe('plain text that is seldom a path', () => {
  it.each([
    ['500', 'status=500'],
    ['5xx', 'status=5xx'],
    ['errors', 'status>=500'],
    ['slow', 'latency>1s'],
    ['post', 'method=POST'],
    ['GET /items', 'method=GET and "/items"'],
    ['10.0.0.7', 'ip=10.0.0.7'],
    ['status:404', 'status=404'],
    ['path:items', '"items"'],
  ])('%s: Tab makes it %s, which is a filter', (text, filter) => {
    expect(textOf(press(typed('filter', text), 'tab'))).toBe(filter);
    expect(complaintAbout('filter', filter)).toBeNull();
  });

  it.each(['items', '/api/', '600', '"500"', 'status=500', '/get'])('%s stays as it is', (text) => {
    expect(meantByText(text)).toBeNull();
  });
});

describe('complaints', () => {
  it.each([
    ['filter', 'status>=abc', /^column 9: 'abc'/],
    ['filter', 'stauts=404', /^column 1: .*did you mean 'status'/],
    ['command', 'filter status>=abc', /^column 16: 'abc'/],
    ['command', '  filter   status>=abc', /^column 20: 'abc'/],
    ['command', 'export now', /^export takes nothing/],
    ['command', 'goto', /^goto needs TIME$/],
    ['command', 'jump', /^no command 'jump'/],
  ] as const)('%s %s', (kind, text, complaint) => expect(complaintAbout(kind, text)).toMatch(complaint));

  it.each([
    ['filter', 'status>=500 and path~^/api/'],
    ['command', 'filter status>=500'],
    ['command', 'window'],
    ['command', 'window 5m'],
  ] as const)('none about %s %s', (kind, text) => expect(complaintAbout(kind, text)).toBeNull());

  it('come while it is typed, not before anything is', () => {
    expect(openPrompt('filter', adviser).advice?.complaint).toBeNull();
    expect(typed('filter', 'status>=').advice?.complaint).toMatch(/^column 9/);
  });
});

describe('other keys', () => {
  it('Enter takes the line, Esc leaves it, Backspace in an empty one too', () => {
    const tools = { adviser, history: [] };
    expect(pressKey(typed('filter', ' a '), 'return', tools)).toEqual({ type: 'accepted', text: 'a' });
    expect(pressKey(typed('filter', 'a'), 'escape', tools)).toEqual({ type: 'cancelled' });
    expect(pressKey(openPrompt('filter', adviser), 'backspace', tools)).toEqual({ type: 'cancelled' });
    expect(pressKey(typed('filter', 'a'), 'pageup', tools)).toBeNull();
  });

  it('↑ and ↓ go through what was typed before', () => {
    const open = openPrompt('filter', adviser);
    expect(textOf(press(open, 'up'))).toBe('newest');
    expect(textOf(press(open, 'up', 'up', 'up'))).toBe('older');
    expect(textOf(press(open, 'up', 'up', 'down'))).toBe('newest');
    expect(textOf(press(open, 'up', 'down'))).toBe('');
  });
});

describe('the drawing', () => {
  const state = (prompt: PromptState) => ({
    state: { ...initialState({ windowSeconds: 60, delayMs: 1000, theme: 'default' }), prompt },
  });
  const draw = (prompt: PromptState, width = 60, height = 2): string[] =>
    drawToText((surface) => drawPrompt(surface, state(prompt)), width, height);

  it('shows the line at the foot, and above it what could come or what is wrong', () => {
    expect(draw(typed('filter', 'status=5'))).toEqual([' 5xx  response status: 404, or 5xx for a class', ' /status=5']);
    expect(draw(typed('filter', 'status>=abc'))[0]).toMatch(/^ column 9: 'abc'/);
    expect(draw(typed('command', 'win'))).toEqual([' window  window-back', ' :win']);
  });

  it('marks the cursor and the candidate that was chosen', () => {
    const cells = (prompt: PromptState) =>
      drawToCells((surface) => drawPrompt(surface, state(prompt)), 40, 2).map((row) =>
        row.filter(({ style }) => style === 'selected').map(({ text }) => text),
      );
    expect(cells(press(typed('filter', 'status='), 'tab', 'tab'))).toEqual([['3xx'], [' ']]);
    expect(cells(press(typed('filter', 'abc'), 'left'))[1]).toEqual(['c']);
  });

  it('shows the end of a line that is too long, and never more than fits', () => {
    const long = openPrompt('filter', adviser, `${'x'.repeat(80)}漢字end`);
    expect(draw(long, 20)[1]).toBe(' /…xxxxxxxx漢字end');
    for (let width = 1; width < 30; width++)
      for (const row of draw(long, width)) expect([...row].length).toBeLessThanOrEqual(width);
  });

  it('shows control characters of a text visibly', () => {
    const hostile: PromptState = { ...openPrompt('filter', () => null), line: lineOf('a\u202eb') };
    expect(draw(hostile)[1]).toBe(' /a\\u202eb');
  });
});

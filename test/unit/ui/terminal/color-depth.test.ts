import { describe, expect, it } from 'vitest';
import { colorDepth } from '../../../../src/ui/terminal/color-depth.ts';

describe('colorDepth', () => {
  it.each([
    ['the terminal says', 'auto', { TERM: 'xterm-256color' }, 8],
    ['the terminal says', 'auto', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 24],
    ['the terminal says', 'auto', { TERM: 'linux' }, 4],
    ['the terminal says', 'auto', { TERM: 'dumb' }, 1],
    ['nobody says', 'auto', {}, 1],
    ['NO_COLOR', 'auto', { TERM: 'xterm-256color', NO_COLOR: '1' }, 1],
    ['an empty NO_COLOR', 'auto', { TERM: 'xterm-256color', NO_COLOR: '' }, 8],
    ['FORCE_COLOR', 'auto', { TERM: 'dumb', FORCE_COLOR: '' }, 4],
    ['FORCE_COLOR=0', 'auto', { TERM: 'xterm-256color', FORCE_COLOR: '0' }, 1],
    ['FORCE_COLOR=2', 'auto', { TERM: 'dumb', FORCE_COLOR: '2' }, 8],
    ['FORCE_COLOR=3', 'auto', { TERM: 'xterm', FORCE_COLOR: '3' }, 24],
    ['NO_COLOR over FORCE_COLOR', 'auto', { TERM: 'xterm', FORCE_COLOR: '3', NO_COLOR: '1' }, 1],
    ['never', 'never', { TERM: 'xterm-256color', FORCE_COLOR: '3' }, 1],
    ['always, over the environment', 'always', { TERM: 'dumb', NO_COLOR: '1' }, 4],
    ['always, as many as there are', 'always', { TERM: 'xterm-256color', NO_COLOR: '1' }, 8],
  ] as const)('%s (%s, %o): %i bits', (_, choice, env, bits) => {
    expect(colorDepth(choice, env)).toBe(bits);
  });
});

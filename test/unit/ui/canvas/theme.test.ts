import { describe, expect, it } from 'vitest';
import { createTheme, STYLE_NAMES, THEME_NAMES } from '../../../../src/ui/canvas/index.ts';

describe('createTheme', () => {
  it('speaks the language of each colour depth', () => {
    expect(createTheme('default', 24).sgr('critical')).toBe('1;38;2;255;96;88');
    expect(createTheme('default', 8).sgr('critical')).toBe('1;38;5;203');
    expect(createTheme('default', 4).sgr('critical')).toBe('1;91');
    expect(createTheme('default', 1).sgr('critical')).toBe('1;7');
  });

  it('gives Ink the same colours', () => {
    expect(createTheme('default', 24).ink('warning')).toEqual({ color: '#f0a030' });
    expect(createTheme('default', 8).ink('warning')).toEqual({ color: 'ansi256(214)' });
    expect(createTheme('default', 4).ink('warning')).toEqual({ color: 'yellowBright' });
    expect(createTheme('default', 4).ink('dim')).toEqual({ color: 'gray' });
    expect(createTheme('light', 4).ink('critical')).toEqual({ color: 'red', bold: true });
    expect(createTheme('default', 1).ink('badge')).toEqual({ bold: true, inverse: true });
  });

  it.each(THEME_NAMES)('%s uses no colour where there is none, and tells states apart by weight', (name) => {
    const theme = createTheme(name, 1);
    for (const style of STYLE_NAMES) expect(theme.sgr(style)).toMatch(/^([127](;[127])*)?$/);
    expect(new Set([theme.sgr('ok'), theme.sgr('warning'), theme.sgr('critical')]).size).toBe(3);
  });

  it.each(THEME_NAMES)('%s tells the states apart at every depth', (name) => {
    for (const depth of [1, 4, 8, 24] as const) {
      const theme = createTheme(name, depth);
      expect(new Set([theme.sgr('ok'), theme.sgr('warning'), theme.sgr('critical')]).size).toBe(3);
    }
  });

  it('mono stays without colours on any terminal', () => {
    expect(createTheme('mono', 24).sgr('critical')).toBe('1;7');
  });
});

/**
 * What the meanings of cells look like: a table per theme, resolved once for the colours that the terminal has.
 */
import type { TextProps } from 'ink';
import { STYLE_NAMES, type StyleName } from './surface.ts';

/** Bits of colour, as `tty.WriteStream.getColorDepth()` counts them: none, 16 colours, 256, true colour. */
export type ColorDepth = 1 | 4 | 8 | 24;

export const THEME_NAMES = ['default', 'light', 'mono', 'high-contrast'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** The same look for Ink's `<Text>`; its `color` also fits `borderColor`. */
export type InkStyle = Pick<TextProps, 'color' | 'backgroundColor' | 'bold' | 'dimColor' | 'inverse'>;

export interface Theme {
  readonly name: ThemeName;
  readonly colorDepth: ColorDepth;
  /** Parameters of the escape that selects this look (`1;34` of `ESC[1;34m`); empty for the terminal's own. */
  sgr(style: StyleName): string;
  ink(style: StyleName): InkStyle;
}

/** One colour as each kind of terminal can show it: number among 16, number among 256, red-green-blue. */
interface Color {
  readonly ansi16: number;
  readonly ansi256: number;
  readonly rgb: string;
}

interface Look {
  readonly color?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

const color = (ansi16: number, ansi256: number, rgb: string): Color => ({ ansi16, ansi256, rgb });

/**
 * Blue, orange and red stay apart for every common kind of colour blindness (after Okabe and Ito); no state is told by
 * red against green. Among 16 colours bright yellow stands for orange.
 */
const ON_DARK = {
  blue: color(12, 75, '#56b4e9'),
  orange: color(11, 214, '#f0a030'),
  red: color(9, 203, '#ff6058'),
  purple: color(13, 175, '#cc79a7'),
  teal: color(14, 79, '#4dc9b0'),
  grey: color(8, 245, '#8a8a8a'),
  // Brighter is more, for every eye: the luminance grows from each to the next.
  heat: [
    color(4, 25, '#2f5c8f'),
    color(12, 32, '#3f8fc9'),
    color(14, 80, '#6fc7d0'),
    color(11, 221, '#f2d06b'),
    color(15, 230, '#fff7d6'),
  ],
};

const ON_LIGHT = {
  blue: color(4, 25, '#005b96'),
  orange: color(3, 130, '#a85800'),
  red: color(1, 160, '#c0201a'),
  purple: color(5, 90, '#8a2f6b'),
  teal: color(6, 30, '#007a6b'),
  grey: color(8, 243, '#6e6e6e'),
  // Darker is more.
  heat: [
    color(6, 117, '#8cc4e8'),
    color(6, 74, '#4f9fd1'),
    color(4, 25, '#1f6fae'),
    color(5, 54, '#5b2a86'),
    color(0, 16, '#1a0b2e'),
  ],
};

const ON_BLACK = {
  blue: color(14, 51, '#00ffff'),
  orange: color(11, 226, '#ffff00'),
  red: color(9, 203, '#ff5f5f'),
  purple: color(13, 213, '#ff87ff'),
  teal: color(10, 120, '#87ff87'),
  grey: color(7, 252, '#d0d0d0'),
  heat: [
    color(4, 33, '#0087ff'),
    color(14, 51, '#00ffff'),
    color(10, 120, '#87ff87'),
    color(11, 226, '#ffff00'),
    color(15, 231, '#ffffff'),
  ],
};

const colored = (palette: typeof ON_DARK): Readonly<Record<StyleName, Look>> => ({
  text: {},
  dim: { color: palette.grey },
  strong: { bold: true },
  accent: { color: palette.blue },
  title: { color: palette.blue, bold: true },
  ok: { color: palette.blue },
  warning: { color: palette.orange },
  critical: { color: palette.red, bold: true },
  unknown: { color: palette.grey },
  selected: { inverse: true },
  header: { color: palette.grey, bold: true },
  series1: { color: palette.blue },
  series2: { color: palette.orange },
  series3: { color: palette.purple },
  series4: { color: palette.teal },
  heat1: { color: palette.heat[0] },
  heat2: { color: palette.heat[1] },
  heat3: { color: palette.heat[2] },
  heat4: { color: palette.heat[3] },
  heat5: { color: palette.heat[4] },
  badge: { color: palette.orange, bold: true, inverse: true },
});

/** Weight and inversion alone: what a terminal without colours, or a person with NO_COLOR set, gets. */
const MONO: Readonly<Record<StyleName, Look>> = {
  text: {},
  dim: { dim: true },
  strong: { bold: true },
  accent: { bold: true },
  title: { bold: true },
  ok: {},
  warning: { bold: true },
  critical: { bold: true, inverse: true },
  unknown: { dim: true },
  selected: { inverse: true },
  header: { bold: true },
  series1: {},
  series2: { bold: true },
  series3: { dim: true },
  series4: {},
  // The shades of the blocks tell these apart.
  heat1: {},
  heat2: {},
  heat3: {},
  heat4: {},
  heat5: { bold: true },
  badge: { bold: true, inverse: true },
};

const LOOKS: Readonly<Record<ThemeName, Readonly<Record<StyleName, Look>>>> = {
  default: colored(ON_DARK),
  light: colored(ON_LIGHT),
  mono: MONO,
  'high-contrast': { ...colored(ON_BLACK), dim: {}, unknown: {}, header: { bold: true } },
};

/** A theme for a terminal with so many bits of colour; with one bit every theme looks like `mono`. */
export function createTheme(name: ThemeName, colorDepth: ColorDepth): Theme {
  const looks = colorDepth === 1 ? MONO : LOOKS[name];
  const sgr = new Map(STYLE_NAMES.map((style) => [style, toSgr(looks[style], colorDepth)]));
  const ink = new Map(STYLE_NAMES.map((style) => [style, toInk(looks[style], colorDepth)]));
  return {
    name,
    colorDepth,
    sgr: (style) => sgr.get(style) ?? '',
    ink: (style) => ink.get(style) ?? {},
  };
}

function toSgr(look: Look, depth: ColorDepth): string {
  const parameters: string[] = [];
  if (look.bold) parameters.push('1');
  if (look.dim) parameters.push('2');
  if (look.inverse) parameters.push('7');
  if (look.color && depth > 1) parameters.push(foreground(look.color, depth));
  return parameters.join(';');
}

function foreground({ ansi16, ansi256, rgb }: Color, depth: ColorDepth): string {
  if (depth === 24) {
    const value = Number.parseInt(rgb.slice(1), 16);
    return `38;2;${value >> 16};${(value >> 8) & 0xff};${value & 0xff}`;
  }
  if (depth === 8) return `38;5;${ansi256}`;
  return String(ansi16 < 8 ? 30 + ansi16 : 82 + ansi16);
}

const ANSI_NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

function toInk(look: Look, depth: ColorDepth): InkStyle {
  return {
    ...(look.bold && { bold: true }),
    ...(look.dim && { dimColor: true }),
    ...(look.inverse && { inverse: true }),
    ...(look.color && depth > 1 && { color: inkColor(look.color, depth) }),
  };
}

function inkColor({ ansi16, ansi256, rgb }: Color, depth: ColorDepth): string {
  if (depth === 24) return rgb;
  if (depth === 8) return `ansi256(${ansi256})`;
  // Indices below 16 by construction of the palettes.
  const name = ANSI_NAMES[ansi16 % 8] ?? 'white';
  if (ansi16 < 8) return name;
  return name === 'black' ? 'gray' : `${name}Bright`;
}

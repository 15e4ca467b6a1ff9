/** The terminal: a screen that never blocks and is always given back. */
export { copyByTerminal } from './clipboard.ts';
export { colorDepth } from './color-depth.ts';
export { guardTerminal, type Lifetime, type LifetimeOptions } from './lifetime.ts';
export type { MouseReport } from './mouse.ts';
export { openTerminal, Terminal, type TerminalOptions } from './screen.ts';

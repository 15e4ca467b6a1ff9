/** How many colours the terminal has, and whether the person wants them. */
import { WriteStream } from 'node:tty';
import type { ColorDepth } from '../canvas/theme.ts';

/**
 * Bits of colour to use. `never`, NO_COLOR (any value but empty, no-color.org) and TERM=dumb mean none; `always` and
 * FORCE_COLOR at least 16; FORCE_COLOR=1…3 says how many; else the terminal's own word (TERM, COLORTERM). The
 * command line outweighs the environment.
 */
export function colorDepth(choice: 'auto' | 'always' | 'never', env: NodeJS.ProcessEnv): ColorDepth {
  if (choice === 'never') return 1;
  const { NO_COLOR = '', FORCE_COLOR, ...plain } = env;
  if (choice === 'auto') {
    if (NO_COLOR !== '') return 1;
    if (FORCE_COLOR !== undefined) return FORCED[FORCE_COLOR] ?? atLeast16(plain);
    return own(plain);
  }
  return atLeast16(plain);
}

/** chalk's and Node's meaning of FORCE_COLOR. */
const FORCED: Readonly<Record<string, ColorDepth>> = { '0': 1, false: 1, '1': 4, '2': 8, '3': 24 };

function own(env: NodeJS.ProcessEnv): ColorDepth {
  // Works on no terminal in particular: it reads the environment.
  const bits = WriteStream.prototype.getColorDepth(env);
  return bits === 4 || bits === 8 || bits === 24 ? bits : 1;
}

function atLeast16(env: NodeJS.ProcessEnv): ColorDepth {
  const bits = own(env);
  return bits === 1 ? 4 : bits;
}

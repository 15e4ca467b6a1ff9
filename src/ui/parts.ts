/** The parts of the screen that are loaded when first needed. */
import { Lazy } from './lazy.ts';

export interface Parts {
  /** Help, menus, raw lines. */
  readonly overlays: Lazy<typeof import('./overlays/index.ts')>;
  /** What opens on Enter. */
  readonly details: Lazy<typeof import('./details/index.ts')>;
  /** Completion and complaints for what is being typed: it knows the language of filters. */
  readonly advice: Lazy<typeof import('./input/advice.ts')>;
}

/**
 * @param onLoaded called whenever one has come.
 * @param onFailed called whenever one cannot come.
 */
export const createParts = (onLoaded: () => void, onFailed: (error: Error) => void): Parts => ({
  overlays: new Lazy(() => import('./overlays/index.ts'), onLoaded, onFailed),
  details: new Lazy(() => import('./details/index.ts'), onLoaded, onFailed),
  advice: new Lazy(() => import('./input/advice.ts'), onLoaded, onFailed),
});

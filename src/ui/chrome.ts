/** What the boxes of the screen depend on: React hears of nothing else. */
import type { ThemeName } from './canvas/theme.ts';
import type { Overlay, PaneId, ScreenState } from './state.ts';

export interface Chrome {
  readonly focus: PaneId;
  readonly zoomed: boolean;
  /** Where it stands follows from these; what it shows is painted. */
  readonly overlay: Pick<Overlay, 'kind' | 'pane'> | null;
  readonly hasDetail: boolean;
  readonly hasPrompt: boolean;
  readonly theme: ThemeName;
  readonly quit: boolean;
}

export const chromeOf = ({ focus, zoomed, overlay, detail, prompt, theme, quit }: ScreenState): Chrome => ({
  focus,
  zoomed,
  overlay: overlay && { kind: overlay.kind, pane: overlay.pane },
  hasDetail: detail !== null,
  hasPrompt: prompt !== null,
  theme,
  quit,
});

/** A new object is worth a new frame of Ink's only when something in it differs. */
export const sameChrome = (a: Chrome, b: Chrome): boolean =>
  a.focus === b.focus &&
  a.zoomed === b.zoomed &&
  a.overlay?.kind === b.overlay?.kind &&
  a.overlay?.pane === b.overlay?.pane &&
  a.hasDetail === b.hasDetail &&
  a.hasPrompt === b.hasPrompt &&
  a.theme === b.theme &&
  a.quit === b.quit;

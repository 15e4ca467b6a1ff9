/** How a state looks: always a glyph and a word beside the colour. */
import type { AlertRow, Level } from '../model/snapshot.ts';
import type { StyleName } from './canvas/surface.ts';

export interface LevelLook {
  readonly glyph: string;
  readonly word: string;
  readonly style: StyleName;
  /** Higher is worse. */
  readonly rank: number;
}

export const LEVELS: Readonly<Record<Level, LevelLook>> = {
  ok: { glyph: '●', word: 'OK', style: 'ok', rank: 0 },
  unknown: { glyph: '–', word: 'UNKNOWN', style: 'unknown', rank: 1 },
  warning: { glyph: '▲', word: 'WARNING', style: 'warning', rank: 2 },
  critical: { glyph: '✖', word: 'CRITICAL', style: 'critical', rank: 3 },
};

/** How an alert looks: by its severity while it fires, quieter before and after. */
export function alertLook(alert: Pick<AlertRow, 'state' | 'severity'>): LevelLook {
  switch (alert.state) {
    case 'firing':
      return LEVELS[alert.severity === 'critical' ? 'critical' : 'warning'];
    case 'nodata':
      return { ...LEVELS.unknown, word: 'NO DATA' };
    case 'pending':
      return { glyph: '◌', word: 'PENDING', style: 'warning', rank: 0 };
    case 'resolved':
      return { glyph: '●', word: 'RESOLVED', style: 'dim', rank: -1 };
  }
}

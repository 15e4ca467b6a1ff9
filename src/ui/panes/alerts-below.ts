/** What stands below the alerts: rules that do not work, and when alerts fired before. */
import type { AlertFiring, RulesInfo } from '../../model/snapshot.ts';
import type { DrawContext } from '../context.ts';
import { formatAge, formatClock } from '../format.ts';
import { LEVELS } from '../levels.ts';
import { baseName } from '../notes.ts';
import type { Span } from '../widgets/line.ts';
import { wrap } from '../widgets/text.ts';

type Line = readonly Span[];

export interface LinesBelow {
  readonly lines: readonly Line[];
  /** How many of them, from the first on, tell of rules that do not work. */
  readonly troubles: number;
}

/** @param width cells of a line. */
export function linesBelow({ snapshot, timeZone }: DrawContext, width: number): LinesBelow {
  const troubles = troublesOf(snapshot.rules, width);
  // What still fires stands in the table.
  const history = snapshot.alertHistory.flatMap((firing) => (firing.to === null ? [] : [firingLine(firing, timeZone)]));
  return { lines: [...troubles, ...history], troubles: troubles.length };
}

function troublesOf(rules: RulesInfo | null, width: number): readonly Line[] {
  if (rules === null) return [];
  const say = (level: 'critical' | 'warning', text: string): readonly Line[] => {
    const { glyph, style } = LEVELS[level];
    return wrap(`${glyph} ${text}`, width).map((line) => [{ text: line, style }]);
  };
  return [
    ...rules.files.flatMap(({ path, error }) => (error === null ? [] : say('critical', `${baseName(path)}: ${error}`))),
    ...rules.failures.flatMap(({ rule, error }) => say('warning', `${rule} cannot be evaluated: ${error}`)),
    ...rules.findings.flatMap(({ file, line, rule, reason, rewrite }) => [
      ...say('warning', `${rule} (${baseName(file)}:${line}) ${reason}`),
      ...wrap(rewrite === null ? '' : `  write: ${rewrite}`, width).map((text): Line => [{ text, style: 'strong' }]),
    ]),
  ];
}

function firingLine({ name, severity, from, to, seconds, summary }: AlertFiring, zone: DrawContext['timeZone']): Line {
  const { glyph } = LEVELS[severity === 'critical' ? 'critical' : 'warning'];
  return [
    {
      text: `fired ${formatClock(from, zone)}–${formatClock(to, zone)} ${formatAge(seconds).padStart(6)} `,
      style: 'dim',
    },
    { text: `${glyph} ${name} ` },
    { text: summary, style: 'dim' },
  ];
}

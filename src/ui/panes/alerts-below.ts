/** What stands below the alerts: rules that do not work, and when alerts fired before. */
import type { AlertFiring, RulesInfo, Verdict } from '../../model/snapshot.ts';
import { type DrawContext, momentText } from '../context.ts';
import { formatAge } from '../format.ts';
import { LEVELS } from '../levels.ts';
import { baseName } from '../notes.ts';
import type { Span } from '../widgets/line.ts';
import { wrap } from '../widgets/text.ts';

type Line = readonly Span[];

/** Lines that are shown together or not at all. */
type Note = readonly Line[];

export interface LinesBelow {
  /** Rules that do not work, one note for each. */
  readonly troubles: readonly Note[];
  /** What the verdict is made of. */
  readonly causes: readonly Line[];
  /** What fired before. */
  readonly history: readonly Line[];
}

/** @param width cells of a line. */
export function linesBelow(context: DrawContext, width: number): LinesBelow {
  const { snapshot, state } = context;
  // What still fires stands in the table.
  const history = snapshot.alertHistory.flatMap((firing) => (firing.to === null ? [] : [firingLine(firing, context)]));
  return {
    troubles: troublesOf(snapshot.rules, width),
    causes: causesOf(snapshot.verdict, state.zoomed, width),
    history,
  };
}

/** The notes that fit into so many lines, the first of them if need be cut; the last line for how many do not. */
export function fitNotes(notes: readonly Note[], room: number): readonly Line[] {
  if (notes.flat().length <= room) return notes.flat();
  if (room <= 0) return [];
  const [first = []] = notes;
  const shown = first.slice(0, room - 1);
  let count = shown.length > 0 ? 1 : 0;
  for (const note of notes.slice(count)) {
    if (shown.length + note.length >= room) break;
    shown.push(...note);
    count++;
  }
  const { glyph, style } = LEVELS.warning;
  const left = notes.length - count;
  if (left === 0) return shown;
  const things = `${count > 0 ? 'more ' : ''}${left === 1 ? 'remark' : 'remarks'} on rules`;
  return [...shown, [{ text: `${glyph} ${left} ${things}: gtop rules check`, style }]];
}

/** The headline stands in the second line of the screen, on a narrow one cut: whole it is among the zoomed alerts. */
function causesOf({ causes }: Verdict, isWhole: boolean, width: number): readonly Line[] {
  const shown = (isWhole ? causes : causes.slice(1)).filter(({ level }) => level !== 'ok');
  const lines = shown.flatMap(({ level, text }) => {
    const { glyph, style } = LEVELS[level];
    return wrap(text, width - 2).map(
      (line, index): Line => [{ text: index === 0 ? `${glyph} ` : '  ', style }, { text: line }],
    );
  });
  return lines.length === 0 ? [] : [[{ text: isWhole ? 'Verdict' : 'Also found', style: 'header' }], ...lines];
}

function troublesOf(rules: RulesInfo | null, width: number): readonly Note[] {
  if (rules === null) return [];
  const say = (level: 'critical' | 'warning', text: string): readonly Line[] => {
    const { glyph, style } = LEVELS[level];
    return wrap(`${glyph} ${text}`, width).map((line) => [{ text: line, style }]);
  };
  return [
    ...rules.files.flatMap(({ path, error }) =>
      error === null ? [] : [say('critical', `${baseName(path)}: ${error}`)],
    ),
    ...rules.failures.map(({ rule, error }) => say('warning', `${rule} cannot be evaluated: ${error}`)),
    ...rules.findings.map(({ file, line, rule, reason, rewrite }) => [
      ...say('warning', `${rule} (${baseName(file)}:${line}) ${reason}`),
      ...wrap(rewrite === null ? '' : `  write: ${rewrite}`, width).map((text): Line => [{ text, style: 'strong' }]),
    ]),
  ];
}

function firingLine({ name, severity, from, to, seconds, summary }: AlertFiring, context: DrawContext): Line {
  const { glyph } = LEVELS[severity === 'critical' ? 'critical' : 'warning'];
  return [
    {
      text: `fired ${momentText(from, context)}–${momentText(to, context)} ${formatAge(seconds).padStart(6)} `,
      style: 'dim',
    },
    { text: `${glyph} ${name} ` },
    { text: summary, style: 'dim' },
  ];
}

/** One alert: its value over time against its threshold, its rule, who was told, and when it fired before. */
import type { AlertFiring, AlertNotice, AlertRow } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import { type DrawContext, momentText, shownAt } from '../context.ts';
import {
  formatAge,
  formatCount,
  formatDuration,
  formatMemory,
  formatRate,
  formatRatioSign,
  secondsSince,
  UNKNOWN,
} from '../format.ts';
import { toldEvent } from '../headline.ts';
import { alertLook } from '../levels.ts';
import { baseName } from '../notes.ts';
import { visibleCopy } from '../visible-snapshot.ts';
import { drawLines, tallColumns } from '../widgets/chart-panel.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import type { Column } from '../widgets/table/index.ts';
import { fitText, wrap } from '../widgets/text.ts';
import { endName } from '../widgets/time-line.ts';
import { type Block, type BlockRow, blocksHeight, drawBlocks, fixed, single } from './blocks.ts';
import { tableBlock, textBlock } from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';
import { detailsRows, whenBlock } from './event.ts';
import { drawSpan, recordedColumns } from './recorded.ts';

/** As it is now; as it was when it was opened where it is gone since. */
function rowOf({ snapshot }: DrawContext, { alert: opened }: TargetOf<'alert'>): AlertRow {
  return snapshot.alerts.find(({ fingerprint }) => fingerprint === opened.fingerprint) ?? visibleCopy(opened);
}

export const alert: DetailView<'alert'> = {
  summary: 'One alert: how far its value is from the threshold, its rule, who was told, and when it fired before.',
  help: [
    { term: 'value', meaning: 'what the rule looked at each time it was evaluated; gaps: there was none' },
    { term: 'limit', meaning: 'the threshold; above it (or below, as the rule says) for long enough the alert fires' },
    {
      term: 'Rule',
      meaning: 'where it comes from; alerts watch everything, whatever window and filter the screen has',
    },
    { term: 'Who was told', meaning: 'the channels of the configuration, and what arrived there last' },
  ],
  title: ({ alert: { name } }) => name,
  copied: (context, target) => {
    const { name, state, summary } = rowOf(context, target);
    return `${name} ${state}: ${summary}`;
  },
  figures: (context, target) => {
    const row = rowOf(context, target);
    const { glyph, word, style } = alertLook(row);
    return [item(`${glyph} ${row.state === 'firing' ? 'FIRING' : word}`, style)];
  },
  height: (context, target, width) => blocksHeight(rowsOf(context, target), width),
  draw: (surface, context, target) => drawBlocks(surface, rowsOf(context, target)),
};

function rowsOf(context: DrawContext, target: TargetOf<'alert'>): readonly BlockRow[] {
  const row = rowOf(context, target);
  return [
    single(nowBlock(row, context)),
    ...whatHappenedRows(row, context),
    single(valuesBlock(row, context)),
    single(ruleBlock(row)),
    ...findingRows(row, context),
    { least: 60, blocks: [noticesBlock(row, context), firingsBlock(row, context)] },
  ];
}

function nowBlock(row: AlertRow, context: DrawContext): Block {
  const { glyph, style } = alertLook(row);
  const since = secondsSince(row.since, shownAt(context.snapshot));
  const figures: readonly Item[] = [
    labelled('value', formatter(row)(row.value), 0, 'strong'),
    labelled('threshold', formatter(row)(row.threshold), 0, 'strong'),
    labelled(
      row.state,
      row.since === null ? UNKNOWN : `since ${momentText(row.since, context)} (${formatAge(since)})`,
      1,
    ),
    labelled('severity', row.severity, 2),
  ];
  return fixed('Now', 2, (surface) => {
    surface.text(1, 0, fitText(`${glyph} ${row.summary}`, surface.width - 2), style);
    drawSpans(surface, 1, 1, fitItems(figures, surface.width - 2));
  });
}

/** What it fires about, where that is one event: the request and the traceback are told there. */
function whatHappenedRows({ state, summary }: AlertRow, context: DrawContext): readonly BlockRow[] {
  const told = state === 'firing' ? toldEvent(context.snapshot.events, summary) : undefined;
  return told === undefined ? [] : [single(whenBlock(told, context)), ...detailsRows(told)];
}

/** Of a unit that only the rule knows: shares of 0–1 as well as bytes. */
function formatPlain(value: number | null): string {
  if (value === null || Math.abs(value) >= 1 || value === 0) return formatRate(value);
  return String(Number(value.toPrecision(3)));
}

const FORMATS: Readonly<Record<NonNullable<AlertRow['unit']>, (value: number | null) => string>> = {
  ratio: formatRatioSign,
  percent: (percent) => formatRatioSign(percent === null ? null : percent / 100),
  seconds: formatDuration,
  count: (count) => (count !== null && Number.isInteger(count) ? formatCount(count) : formatPlain(count)),
  perSecond: (rate) => (rate === null ? UNKNOWN : `${formatRate(rate)}/s`),
  bytes: formatMemory,
};

const formatter = ({ unit }: AlertRow): ((value: number | null) => string) =>
  unit === undefined ? formatPlain : FORMATS[unit];

const CHART_LINES = 9;

/** Both on one scale: how far it is from firing, and since when. */
function valuesBlock(row: AlertRow, { snapshot, ascii }: DrawContext): Block {
  const { threshold, fingerprint } = row;
  const recorded = snapshot.alertValues ?? null;
  if (recorded === null || recorded.fingerprint !== fingerprint || recorded.values.every((value) => value === null)) {
    return fixed('Value over time', 1, (surface) => surface.text(1, 0, 'no value was recorded', 'dim'));
  }
  const draw = (surface: Surface): void => {
    const values = recordedColumns(surface, recorded, recorded.values, 'max');
    const format = formatter(row);
    const limit = { name: 'limit', format, style: 'critical' } as const;
    const lines = [
      ...(threshold === null ? [] : [{ ...limit, values: new Array<number>(tallColumns(surface)).fill(threshold) }]),
      { name: 'value', values, format, style: 'series1' } as const,
    ];
    const height = surface.height - 1;
    drawLines(surface, { y: 0, height, lines, ascii });
    drawSpan(surface, height, recorded, recorded.values.length, endName(snapshot));
  };
  return { ...fixed('Value over time', CHART_LINES, draw), grows: true };
}

const SOURCES: Readonly<Record<AlertRow['source'], string>> = {
  builtin: 'built into gtop',
  rules: 'a Prometheus rule file',
  classical: 'a classical JSON file',
};

function ruleBlock({ source, expression, labels, annotations }: AlertRow): Block {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  const lines: readonly (readonly [string, string])[] = [
    ['from', SOURCES[source]],
    ...(expression === null ? [] : [['expr', expression] as const]),
    ...(pairs.length === 0 ? [] : [['labels', pairs.join(' ')] as const]),
    ...Object.entries(annotations).map(([name, value]) => [name, value] as const),
  ];
  /** An expression is worth nothing when its end is cut off. */
  const wrapped = (width: number) =>
    lines.flatMap(([name, text]) =>
      text
        .trim()
        .split('\n')
        .flatMap((line) => wrap(line, width - RULE_LABEL - 2))
        .map((part, index) => ({ label: index === 0 ? name : '', part, isStrong: name === 'expr' })),
    );
  return {
    title: 'Rule',
    lines: (width) => wrapped(width).length,
    draw: (surface) => {
      for (const [y, { label, part, isStrong }] of wrapped(surface.width).entries()) {
        surface.text(1, y, fitText(label, RULE_LABEL - 1), 'dim');
        surface.text(1 + RULE_LABEL, y, part, isStrong ? 'strong' : 'text');
      }
    },
  };
}

const RULE_LABEL = 14;

/** What is wrong with the rule itself. */
function findingRows({ name }: AlertRow, { snapshot: { rules } }: DrawContext): readonly BlockRow[] {
  if (rules === null) return [];
  const texts = [
    ...rules.failures.filter(({ rule }) => rule === name).map(({ error }) => `cannot be evaluated: ${error}`),
    ...rules.findings
      .filter(({ rule }) => rule === name)
      .map(({ file, line, reason, rewrite }) => {
        const instead = rewrite === null ? '' : ` Write: ${rewrite}`;
        return `${baseName(file)}:${line} ${reason}${instead}`;
      }),
  ];
  return texts.map((text) => single(textBlock('▲ This rule needs a look', text)));
}

const NOTICE_COLUMNS: readonly Column<AlertNotice>[] = [
  {
    id: 'channel',
    header: 'CHANNEL',
    width: 16,
    align: 'left',
    rank: 0,
    meaning: 'name of the channel',
    cell: ({ channel }) => ({ text: channel, style: 'strong' }),
  },
  {
    id: 'type',
    header: 'TYPE',
    width: 12,
    align: 'left',
    rank: 2,
    meaning: 'its kind',
    cell: ({ type }) => ({ text: type, style: 'dim' }),
  },
  {
    id: 'at',
    header: 'AT',
    width: 8,
    align: 'left',
    rank: 1,
    meaning: 'when the last notice arrived',
    cell: ({ deliveredAt }, context) => ({ text: momentText(deliveredAt, context), style: 'dim' }),
  },
  {
    id: 'what',
    header: 'WHAT ARRIVED',
    width: 20,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'what it was told last, or why that has not arrived',
    cell: ({ state, delivered, error }) => {
      if (error !== null) return { text: `✖ ${state} not sent: ${error}`, style: 'critical' };
      return delivered === null ? { text: `${state} is being sent`, style: 'warning' } : { text: delivered };
    },
  },
];

const noticesBlock = ({ notices }: AlertRow, context: DrawContext): Block =>
  tableBlock('Who was told', context, {
    columns: NOTICE_COLUMNS,
    rows: notices,
    most: 6,
    empty: 'nobody from here: no channel takes it (notify: in the configuration), or another gtop tells',
  });

const FIRING_COLUMNS: readonly Column<AlertFiring>[] = [
  {
    id: 'from',
    header: 'FIRED',
    width: 8,
    align: 'left',
    rank: 0,
    meaning: 'when it came to fire',
    cell: ({ from }, context) => ({ text: momentText(from, context) }),
  },
  {
    id: 'for',
    header: 'FOR',
    width: 6,
    align: 'right',
    rank: 0,
    meaning: 'how long',
    cell: ({ seconds, to }) => ({ text: formatAge(seconds), style: to === null ? 'critical' : 'text' }),
  },
  {
    id: 'summary',
    header: 'WHAT',
    width: 16,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'what it said when it came to fire',
    cell: ({ summary }) => ({ text: summary, style: 'dim' }),
  },
];

const firingsBlock = ({ fingerprint }: AlertRow, context: DrawContext): Block =>
  tableBlock('When it fired', context, {
    columns: FIRING_COLUMNS,
    rows: context.snapshot.alertHistory.filter((firing) => firing.fingerprint === fingerprint),
    most: 6,
    empty: 'it has not fired since gtop began',
  });

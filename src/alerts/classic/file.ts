/** The classical JSON file of rules: a metric, an operator, a threshold, a message. */
import * as v from 'valibot';
import type { RuleFinding } from '../../model/snapshot.ts';
import { classicalChannels, type NotifyConfig } from '../notices/index.ts';
import type { AlertRule } from '../rule.ts';
import { CLASSIC_METRICS } from './metrics.ts';
import { fieldsOf } from './python-format.ts';
import { type ClassicRule, FIELDS, OPERATORS, toAlertRule } from './rule.ts';

export interface ClassicFile {
  readonly path: string;
  readonly rules: readonly AlertRule[];
  /** Channels that belong to single rules, by name. */
  readonly channels: NotifyConfig;
  readonly findings: readonly RuleFinding[];
}

export type LoadedClassic =
  | { readonly ok: true; readonly file: ClassicFile }
  /** One line each; no value of a secret in it. */
  | { readonly ok: false; readonly problems: readonly string[] };

const MAX_BYTES = 1024 * 1024;
const MAX_RULES = 500;
const DEFAULT_COOLDOWN_SECONDS = 300;

const number = v.pipe(v.number('must be a number'), v.finite('must be a number'));

/** Fields that nobody knows are let pass: such files carry all kinds. */
const rule = v.object(
  {
    name: v.pipe(v.string('must be text'), v.nonEmpty('must not be empty')),
    metric: v.picklist(
      Object.keys(CLASSIC_METRICS),
      (issue) => `${String(issue.received)} is none: there are ${Object.keys(CLASSIC_METRICS).join(', ')}`,
    ),
    operator: v.picklist(Object.keys(OPERATORS), (issue) => `${String(issue.received)} is none: there are gt, lt, eq`),
    threshold: number,
    message: v.nullish(v.string('must be text'), ''),
    cooldown: v.nullish(v.pipe(number, v.minValue(0, 'must not be negative')), DEFAULT_COOLDOWN_SECONDS),
    severity: v.nullish(v.string('must be text'), 'warning'),
    enabled: v.nullish(v.boolean('must be true or false'), true),
    notifications: v.optional(v.unknown()),
  },
  ({ received }) =>
    received === 'undefined' ? 'is missing' : 'must be a rule with name, metric, operator and threshold',
);

/** Editors of Windows begin a file with a byte order mark, which JSON does not know. */
const parseJson = (text: string): unknown => JSON.parse(text.replace(/^\ufeff/, ''));

/** Whether a file is meant to be one of these, `{"rules": [ … ]}`, and not one of Prometheus', which may be JSON too. */
export function isClassic(path: string, text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    return 'rules' in (parseJson(text) as object);
  } catch {
    return path.endsWith('.json');
  }
}

export function readClassicFile(path: string, text: string): LoadedClassic {
  const problems: string[] = [];
  const refuse = (message: string): LoadedClassic => ({ ok: false, problems: [`${path}: ${message}`] });
  if (text.length > MAX_BYTES) return refuse('larger than 1 MiB');
  let content: unknown;
  try {
    content = parseJson(text);
  } catch {
    // The parser's message quotes the text, which may be a password.
    return refuse('is not JSON');
  }
  const items = (content as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(items)) return refuse('must hold a list called rules');
  if (items.length > MAX_RULES) return refuse(`more than ${MAX_RULES} rules`);

  const rules: ClassicRule[] = [];
  const findings: RuleFinding[] = [];
  let channels: NotifyConfig = {};
  for (const [index, item] of items.entries()) {
    const parsed = v.safeParse(rule, item);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const name = typeof item?.name === 'string' ? `rule ${JSON.stringify(item.name)}` : `rule ${index + 1}`;
      problems.push(
        `${path}: ${name}: ${[...(issue.path ?? []).map(({ key }) => String(key)), issue.message].join(' ')}`,
      );
      continue;
    }
    const name = unusedName(parsed.output.name, rules);
    const own = classicalChannels(name, parsed.output.notifications);
    if (!own.ok) {
      problems.push(`${path}: rule ${JSON.stringify(name)}: ${own.message}`);
      continue;
    }
    channels = { ...channels, ...own.channels };
    const one = { ...parsed.output, name, file: path, channels: Object.keys(own.channels) };
    rules.push(one);
    findings.push(...findingsOf(one, own.strange));
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, file: { path, rules: rules.map(toAlertRule), channels, findings } };
}

/** Two rules of one name are two rules all the same. */
function unusedName(name: string, rules: readonly ClassicRule[]): string {
  const isUsed = (candidate: string): boolean => rules.some((one) => one.name === candidate);
  let candidate = name;
  for (let count = 2; isUsed(candidate); count++) candidate = `${name} (${count})`;
  return candidate;
}

function findingsOf(one: ClassicRule, strangeChannels: readonly string[]): readonly RuleFinding[] {
  const place = { file: one.file, line: 1, group: '', rule: one.name };
  const findings: RuleFinding[] = [];
  const unlike = unlikeThreshold(one);
  if (unlike !== null) findings.push({ ...place, ...unlike });
  const unknown = fieldsOf(one.message).filter((field) => !FIELDS.has(field));
  if (unknown.length > 0) {
    const reason = `the message asks for {${unknown.join('}, {')}}, which ${unknown.length === 1 ? 'is no field' : 'are no fields'}`;
    findings.push({ ...place, kind: 'unlike', reason, rewrite: null });
  }
  for (const channel of strangeChannels) {
    const reason = `notifications.${channel} is no channel, nothing is sent there: there are email, slack, webhook`;
    findings.push({ ...place, kind: 'unlike', reason, rewrite: null });
  }
  return findings;
}

/** A share above 1, a percentage below 1, seconds that are milliseconds. */
function unlikeThreshold({
  metric,
  operator,
  threshold,
}: ClassicRule): Pick<RuleFinding, 'kind' | 'reason' | 'rewrite'> | null {
  const { unit } = CLASSIC_METRICS[metric] ?? { unit: 'count' };
  const rewrite = (value: number): string => `"threshold": ${Number(value.toPrecision(12))}`;
  const isAbove = operator === 'gt';
  if ((operator === 'lt' && threshold <= 0) || (operator === 'eq' && threshold < 0)) {
    return { kind: 'never', reason: `${metric} is never below 0`, rewrite: null };
  }
  // Work that overlaps may well exceed the places for it.
  const isShare = unit === 'ratio' && metric !== 'utilization';
  if (unit === 'ratio' && isAbove && (threshold > 1 || (isShare && threshold === 1))) {
    const reason = `${metric} goes from 0 to 1: ${threshold} reads as percent`;
    return { kind: 'never', reason, rewrite: threshold <= 100 ? rewrite(threshold / 100) : null };
  }
  if (unit === 'percent' && threshold >= 100 && isAbove) {
    return { kind: 'never', reason: `${metric} goes from 0 to 100`, rewrite: null };
  }
  if (unit === 'percent' && threshold > 0 && threshold < 1) {
    const reason = `${metric} goes from 0 to 100: ${threshold} is less than one percent`;
    return { kind: 'unlike', reason, rewrite: rewrite(threshold * 100) };
  }
  if (unit === 'seconds' && threshold >= 100) {
    return {
      kind: 'unlike',
      reason: `${metric} is in seconds: ${threshold} reads as milliseconds`,
      rewrite: rewrite(threshold / 1000),
    };
  }
  return null;
}

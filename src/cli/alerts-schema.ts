/** What the section `alerts` may hold: `HighErrorRate: { threshold: 10%, for: 1m }`, `HighCpuUsage: off`. */
import * as v from 'valibot';
import { type AlertOverride, type AlertRule, BUILT_IN_RULES } from '../alerts/index.ts';
import { type AlertSettings, DEFAULT_ALERTS } from './alerts.ts';
import { closest } from './config.ts';
import { parseDurationSeconds } from './duration.ts';

const MOST_INTERVAL_SECONDS = 300;
const MOST_FOR_SECONDS = 86_400;
const NAMES = BUILT_IN_RULES.map(({ name }) => name);

const duration = (least: number, most: number) =>
  v.pipe(
    v.union([v.string(), v.number()], 'must be a duration like 30s or 5m'),
    v.transform((value) => parseDurationSeconds(String(value))),
    v.check(
      (seconds) => seconds !== null && seconds >= least && seconds <= most,
      `must be a duration from ${least}s to ${most}s`,
    ),
    v.transform((seconds) => seconds ?? least),
  );

const SWITCH = v.union([v.boolean(), v.picklist(['on', 'off'])], 'must be true or false');
const isOn = (value: boolean | 'on' | 'off'): boolean => value === true || value === 'on';

const SETTINGS = 'must be off, or hold threshold, for, severity, enabled';

/** The other way of writing a share is the mistake that is made: 5 for 5 % is never passed, 0.8 for 80 % always. */
const isLikely: Readonly<Partial<Record<AlertRule['unit'], (value: number) => boolean>>> = {
  ratio: (value) => value <= 1,
  percent: (value) => value === 0 || (value >= 1 && value <= 100),
};

/** `5%` of a share is 0.05, of a percentage 5; `500ms` of a time is 0.5. */
function thresholdOf(value: string | number, unit: AlertRule['unit']): number | null {
  const text = String(value).trim();
  if (unit === 'seconds') return parseDurationSeconds(text);
  const [, number, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  if (number === undefined || (sign === '%' && unit !== 'ratio' && unit !== 'percent')) return null;
  const threshold = sign === '%' && unit === 'ratio' ? Number(number) / 100 : Number(number);
  return isLikely[unit]?.(threshold) === false ? null : threshold;
}

function override(rule: AlertRule): v.GenericSchema<unknown, AlertOverride> {
  const threshold = v.pipe(
    v.union([v.string(), v.number()], 'must be a number'),
    v.transform((value) => thresholdOf(value, rule.unit)),
    v.check((value) => value !== null, `must be ${SAID[rule.unit]}`),
    v.check(() => rule.threshold !== null, 'cannot be set: the alert compares nothing'),
    v.transform((value) => value ?? 0),
  );
  const settings = v.pipe(
    v.strictObject(
      {
        threshold: v.optional(threshold),
        for: v.optional(duration(0, MOST_FOR_SECONDS)),
        severity: v.optional(v.picklist(['critical', 'warning', 'info'], 'must be critical, warning or info')),
        enabled: v.optional(v.pipe(SWITCH, v.transform(isOn))),
      },
      SETTINGS,
    ),
    v.transform(({ for: forSeconds, ...rest }) => {
      // Whoever sets something wants the alert, also one that is off by default.
      const given = { enabled: true, ...rest, ...(forSeconds === undefined ? {} : { forSeconds }) };
      return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as AlertOverride;
    }),
  );
  return v.lazy((input) =>
    typeof input === 'object'
      ? settings
      : v.pipe(
          SWITCH_OR_SETTINGS,
          v.transform((value) => ({ enabled: isOn(value) })),
        ),
  );
}

const SWITCH_OR_SETTINGS = v.union([v.boolean(), v.picklist(['on', 'off'])], SETTINGS);

const SAID: Readonly<Record<AlertRule['unit'], string>> = {
  ratio: 'a share from 0 to 1: 0.05 or 5%',
  percent: 'a percentage from 1 to 100: 80 or 80%',
  seconds: 'a duration: 500ms or 2s',
  count: 'a number',
  perSecond: 'a number per second',
  bytes: 'a number of bytes',
};

const rows = Object.fromEntries(BUILT_IN_RULES.map((rule) => [rule.name, v.optional(override(rule))]));

/** A name that is none, with the one that was meant. */
const unknownName = (name: string): string => {
  const meant = closest(name, NAMES);
  return `no built-in alert is called ${name}${meant === null ? `: there are ${NAMES.join(', ')}` : `, did you mean ${meant}?`}`;
};

const SHAPE = 'must be a map of alerts, such as HighCpuUsage: off';

export const alertsSchema: v.GenericSchema<unknown, AlertSettings> = v.pipe(
  v.unknown(),
  v.check((input) => !Array.isArray(input), SHAPE),
  v.looseObject(
    { interval: v.optional(duration(1, MOST_INTERVAL_SECONDS), `${DEFAULT_ALERTS.intervalSeconds}s`), ...rows },
    SHAPE,
  ),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { interval, ...alerts } = dataset.value as { interval: number } & Record<string, AlertOverride | undefined>;
    const strange = Object.keys(alerts).find((name) => !NAMES.includes(name));
    if (strange !== undefined) {
      addIssue({ message: unknownName(strange) });
      return NEVER;
    }
    const builtIn = Object.entries(alerts).filter(([, value]) => value !== undefined) as [string, AlertOverride][];
    return { intervalSeconds: Math.round(interval), builtIn: Object.fromEntries(builtIn) };
  }),
);

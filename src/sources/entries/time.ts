/** `2026-11-21 02:04:13 +0000`, `2026-11-21 02:04:13,299` (local time) or with a point: epoch milliseconds, or NaN. */
export function parseTime(text: string): number {
  const [, date, time, fraction, zone] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{1,6}))? ?([+-]\d{4}|Z)?$/.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  const offset = zone && zone !== 'Z' ? `${zone.slice(0, 3)}:${zone.slice(3)}` : (zone ?? '');
  return Date.parse(`${date}T${time}.${(fraction ?? '0').padEnd(3, '0').slice(0, 3)}${offset}`);
}

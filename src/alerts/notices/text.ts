/** Notices in words, for people. */
import { visible } from '../../text/visible.ts';
import { isoTime, type NotifiableAlert } from './alert.ts';

/** Longest label or annotation that goes out, in UTF-16 units: a line of a log may be megabytes. */
const MAX_TEXT = 2000;

/** At most so many UTF-16 units and a sign that there were more; no character is cut in two, for half of one is no text. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : text;

/** Safe to show and bounded; of control characters only the newline stays, where the rule's author meant it. */
const shown = (text: string): string => cut(text, MAX_TEXT).split('\n').map(visible).join('\n');

const shownMap = (map: Readonly<Record<string, string>>, show: (text: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [visible(cut(key, MAX_TEXT)), show(value)]));

/** The alert as it may leave gtop: labels and annotations may quote what attackers sent. */
export function madeVisible(alert: NotifiableAlert): NotifiableAlert {
  const oneLine = (text: string): string => visible(cut(text, MAX_TEXT));
  return {
    ...alert,
    name: oneLine(alert.name),
    severity: oneLine(alert.severity),
    labels: shownMap(alert.labels, oneLine),
    annotations: shownMap(alert.annotations, shown),
    ...(alert.classical ? { classical: { ...alert.classical, message: shown(alert.classical.message) } } : {}),
  };
}

const MAX_NAMES = 5;

/** `HighErrorRate, Saturated and 3 more`, each name once. */
export function namesOf(alerts: readonly NotifiableAlert[]): string {
  const names = [...new Set(alerts.map(({ name }) => name))];
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return names.slice(0, MAX_NAMES).join(', ') + more;
}

/** `FIRING HighErrorRate (critical)`, or `2 firing, 1 resolved: A, B`. */
export function titleOf(alerts: readonly NotifiableAlert[]): string {
  const [first] = alerts;
  if (first && alerts.length === 1) return `${first.state.toUpperCase()} ${first.name} (${first.severity})`;
  const counts = (['firing', 'resolved'] as const)
    .map((state) => [alerts.filter((alert) => alert.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  return `${counts.join(', ')}: ${namesOf(alerts)}`;
}

const sayNumber = (value: number): string => String(Number(value.toPrecision(6)));

/** Everything about one alert, a line each: what, figures, since when, labels. */
export function paragraphOf(alert: NotifiableAlert): readonly string[] {
  const { summary, message, ...others } = alert.annotations;
  const labels = Object.entries(alert.labels).filter(([name]) => name !== 'alertname' && name !== 'severity');
  const figures = [
    alert.value === null ? null : `value ${sayNumber(alert.value)}`,
    alert.threshold === null ? null : `threshold ${sayNumber(alert.threshold)}`,
    `since ${isoTime(alert.startsAtMs)}`,
    alert.endsAtMs === null ? null : `until ${isoTime(alert.endsAtMs)}`,
  ];
  return [
    `${alert.state.toUpperCase()} ${alert.name} (${alert.severity})`,
    ...[summary ?? message ?? alert.classical?.message].flatMap((text) => text?.split('\n') ?? []),
    ...Object.entries(others).flatMap(([name, text]) => `${name}: ${text}`.split('\n')),
    figures.filter((figure) => figure !== null).join(' · '),
    ...(labels.length > 0 ? [labels.map(([name, value]) => `${name}=${value}`).join(' ')] : []),
  ];
}

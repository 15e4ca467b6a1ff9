/**
 * A Snapshot without what tells a person: client addresses, users, query strings. An address becomes its network
 * (`203.0.113.0/24`, `2001:db8:1::/48`), so that rows still tell where requests come from; what becomes equal is added
 * up. What Gunicorn's own side is called (listeners, hosts of probes) stays: it is nobody's.
 */
import type { RawLines } from './recent-lines.ts';
import type { ClientRow, Snapshot } from './snapshot.ts';

const HIDDEN = '***';

/** Not the version behind a name: `Chrome/126.0.0.0`. */
const IPV4 = /(?<![\w.]|(?<!\/)\/)(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.]*\d)(?:\/\d{1,2})?/g;
/** Three groups at least and a double colon, or eight groups: no time of day looks so. */
const IPV6 =
  /(?<![\w:])(?=[\da-f:]*::|(?:[\da-f]{1,4}:){7})[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?:%[\w.]{1,20})?(?:\/\d{1,3})?(?![\w:]|\.\d)/gi;
/** Behind a path, up to what may end it: a space, a quotation mark, a bracket, the fragment with it. */
const QUERY = /(?<=[\w/.~%)\]-])\?[^\s"'<>\\]+/g;
/** `//user:password@host`. */
const USER_OF_URL = /(?<=\/\/)[^\s/@"']{1,200}@/g;
/** `user=…` as filters and logs have it, `"user": "…"` as JSON does. */
const USER_FIELD =
  /(\b(?:user|username|user_name|remote_user)"?\s{0,3}(?:!?~\*?|!?=|:)\s{0,3})("[^"]{0,200}"|'[^']{0,200}'|[^\s,;)}"']{1,200})/gi;
/** `%(h)s %(l)s %(u)s %(t)s`, the beginning of a line of an access log. */
const USER_OF_LINE = /^(\S{1,200} \S{1,200} )(.{1,200}?)(?= \[\d{2}\/)/;
/** No text is looked at further: what stands behind is left out. */
const MOST_CHARACTERS = 16_384;

/** An address by its network; any other name of a client is hidden. */
export function maskAddress(address: string): string {
  const masked = maskAddresses(address);
  return masked === address ? HIDDEN : masked;
}

/** A text that may name addresses, users and query strings. */
export function maskText(text: string): string {
  const part = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  const hidden = part
    .replace(USER_OF_URL, `${HIDDEN}@`)
    .replace(USER_FIELD, (_, name: string) => `${name}${HIDDEN}`)
    .replace(QUERY, `?${HIDDEN}`);
  return maskAddresses(hidden);
}

const maskAddresses = (text: string): string =>
  text.replace(IPV4, '$1.0/24').replace(IPV6, (address) => networkOf(address.replace(/[%/].*$/, '')));

/** The first three groups: what a site gets. */
function networkOf(address: string): string {
  const [front, back] = address.split('::');
  const groups = front === undefined || front === '' ? [] : front.split(':');
  const known = back === undefined ? groups : [...groups, '0', '0', '0'];
  const shown = known.slice(0, 3).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  while (shown.at(-1) === '0') shown.pop();
  return `${shown.join(':')}::/48`;
}

/** One line of a log. */
const maskLine = (line: string): string =>
  maskText(
    line.replace(USER_OF_LINE, (whole, before: string, user: string) => (user === '-' ? whole : before + HIDDEN)),
  );

const orNull = (text: string | null, mask: (text: string) => string): string | null =>
  text === null || text === '' ? text : mask(text);

/** What rules make of what they find: labels and annotations. */
const maskValues = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, maskText(text)]));

/** Pure. The same object where there is nothing to hide is not promised. */
export function maskSnapshot(snapshot: Snapshot): Snapshot {
  const { clients } = snapshot;
  return {
    ...snapshot,
    filter: orNull(snapshot.filter, maskText),
    verdict: {
      ...snapshot.verdict,
      text: maskText(snapshot.verdict.text),
      causes: snapshot.verdict.causes.map((cause) => ({ ...cause, text: maskText(cause.text) })),
    },
    workers: snapshot.workers.map((worker) => ({
      ...worker,
      clientAddress: orNull(worker.clientAddress, maskAddress),
    })),
    clients: {
      ...clients,
      addresses: merged(clients.addresses, maskAddress),
      userAgents: merged(clients.userAgents, maskText),
      referrers: merged(clients.referrers, maskText),
    },
    slow: snapshot.slow.map((row) => ({
      ...row,
      address: orNull(row.address, maskAddress),
      path: orNull(row.path, maskText),
    })),
    errors: snapshot.errors.map((group) => ({
      ...group,
      message: maskText(group.message),
      sample: maskLines(group.sample),
    })),
    events: snapshot.events.map((event) => ({
      ...event,
      path: orNull(event.path, maskText),
      text: maskText(event.text),
      details: orNull(event.details, maskLines),
    })),
    alerts: snapshot.alerts.map((alert) => ({
      ...alert,
      summary: maskText(alert.summary),
      labels: maskValues(alert.labels),
      annotations: maskValues(alert.annotations),
    })),
    alertHistory: snapshot.alertHistory.map((firing) => ({
      ...firing,
      summary: maskText(firing.summary),
      labels: maskValues(firing.labels),
    })),
  };
}

/** The raw lines of the logs. */
export function maskRawLines(lines: RawLines): RawLines {
  return {
    ...lines,
    filter: orNull(lines.filter, maskText),
    lines: lines.lines.map((line) => ({ ...line, text: maskLines(line.text) })),
  };
}

const maskLines = (text: string): string => text.split('\n').map(maskLine).join('\n');

function merged(rows: readonly ClientRow[], mask: (text: string) => string): ClientRow[] {
  const byValue = new Map<string, { value: string; count: number; bytes: number }>();
  for (const { value, count, bytes } of rows) {
    const masked = mask(value);
    const row = byValue.get(masked) ?? { value: masked, count: 0, bytes: 0 };
    row.count += count;
    row.bytes += bytes;
    byValue.set(masked, row);
  }
  return [...byValue.values()].sort((a, b) => b.count - a.count);
}

/** Plain text in a filter looks in paths. Some texts are seldom paths: what was probably meant by them, as a filter. */

const METHODS = 'GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS';

const MEANT: readonly (readonly [text: RegExp, filter: (found: RegExpExecArray) => string])[] = [
  [/^[1-5](?:\d\d|xx)$/i, ([text]) => `status=${text.toLowerCase()}`],
  [/^errors?$/i, () => 'status>=500'],
  [/^slow$/i, () => 'latency>1s'],
  [new RegExp(`^(?:${METHODS})$`, 'i'), ([text]) => `method=${text.toUpperCase()}`],
  [
    new RegExp(`^(${METHODS}) +(/[\\w./{}-]*)$`, 'i'),
    ([, method = '', path = '']) => `method=${method.toUpperCase()} and "${path}"`,
  ],
  [/^\d{1,3}(?:\.\d{1,3}){3}$/, ([text]) => `ip=${text}`],
  [/^(status|method|ip|worker|user|agent):([\w./-]+)$/, ([, field = '', value = '']) => `${field}=${value}`],
  [/^path:([\w./{}-]+)$/, ([, value = '']) => `"${value}"`],
];

/** `status=500` for `500`, `method=GET and "/items"` for `GET /items`; null for what may well be meant as it stands. */
export function meantByText(text: string): string | null {
  const trimmed = text.trim();
  for (const [pattern, filter] of MEANT) {
    const found = pattern.exec(trimmed);
    if (found !== null) return filter(found);
  }
  return null;
}

/** What names a user or a request in a message, as logfmt, structlog's console and formatters write it: `user_id=7`. */
const IDENTIFIER =
  /\b((?:x-)?request[_-]?id|req[_-]?id|trace[_-]?id|correlation[_-]?id|session[_-]?id|user(?:[_-]?id|[_-]?name)?)=(?:"([^"]{1,128})"|'([^']{1,128})'|([^\s,;"'\])}]{1,128}))/gi;
/** Identifiers stand near the beginning or in a short message. */
const MOST_CHARACTERS = 2000;

/** The identifiers of a message under the names they have there; null without any. Linear in its first 2,000 characters. */
export function identifiersIn(message: string): Readonly<Record<string, string>> | null {
  if (!message.includes('=')) return null;
  const found: Record<string, string> = {};
  for (const [, name, ...values] of message.slice(0, MOST_CHARACTERS).matchAll(IDENTIFIER)) {
    found[name] ??= values.find((value) => value !== undefined) ?? '';
  }
  return Object.keys(found).length > 0 ? found : null;
}

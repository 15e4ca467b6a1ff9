/** A URL as people may see it, with the socket it goes through. A query may hold a token, and is left out. */
export function shownUrl({ url, socket }: { readonly url: string; readonly socket: string | null }): string {
  const { protocol, host, pathname } = new URL(url);
  const through = socket === null ? '' : ` through unix:${socket}`;
  return `${protocol}//${host}${pathname}${through}`;
}

/** A URL among printed settings: that there is a query shows, what it is does not. */
export const printedUrl = (url: string): string => url.replace(/\?[^#]+/, '?<secret>');

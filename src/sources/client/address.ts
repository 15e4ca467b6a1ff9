/** Where something listens that gtop connects to. */
import { isIPv6 } from 'node:net';

export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** `127.0.0.1:5432`, `[::1]:6379`, `db.internal:5432`, `unix:/run/redis.sock`; null for all else. */
export function parseAddress(text: string): Address | null {
  const path = /^unix:(\/.+)$/.exec(text)?.[1]?.replace(/^\/+/, '/');
  if (path !== undefined) return { path };
  const [, bracketed, name, digits = ''] = /^(?:\[([^\]]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? name;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return null;
  return { host, port };
}

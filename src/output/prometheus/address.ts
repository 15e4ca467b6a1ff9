/** Where the exporter listens. */
import { isIPv6 } from 'node:net';

export interface ListenAddress {
  /** An address, or a name that stands for one; IPv6 without brackets. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/**
 * Loopback, for the metrics name paths and clients. Not from 9100–9999, the ports that Prometheus' wiki gives to
 * exporters: all are taken, 9913 for one by nginx-vts-exporter, which often runs beside Gunicorn.
 */
export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 10913 };

const PORT = /^\d{1,5}$/;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** `127.0.0.1:10913`, `[::1]:10913`, `myhost:10913`, or a port alone, which is one of the loopback. Null for all else. */
export function parseListenAddress(text: string): ListenAddress | null {
  const [, bracketed, name, digits = ''] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (!PORT.test(digits) || port > 65_535) return null;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : null;
  if (name !== undefined) return NAME.test(name) ? { host: name, port } : null;
  return { host: DEFAULT_LISTEN.host, port };
}

export const formatListenAddress = ({ host, port }: ListenAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Whether only this machine can reach it. A name other than `localhost` may stand for anything. */
const isLoopback = ({ host }: ListenAddress): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** One sentence for who has opened the exporter to others; null when nobody but this machine can reach it. */
export const exposureWarning = (listen: ListenAddress): string | null =>
  isLoopback(listen)
    ? null
    : `--listen ${formatListenAddress(listen)}: whoever can reach this port can read paths and addresses of clients`;

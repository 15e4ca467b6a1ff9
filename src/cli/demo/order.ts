/**
 * How the demo's client tells the made-up application what a request does: one header, which the worker obeys.
 * Anybody else who asks (curl at the demo's port) gets the plain answer.
 */

export interface Order {
  /** The client's address as the log shows it; all connections really come from the loopback address. */
  readonly address: string;
  readonly status: number;
  /** Bytes of the body. */
  readonly bytes: number;
  /** Time in the application. */
  readonly milliseconds: number;
  /** `raises`: an exception that nobody handles. `hangs`: never returns. */
  readonly ending: 'answers' | 'raises' | 'hangs';
}

const PLAIN: Order = { address: '127.0.0.1', status: 200, bytes: 12, milliseconds: 2, ending: 'answers' };
const HEADER = 'X-Demo-Order';

export interface DemoRequest {
  readonly requestLine: string;
  readonly referrer: string;
  readonly userAgent: string;
  readonly order: Order;
}

/** The request as bytes of HTTP/1.1. */
export function writeRequest({ requestLine, referrer, userAgent, order }: DemoRequest): string {
  const headers = {
    Host: 'demo',
    'User-Agent': userAgent,
    ...(referrer === '-' ? {} : { Referer: referrer }),
    [HEADER]: JSON.stringify(order),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${[requestLine, ...lines].join('\r\n')}\r\n\r\n`;
}

/** Reads what `writeRequest` wrote; headers that are not there are `-`, as Gunicorn logs them. */
export function readRequest(head: string): DemoRequest {
  const lines = head.split('\r\n');
  const header = (name: string) => {
    const line = lines.find((text) => text.toLowerCase().startsWith(`${name.toLowerCase()}: `));
    return line?.slice(name.length + 2) ?? '-';
  };
  return {
    requestLine: lines[0],
    referrer: header('Referer'),
    userAgent: header('User-Agent'),
    order: readOrder(header(HEADER)),
  };
}

function readOrder(text: string): Order {
  try {
    return { ...PLAIN, ...(JSON.parse(text) as Partial<Order>) };
  } catch {
    return PLAIN;
  }
}

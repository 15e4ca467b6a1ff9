/** One look of a TCP probe: a connection, closed as soon as it is there. Nothing is sent. */
import { connect } from 'node:net';
import type { ProbeResult } from '../../model/facts.ts';
import { type Address, parseAddress } from '../client/address.ts';
import { sayTrouble } from '../client/trouble.ts';
import type { TcpProbe } from './spec.ts';

/** Asks once. Never rejects. */
export async function probeTcp(spec: TcpProbe, signal: AbortSignal): Promise<ProbeResult> {
  const address = parseAddress(spec.address);
  if (address === null) return result('no address', null);
  const startedAt = performance.now();
  const error = await tryToConnect(address, spec.timeoutSeconds, signal);
  return result(error, error === null ? (performance.now() - startedAt) / 1000 : null);
}

const result = (error: string | null, seconds: number | null): ProbeResult => ({
  ok: error === null,
  status: error === null ? 'ok' : 'error',
  statusCode: null,
  seconds,
  error,
  isUnanswered: false,
  checks: [],
});

/** Why there is no connection; null when there was one. */
function tryToConnect(address: Address, timeoutSeconds: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const settle = (error: string | null): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(error);
    };
    const late = setTimeout(() => settle(`no connection within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    const stop = (): void => settle('stopped');
    signal.addEventListener('abort', stop);
    socket.once('connect', () => settle(null));
    socket.on('error', (error) => settle(sayTrouble(error)));
    if (signal.aborted) stop();
  });
}

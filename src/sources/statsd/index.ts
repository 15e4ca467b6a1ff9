/**
 * Listens for what Gunicorn sends by StatsD. UDP only: Gunicorn can also send through a unix datagram socket, which
 * Node cannot open.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { StatsdFact, StatsdMetric } from '../../model/facts.ts';
import { sayTrouble } from '../client/trouble.ts';
import { readPacket } from './packet.ts';

export interface StatsdAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface StatsdSource {
  fact(): StatsdFact;
  close(): void;
}

/** A burst of a few thousand requests fits; the kernel may give less. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

const say = ({ host, port }: StatsdAddress): string => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`);

/**
 * Resolves when it listens, or cannot: then its fact says why, and the rest of gtop goes on. What arrives is counted
 * and handed on, rubbish is counted only.
 */
export async function openStatsd(
  address: StatsdAddress,
  onMetric: (metric: StatsdMetric) => void,
): Promise<StatsdSource> {
  let packets = 0;
  let foreign = 0;
  let rejected = 0;
  let error: string | null = null;
  let heardAt = say(address);

  const socket = createSocket(isIPv6(address.host) ? 'udp6' : 'udp4');
  socket.on('message', (message) => {
    packets++;
    const reading = readPacket(message.toString('latin1'));
    foreign += reading.foreign;
    rejected += reading.rejected;
    for (const metric of reading.metrics) onMetric(metric);
  });
  try {
    await listen(socket, address);
    heardAt = say({ host: address.host, port: socket.address().port });
  } catch (failure) {
    error = sayTrouble(failure);
  }
  // Later errors are about single datagrams; without a listener they would end the program.
  socket.on('error', (failure) => {
    error = sayTrouble(failure);
  });
  let isOpen = true;
  return {
    fact: () => ({ address: heardAt, packets, foreign, rejected, error }),
    close() {
      if (isOpen) socket.close();
      isOpen = false;
    },
  };
}

async function listen(socket: Socket, { host, port }: StatsdAddress): Promise<void> {
  socket.bind({ address: host, port, exclusive: true });
  await once(socket, 'listening');
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The kernel's default does as well, for shorter bursts.
  }
}

/** Requests that stay in service until the test lets go of them. */
import { connect, type Socket } from 'node:net';
import { onCleanup } from './cleanup.ts';
import type { Endpoint } from './http.ts';

/** Opens a connection and, with a path, sends a request on it; resolves when the kernel has connected it. */
export function hold(endpoint: Endpoint, path?: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = 'port' in endpoint ? connect(endpoint.port, endpoint.host) : connect(endpoint.socketPath);
    onCleanup(() => void socket.destroy());
    socket.once('error', reject);
    socket.once('connect', () => {
      if (path !== undefined) socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
      socket.off('error', reject);
      socket.on('error', () => {});
      socket.resume();
      resolve(socket);
    });
  });
}

/** The demo's clients: real requests over the loopback address, one connection each. */
import { connect } from 'node:net';
import { demoVariable } from './environment.ts';
import { type DemoRequest, writeRequest } from './order.ts';
import { nextRequest, type Phase, phaseAt, requestRate, stuckRequest } from './scenario.ts';
import { TRAFFIC_TITLE } from './titles.ts';

const TICK_MILLISECONDS = 50;
/** Clients that wait at the same time: bounds the accept queue while the workers are saturated. */
const MOST_WAITING = 40;

export function runTraffic(): void {
  process.title = TRAFFIC_TITLE;
  const port = Number(demoVariable('PORT'));
  const startedAt = performance.now();
  let phase: Phase = 'calm';
  let waiting = 0;
  let owed = 0;

  const send = (request: DemoRequest) => {
    waiting++;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => waiting--);
    socket.resume();
    socket.write(writeRequest(request), 'latin1');
  };

  setInterval(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    const before = phase;
    phase = phaseAt(seconds);
    if (phase !== before && phase === 'stuck worker') send(stuckRequest(Math.random));
    // gtop holds the master's handle, and so cannot hit another process that has got its pid.
    if (phase !== before && phase === 'reload') process.send?.('reload');
    owed = Math.min(owed + (requestRate(seconds) * TICK_MILLISECONDS) / 1000, MOST_WAITING);
    for (; owed >= 1; owed--) if (waiting < MOST_WAITING) send(nextRequest(phase, Math.random));
  }, TICK_MILLISECONDS);

  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
}

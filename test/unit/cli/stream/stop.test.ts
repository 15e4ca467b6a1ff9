import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { Stop } from '../../../../src/cli/stream/stop.ts';

function waiting(wait: (stop: Stop, work: Promise<void>) => Promise<void>) {
  const stop = new Stop();
  onTestFinished(() => stop.release());
  let finish = (): void => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const state = { stop, finish, isOver: false };
  void wait(stop, work).then(() => {
    state.isOver = true;
  });
  return state;
}

it('a wait ends when it is woken, before its work is done', async () => {
  const state = waiting((stop, work) => stop.wait(work));
  state.stop.wake();
  await turn();
  expect(state.isOver).toBe(true);
});

it('work that must not run beside itself is waited for, however often somebody wakes', async () => {
  const state = waiting((stop, work) => stop.waitForSignalOr(work));
  for (let time = 0; time < 3; time++) {
    state.stop.wake();
    await turn();
  }
  expect(state.isOver).toBe(false);
  state.finish();
  await turn();
  expect(state.isOver).toBe(true);
});

it('a signal cuts it short', async () => {
  const state = waiting((stop, work) => stop.waitForSignalOr(work));
  process.emit('SIGTERM', 'SIGTERM');
  await turn();
  expect([state.isOver, state.stop.signal]).toEqual([true, 'SIGTERM']);
});

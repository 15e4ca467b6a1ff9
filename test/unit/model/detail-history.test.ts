import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../src/model/detail.ts';
import { DetailHistory } from '../../../src/model/detail-history.ts';

const START_SECOND = 1_795_000_000;
const BYTES = 10;

/** So many seconds, in each of them one request of `busy` and one of so many addresses that never come again. */
function visited(history: DetailHistory, seconds: number, strangers: number, from = START_SECOND): void {
  for (let second = from; second < from + seconds; second++) {
    history.advance(second);
    for (let number = -1; number < strangers; number++) {
      const address = number === -1 ? 'busy' : `${second}/${number}`;
      history.take(second)?.clients.addresses.add(address, BYTES, (key) => key === 'busy');
    }
  }
  history.advance(from + seconds);
}

function cellsIn(history: DetailHistory): number {
  let cells = 0;
  history.slots.forEach(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (slot) => {
    cells += cellsOf(slot);
  });
  return cells;
}

function busyIn(history: DetailHistory): number {
  let count = 0;
  history.slots.forEach(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, ({ clients }) => {
    count += clients.addresses.get('busy')?.count ?? 0;
  });
  return count;
}

describe('the detail of the last days', () => {
  it('is bounded, also by the hour, when nearly every address is new', () => {
    const history = new DetailHistory();
    visited(history, 3600, 40);
    const afterAnHour = cellsIn(history);
    visited(history, 3600, 40, START_SECOND + 3600);
    expect(cellsIn(history)).toBeLessThan(60_000 + 120 * 17);
    expect(cellsIn(history)).toBeLessThan(afterAnHour * 1.2);
    // Who comes again and again is known to the last request.
    expect(busyIn(history)).toBe(7200);
  });

  it('keeps the last quarter of an hour by the second, however many minutes lie before it', () => {
    const history = new DetailHistory();
    const kinds = ['addresses', 'userAgents', 'methods', 'referrers'] as const;
    const seconds = 20 * 3600;
    for (let second = START_SECOND; second < START_SECOND + seconds; second += 3) {
      history.advance(second);
      const slot = history.take(second);
      for (const kind of kinds) slot?.clients[kind].add(`${second}`, BYTES, () => false);
    }
    expect(history.slots.fineFromSecond).toBeLessThan(START_SECOND + seconds - 880);
  });

  it('still knows how many there were in a minute of which it kept the busiest', () => {
    const history = new DetailHistory();
    visited(history, 3600, 40);
    const minute = history.slots.oldestFirst(2)[0];
    expect(minute.clients.addresses.size).toBe(16);
    // 40 in each second and `busy`; the estimate is within 5 %.
    const seconds = 60 - (START_SECOND % 60);
    expect(Math.abs(minute.clients.addresses.distinct / (40 * seconds + 1) - 1)).toBeLessThan(0.05);
  });

  it('keeps fewer keys a second while the newest seconds alone are too many, and then as many as before', () => {
    const history = new DetailHistory();
    visited(history, 120, 1000);
    expect(history.slots.peek(START_SECOND + 119)?.clients.addresses.size).toBe(256);
    visited(history, 120, 300, START_SECOND + 120);
    visited(history, 30, 10, START_SECOND + 240);
    visited(history, 10, 1000, START_SECOND + 270);
    expect(history.slots.peek(START_SECOND + 279)?.clients.addresses.size).toBe(1001);
  });
});

/** Window, refresh, pause, and going back in time. */
import { parseDurationSeconds } from '../../text/duration.ts';
import { formatClock, formatWindow } from '../format.ts';
import { hintFor } from '../keys.ts';
import type { Effect, Screen } from './screen.ts';

const [LEAST_DELAY_MS, MOST_DELAY_MS] = [100, 3_600_000];
/** The longest history kept. */
const MOST_SECONDS = 259_200;

/** What one press of `[` goes back: what one refresh goes on, a whole second at least. */
const tickMs = (screen: Screen): number => Math.max(1000, Math.ceil(screen.state.delayMs / 1000) * 1000);

function scrub(screen: Screen, ticks: number): void {
  const { paused } = screen.state;
  const source = screen.source();
  if (source === null) return;
  if (paused === null && ticks > 0) {
    screen.notify(`this is live: ${hintFor('earlier', screen.state.keymap) || ':goto -1m'} goes back in time`);
    return;
  }
  goTo(screen, (paused?.atMs ?? Date.parse(source.generatedAt)) + ticks * tickMs(screen));
}

/** Shows a past moment; one that is not past any more is live. */
export function goTo(screen: Screen, atMs: number): void {
  const liveMs = screen.liveMs();
  const isPast = atMs < liveMs - tickMs(screen) / 2;
  const oldestMs = liveMs - MOST_SECONDS * 1000;
  screen.dispatch({ type: 'go-to', atMs: isPast ? Math.max(oldestMs, atMs) : null, nowMs: screen.now() });
}

function pause(screen: Screen): void {
  const source = screen.source();
  if (source === null) return;
  screen.dispatch({ type: 'pause', nowMs: screen.now(), atMs: Date.parse(source.generatedAt) });
}

async function goToTime(screen: Screen, argument: string | null): Promise<void> {
  const { parseMoment } = await screen.parts.advice.get();
  const atMs = parseMoment(argument ?? '', { liveMs: screen.liveMs(), zone: screen.timeZone });
  if (atMs === null) screen.notify(`'${argument ?? ''}' is no time: write 14:03, 14:03:12, -5m or 2026-11-21T14:03`);
  else if (atMs > screen.liveMs())
    screen.notify(`${formatClock(new Date(atMs).toISOString(), screen.timeZone)} is still to come`);
  else goTo(screen, atMs);
}

function setWindow(screen: Screen, argument: string | null): void {
  if (argument === null) {
    screen.dispatch({ type: 'window', step: 1 });
    return;
  }
  const seconds = argument === 'all' ? null : parseDurationSeconds(argument);
  const isGood = argument === 'all' || (seconds !== null && seconds >= 1 && seconds <= MOST_SECONDS);
  if (!isGood || (seconds !== null && !Number.isInteger(seconds)))
    screen.notify(`'${argument}' is no window: write 10s, 1m, 5m, 15m, 1h or all`);
  else {
    screen.dispatch({ type: 'set-window', seconds });
    screen.notify(`window ${formatWindow(seconds)}`, 'ok');
  }
}

function setDelay(screen: Screen, argument: string | null): void {
  const ms = Math.round(1000 * (parseDurationSeconds(argument ?? '') ?? Number.NaN));
  if (!(ms >= LEAST_DELAY_MS && ms <= MOST_DELAY_MS)) {
    screen.notify(`'${argument ?? ''}' is no delay: write 500ms, 1s or 10s`);
    return;
  }
  screen.dispatch({ type: 'set-delay', ms });
  sayDelay(screen);
}

function changeDelay(screen: Screen, step: 1 | -1): void {
  screen.dispatch({ type: 'delay', step });
  sayDelay(screen);
}

const sayDelay = (screen: Screen): void => screen.notify(`refresh every ${screen.state.delayMs / 1000} s`, 'ok');

export const TIME = {
  window: setWindow,
  'window-back': (screen) => screen.dispatch({ type: 'window', step: -1 }),
  pause,
  earlier: (screen) => scrub(screen, -1),
  later: (screen) => scrub(screen, 1),
  'much-earlier': (screen) => scrub(screen, -10),
  'much-later': (screen) => scrub(screen, 10),
  goto: goToTime,
  faster: (screen) => changeDelay(screen, -1),
  slower: (screen) => changeDelay(screen, 1),
  delay: setDelay,
} as const satisfies Record<string, Effect>;

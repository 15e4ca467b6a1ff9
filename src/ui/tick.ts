/** The engine closes a second a quarter of one after it is over: asked a moment later it answers with that second. */
const PHASE_MS = 350;

/** Whole seconds are ticked in step with the clock, so that no second is shown late or left out. */
export function untilNextTick(nowMs: number, delayMs: number): number {
  if (delayMs % 1000 !== 0) return delayMs;
  const sinceTick = (((nowMs - PHASE_MS) % delayMs) + delayMs) % delayMs;
  return delayMs - sinceTick;
}

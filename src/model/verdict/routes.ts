import { sayPercent, sayRequest } from '../figures.ts';
import type { ServiceView } from '../service-view.ts';

/** Below this share no route is to blame for the load. */
const BLAME_RATIO = 0.3;

/** `71 % of worker time in GET /reports/{id}`; null when no route stands out, or durations are unknown. */
export function blameForTime(view: Pick<ServiceView, 'slowestRoute'>): string | null {
  const route = view.slowestRoute;
  if (!route || route.timeRatio === null || route.timeRatio < BLAME_RATIO) return null;
  return `${sayPercent(route.timeRatio)} of worker time in ${sayRequest(route.method, route.path) ?? 'requests unknown'}`;
}

/** `most in POST /orders (22 of 34)`, or without `most`, where it is not so; null without errors. */
export function blameForErrors(view: Pick<ServiceView, 'failingRoute' | 'oneMinute'>): string | null {
  const route = view.failingRoute;
  const name = route && sayRequest(route.method, route.path);
  if (!name) return null;
  const { serverErrors } = view.oneMinute;
  return `${route.serverErrors > serverErrors / 2 ? 'most in' : 'some in'} ${name} (${route.serverErrors} of ${serverErrors})`;
}

import { lastLineAtMs, type ServiceView } from '../service-view.ts';

/**
 * Seconds for which nobody has been there to serve; 0 while somebody is. Looks are a second apart: workers that live no
 * longer may serve between them all the time, and old ones finish what they have begun, both of which the access log tells.
 */
export function unservedSeconds(view: Pick<ServiceView, 'atMs' | 'noWorkerSinceMs' | 'sources'>): number {
  const { atMs, noWorkerSinceMs } = view;
  if (noWorkerSinceMs === null) return 0;
  return Math.max(0, atMs - Math.max(noWorkerSinceMs, lastLineAtMs(view) ?? noWorkerSinceMs)) / 1000;
}

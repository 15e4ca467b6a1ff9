import { sayNumber, saySeconds } from '../figures.ts';
import { isBlind } from '../service-view.ts';
import type { Diagnosis } from './diagnosis.ts';
import { noDescriptors } from './no-descriptors.ts';

export const trafficStopped: Diagnosis = {
  kind: 'traffic-stopped',
  summary:
    'Requests came steadily and then stopped at once, while nobody is connected or waits: look in front of Gunicorn, at the proxy, the load balancer, DNS, the network.',
  check: (view) => {
    if (view.lull === null || !view.watches.accessLog || isBlind(view)) return null;
    // A worker without a descriptor to spare writes no line for what it cannot serve.
    if (noDescriptors.check(view) === 'critical') return null;
    // Requests that hang, or wait, are no lack of traffic.
    const isAsked = (view.activeConnections ?? 0) > 0 || (view.saturation.backlog ?? 0) > 0;
    return isAsked ? null : 'warning';
  },
  sentence: ({ lull }) =>
    lull === null
      ? 'requests come'
      : `no requests for ${saySeconds(lull.seconds)}, ${sayNumber(lull.requestsPerSecond)} requests/s before: is the way to Gunicorn cut?`,
};

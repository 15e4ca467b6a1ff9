/**
 * What alert rules look at: the service unfiltered, over fixed windows. The verdict looks at the same figures, so that
 * the two never contradict each other; what the screen shows (its window, filter, pause) is not in it.
 */
export type { ServiceView as AlertView } from '../model/service-view.ts';

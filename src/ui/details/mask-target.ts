import { maskAddress, maskText } from '../../model/mask.ts';
import type { DetailTarget } from './detail-view.ts';

const orNull = (text: string | null, mask: (text: string) => string): string | null =>
  text === null ? null : mask(text);

/** Without what tells a person, as the Snapshot is masked. */
export function maskTarget(target: DetailTarget): DetailTarget {
  switch (target.kind) {
    case 'path': {
      const { slow } = target;
      return {
        ...target,
        path: orNull(target.path, maskText),
        slow: slow && { ...slow, path: orNull(slow.path, maskText), address: orNull(slow.address, maskAddress) },
      };
    }
    case 'client':
      return { ...target, value: (target.list === 'addresses' ? maskAddress : maskText)(target.value) };
    case 'event': {
      const { event } = target;
      return {
        ...target,
        event: {
          ...event,
          path: orNull(event.path, maskText),
          text: maskText(event.text),
          details: orNull(event.details, maskText),
        },
      };
    }
    case 'alert':
      return { ...target, alert: { ...target.alert, summary: maskText(target.alert.summary) } };
    case 'worker':
    case 'errors':
      return target;
  }
}

import type { RawLines } from '../model/recent-lines.ts';
import { visible } from '../text/visible.ts';

/** Lines of logs in visible form: they are written by whoever sends requests. The newlines within an entry stay. */
export const visibleLines = ({ lines, ...rest }: RawLines): RawLines => ({
  ...rest,
  lines: lines.map((line) => ({ ...line, text: line.text.split('\n').map(visible).join('\n') })),
});

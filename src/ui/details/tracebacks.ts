/** What was thrown: groups of tracebacks, each with its newest. */
import type { ErrorGroup } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { formatAge, formatCount, secondsSince } from '../format.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import { fitText } from '../widgets/text.ts';
import { type Block, type BlockRow, single } from './blocks.ts';

/** Lines of a traceback that are shown: its end, where the error is. */
const TRACEBACK_LINES = 14;
const MOST_GROUPS = 5;

/** What was thrown, each group with its newest traceback. */
export function errorRows(context: DrawContext): readonly BlockRow[] {
  return context.snapshot.errors.slice(0, MOST_GROUPS).map((group) => single(errorBlock(group, context)));
}

/** What was thrown on one route, and behind it what no log tells the route of: that may as well be another's. */
export function errorRowsOfRoute(context: DrawContext): readonly BlockRow[] {
  const { errors } = context.snapshot;
  const own = errors.filter(({ paths }) => paths.length > 0);
  const others = errors.filter(({ paths }) => paths.length === 0);
  return [...own, ...others].slice(0, MOST_GROUPS).map((group) => single(errorBlock(group, context)));
}

/**
 * What was thrown on the routes that failed for one client. No error log names the client, so that each group counts
 * everybody's, and says so.
 */
export function errorRowsOfRoutes(context: DrawContext): readonly BlockRow[] {
  const failed = new Set(context.snapshot.paths.filter(({ errorRatio }) => errorRatio > 0).map(({ path }) => path));
  return context.snapshot.errors
    .filter(({ paths }) => paths.some((path) => failed.has(path)))
    .slice(0, MOST_GROUPS)
    .map((group) => single(errorBlock(group, context, ' for all clients')));
}

export function errorBlock(
  { type, count, frame, message, lastAt, paths, sample }: ErrorGroup,
  { snapshot }: DrawContext,
  whose = '',
): Block {
  const ago = formatAge(secondsSince(lastAt, Date.parse(snapshot.generatedAt)));
  const heading: readonly Item[] = [
    item(`${formatCount(count)}×${snapshot.past == null ? '' : ' by now'}${whose}`, 'strong'),
    ...(frame === null ? [] : [labelled('at', frame)]),
    item(`last ${ago} ago`, 'dim', 1),
    paths.length === 0 ? item('no log tells on which path', 'warning', 2) : labelled('on', paths.join(' '), 2),
  ];
  return {
    // As Python prints it: a message may be no more than a `1`.
    title: `✖ ${type}${message === '' ? '' : `: ${message}`}`,
    lines: () => 1 + tracebackLines(sample).length,
    draw(surface) {
      drawSpans(surface, 1, 0, fitItems(heading, surface.width - 2));
      drawTraceback(surface, 1, sample);
    },
  };
}

/** What Python draws below a line to point into it: on a screen that cuts lines it points elsewhere. */
const isPointer = (line: string): boolean => /^[\s~^]+$/.test(line);

/** A line for each of the traceback; of a long one the end. */
export function tracebackLines(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !isPointer(line) && line !== '');
  return lines.length <= TRACEBACK_LINES ? lines : ['…', ...lines.slice(1 - TRACEBACK_LINES)];
}

const FRAME = /^(\s*File ")(.*)(", line \d+.*)$/;

/** Of a frame that is too long for the line its file, line and function stay: the folders are left out from the left. */
function fitFrame(line: string, width: number): string {
  const [, head = '', path = '', tail = ''] = FRAME.exec(line) ?? [];
  if (path === '' || stringWidth(line) <= width) return fitText(line, width);
  const from = (at: number): string => `${head}…${path.slice(at)}${tail}`;
  let at = path.lastIndexOf('/');
  for (let next = path.lastIndexOf('/', at - 1); next > 0 && stringWidth(from(next)) <= width; ) {
    at = next;
    next = path.lastIndexOf('/', at - 1);
  }
  return fitText(at > 0 ? from(at) : line, width);
}

export function drawTraceback(surface: Surface, y: number, text: string): void {
  const lines = tracebackLines(text);
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const isFrame = FRAME.test(line);
    surface.text(2, y + index, fitFrame(line, surface.width - 3), isLast ? 'critical' : isFrame ? 'strong' : 'text');
  }
}

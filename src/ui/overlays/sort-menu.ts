/** The menu of columns to sort by. */
import { columnName, sortChoices } from '../commands/sorting.ts';
import { firstShown } from '../widgets/table/index.ts';
import { fitText } from '../widgets/text.ts';
import type { OverlayView } from './overlay-view.ts';

const HEADER_WIDTH = 9;

export const sortMenu: OverlayView<'sort'> = {
  title: () => 'Sort by',
  limit: ({ pane }) => sortChoices(pane).length - 1,
  draw(surface, { pane, index }) {
    const choices = sortChoices(pane);
    const first = firstShown(index, surface.height, choices.length);
    for (const [y, column] of choices.slice(first, first + surface.height).entries()) {
      const chosen = first + y === index;
      const name = fitText(columnName(column), HEADER_WIDTH);
      const x = surface.text(0, y, `${chosen ? '>' : ' '} ${name}`, chosen ? 'selected' : 'strong');
      surface.text(x, y, fitText(column.meaning, surface.width - x), chosen ? 'selected' : 'dim');
    }
  },
};

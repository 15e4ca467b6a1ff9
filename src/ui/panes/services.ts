/** The lines of the header for several Gunicorns: one each, the one shown marked. */
import { visible } from '../../text/visible.ts';
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { type Binding, keyLabel } from '../keymap.ts';
import { drawSplit, type Item, item } from '../widgets/line.ts';

/** One line for each where there is room for all; else those around the one shown. */
export function drawServices(surface: Surface, context: DrawContext): void {
  const { services, state, snapshot } = context;
  if (services === undefined) return;
  const { rows, shown } = services;
  const first = Math.max(0, Math.min(shown - Math.floor(surface.height / 2), rows.length - surface.height));
  for (let line = 0; line < surface.height && first + line < rows.length; line++) {
    const index = first + line;
    const { pid, app, listeners } = rows[index] ?? { pid: 0, app: null, listeners: [] };
    const isShown = index === shown;
    const style = isShown ? 'strong' : 'dim';
    const left: readonly Item[] = [
      item(`${isShown ? '▸' : ' '}${String(index + 1).padStart(2)} ${visible(app ?? 'gunicorn')}`, style),
      // It may have been started anew since it was found.
      item(`master ${(isShown ? snapshot.master?.pid : null) ?? pid}`, style, 2),
      item(visible(listeners.join(' ')), 'dim', 3),
    ];
    drawSplit(surface, line, left, line === 0 ? [item(hint(state.keymap.bindings), 'dim', 1)] : [], {
      x: 1,
      width: surface.width - 2,
    });
  }
}

/** `n next N previous`. */
function hint(bindings: readonly Binding[]): string {
  const key = (command: Binding['command']): string | null => {
    const name = bindings.find((binding) => binding.command === command)?.keys[0];
    return name === undefined ? null : keyLabel(name);
  };
  const [next, previous] = [key('gunicorn'), key('previous-gunicorn')];
  return [next && `${next} next`, previous && `${previous} previous`].filter(Boolean).join('  ');
}

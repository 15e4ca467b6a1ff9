/** What Gunicorn can be told, and what each of it risks. Cancel comes first, always. */
import { actionOf, MASTER_ACTIONS, type MasterAction } from '../../model/master-actions.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { LEVELS } from '../levels.ts';
import type { ActionMenu } from '../state.ts';
import { fitText, wrap } from '../widgets/text.ts';
import type { OverlayView } from './overlay-view.ts';

const SIGNAL_WIDTH = 5;

const styleOf = ({ level }: MasterAction): StyleName => (level === 'ok' ? 'text' : LEVELS[level].style);

/** `HUP to master 26188`. */
function targetOf({ signal, to }: MasterAction, { master, worker }: ActionMenu): string {
  const name = signal.slice(3);
  if (to === 'master') return `${name} to master ${master.pid}`;
  return worker === null ? `${name}: no worker is selected` : `${name} to worker ${worker.pid}`;
}

function drawChoice(surface: Surface, y: number, text: string, style: StyleName, chosen: boolean): void {
  surface.text(0, y, fitText(`${chosen ? '>' : ' '} ${text}`, surface.width), chosen ? 'selected' : style);
}

export const actionMenu: OverlayView<'actions'> = {
  title: ({ master }) => `Tell Gunicorn (master ${master.pid})`,
  limit: () => MASTER_ACTIONS.length,
  draw(surface, menu) {
    drawChoice(surface, 0, 'Cancel', 'strong', menu.index === 0);
    for (const [index, action] of MASTER_ACTIONS.entries()) {
      const lacksWorker = action.to === 'worker' && menu.worker === null;
      const text = `${fitText(action.signal.slice(3), SIGNAL_WIDTH)} ${action.title}`;
      const note = lacksWorker ? ': choose one in pane 5' : action.to === 'worker' ? ` (${menu.worker?.pid})` : '';
      drawChoice(surface, index + 1, text + note, lacksWorker ? 'dim' : styleOf(action), menu.index === index + 1);
    }
  },
};

export const actionQuestion: OverlayView<'confirm'> = {
  title: ({ action }) => actionOf(action).title,
  limit: () => 1,
  draw(surface, question) {
    const action = actionOf(question.action);
    const risk = wrap(action.risk, surface.width - 2).slice(0, Math.max(0, surface.height - 3));
    for (const [y, line] of risk.entries()) surface.text(1, y, line, styleOf(action));
    const y = surface.height - 2;
    drawChoice(surface, y, 'Cancel', 'strong', question.index === 0);
    drawChoice(surface, y + 1, `Send ${targetOf(action, question)}`, styleOf(action), question.index === 1);
  },
};

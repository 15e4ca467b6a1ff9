/** `x`: what Gunicorn can be told to do. Chosen from a menu, confirmed with its risk in sight; the engine sends it. */
import { type ActionRequest, actionOf, MASTER_ACTIONS, type MasterAction } from '../../model/master-actions.ts';
import type { ChosenProcess, Overlay } from '../state.ts';
import { type Effect, messageOf, openOverlay, type Screen } from './screen.ts';
import { selectedKey } from './selection.ts';

type Menu = Extract<Overlay, { kind: 'actions' }>;
type Question = Extract<Overlay, { kind: 'confirm' }>;

function openMenu(screen: Screen): void | Promise<void> {
  const { overlay, focus, paused } = screen.state;
  if (screen.source()?.replay) {
    screen.notify('a log of the past has no Gunicorn to tell anything');
    return;
  }
  if (screen.feed.act === undefined) {
    screen.notify('actions are off: start gtop with --allow-actions to reload, scale or stop this Gunicorn from here');
    return;
  }
  if (overlay !== null || screen.layout().kind === 'line') return;
  // What is shown must be what is there.
  if (paused !== null) {
    screen.notify('this is a moment of the past: Space goes back to live, then x');
    return;
  }
  const master = screen.source()?.master ?? null;
  if (master === null) {
    screen.notify('no master is running: nothing to tell');
    return;
  }
  const chosen = { master: processOf(master), worker: chosenWorker(screen) };
  return openOverlay(screen, { type: 'overlay', overlay: { kind: 'actions', pane: focus, index: 0, ...chosen } });
}

const processOf = ({ pid, startedAt }: ChosenProcess): ChosenProcess => ({ pid, startedAt });

/** The worker whose detail is open, or that is selected in the focused table of workers. */
function chosenWorker(screen: Screen): ChosenProcess | null {
  const { detail, focus } = screen.state;
  const opened = detail?.target.kind === 'worker' ? detail.target : null;
  if (opened !== null) return processOf(opened);
  const key = focus === 'workers' && detail === null ? selectedKey(screen) : null;
  const worker = screen.source()?.workers.find(({ pid }) => String(pid) === key);
  return worker === undefined ? null : processOf(worker);
}

/** The rows of the menu behind Cancel. */
const actionAt = (index: number): MasterAction | null => MASTER_ACTIONS[index - 1] ?? null;

export function confirmAction(screen: Screen, { index, pane, master, worker }: Menu): void {
  const action = actionAt(index);
  if (action === null) screen.dispatch({ type: 'overlay', overlay: null });
  else if (action.to === 'worker' && worker === null)
    screen.notify('no worker is selected: choose one in pane 5, then x');
  else {
    const overlay = { kind: 'confirm', pane, index: 0, master, worker, action: action.name } as const;
    screen.dispatch({ type: 'overlay', overlay });
  }
}

export function sendAction(screen: Screen, { index, action, master, worker }: Question): void {
  const target = actionOf(action).to === 'master' ? master : worker;
  screen.dispatch({ type: 'overlay', overlay: null });
  if (index === 0 || target === null || screen.feed.act === undefined) return;
  const request: ActionRequest = { action, pid: target.pid, startedAt: target.startedAt };
  screen.feed.act(request).then(
    ({ sent, text }) => screen.notify(text, sent ? 'ok' : 'critical'),
    (error: unknown) => screen.notify(`not sent: ${messageOf(error)}`, 'critical'),
  );
}

export const ACTIONS = { actions: openMenu } as const satisfies Record<string, Effect>;

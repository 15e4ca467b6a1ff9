/**
 * What gtop can tell a Gunicorn to do, if it is allowed to (`--allow-actions`): the signals of `gunicorn/arbiter.py` and
 * `gunicorn/workers/base.py` that have a use for a person on call, and what each of them risks.
 *
 * The risk that most have in common: a worker that cannot be booted makes the master halt, and with it the whole service
 * (exit code 3, `Worker failed to boot`), whatever made it boot one; measured with 20.1, 23.0 and 26.2 without
 * `--preload`.
 */

export const ACTION_NAMES = [
  'reopen-logs',
  'reload',
  'worker-add',
  'worker-remove',
  'worker-stop',
  'upgrade',
  'quit',
] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

export interface MasterAction {
  readonly name: ActionName;
  readonly title: string;
  readonly signal: 'SIGHUP' | 'SIGTTIN' | 'SIGTTOU' | 'SIGUSR1' | 'SIGUSR2' | 'SIGTERM';
  readonly to: 'master' | 'worker';
  /** How bad it can become. */
  readonly level: 'ok' | 'warning' | 'critical';
  /** What it does and what can go wrong, in full sentences. */
  readonly risk: string;
}

const BOOT_RISK =
  'A worker that cannot boot halts the whole Gunicorn: if the code or its settings on disk are broken, this is an outage.';

const ACTIONS: Readonly<Record<ActionName, Omit<MasterAction, 'name'>>> = {
  'reopen-logs': {
    title: 'Reopen the log files',
    signal: 'SIGUSR1',
    to: 'master',
    level: 'ok',
    risk: 'Master and workers open their logs anew, as after a rotation. No request is touched.',
  },
  reload: {
    title: 'Reload: settings and code',
    signal: 'SIGHUP',
    to: 'master',
    level: 'critical',
    risk:
      `New workers start before the old ones finish. ${BOOT_RISK} Try "gunicorn --check-config" first. ` +
      'Meanwhile there are twice as many workers, with their memory. The number of workers goes back to the configured one. ' +
      'With --preload the code stays as it is.',
  },
  'worker-add': {
    title: 'One worker more',
    signal: 'SIGTTIN',
    to: 'master',
    level: 'warning',
    risk: `Starts a worker. ${BOOT_RISK} The next reload takes it back.`,
  },
  'worker-remove': {
    title: 'One worker less',
    signal: 'SIGTTOU',
    to: 'master',
    level: 'warning',
    risk: 'The oldest worker finishes what it serves within the graceful timeout and ends. The next reload brings it back.',
  },
  'worker-stop': {
    title: 'Stop the selected worker, gracefully',
    signal: 'SIGTERM',
    to: 'worker',
    level: 'critical',
    risk:
      'It finishes what it serves within the graceful timeout, ends, and the master starts another one in its place. ' +
      `${BOOT_RISK} A request that hangs is cut off at the end of the graceful timeout.`,
  },
  upgrade: {
    title: 'Upgrade: start a second master beside this one',
    signal: 'SIGUSR2',
    to: 'master',
    level: 'critical',
    risk:
      'A new master with new workers starts on the same sockets; until one of the two is stopped, both serve. ' +
      'Broken code ends the new one and leaves this one alone. Under systemd, supervisor or Docker do not: ' +
      'the service manager loses the master it knows. It fails where Gunicorn was started as "python -m gunicorn".',
  },
  quit: {
    title: 'Stop Gunicorn, gracefully',
    signal: 'SIGTERM',
    to: 'master',
    level: 'critical',
    risk:
      'THE SERVICE ENDS: no new connection is taken, workers finish what they serve within the graceful timeout, then the ' +
      'master ends. Nothing starts it again but a service manager; in a container, the container ends.',
  },
};

/** In the order of the menu, the harmless ones first. */
export const MASTER_ACTIONS: readonly MasterAction[] = ACTION_NAMES.map((name) => ({ name, ...ACTIONS[name] }));

export const actionOf = (name: ActionName): MasterAction => ({ name, ...ACTIONS[name] });

/** What a person asks for: the process as it was shown. Pid and start name a process for good. */
export interface ActionRequest {
  readonly action: ActionName;
  readonly pid: number;
  /** When the process shown has started, ISO 8601; null where that was not known: it is refused then. */
  readonly startedAt: string | null;
}

export interface ActionResult {
  readonly sent: boolean;
  /** One sentence: what was sent, or why not. */
  readonly text: string;
}

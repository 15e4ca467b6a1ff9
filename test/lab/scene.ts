/** Where an incident plays: a Gunicorn, clients, and gtop watching. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { temporaryFolder } from '../support/cleanup.ts';
import { type GunicornOptions, launchGunicorn, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { hold } from '../support/held.ts';
import { isAlive } from '../support/wait.ts';
import type { Incident, Setting } from './incident.ts';
import { Load } from './load.ts';
import { Watch } from './watch.ts';

const APP = fileURLToPath(new URL('../../test/lab/app.py', import.meta.url));

/** What a deploy puts beside the application. */
export interface Release {
  readonly itemsSeconds?: number;
  readonly itemsFail?: boolean;
  /** Python that runs at import. */
  readonly atImport?: string;
}

export class Scene {
  readonly setting: Setting;
  readonly watch: Watch;
  symptomMs = Number.NaN;
  #gunicorn: RunningGunicorn;
  readonly #options: GunicornOptions;
  readonly #loads: Load[] = [];
  readonly #held: { destroy(): void }[] = [];
  readonly #pids = new Map<number, string>();
  readonly #folder: string;

  private constructor(setting: Setting, options: GunicornOptions, gunicorn: RunningGunicorn) {
    this.setting = setting;
    this.#options = options;
    this.#gunicorn = gunicorn;
    this.#folder = options.dir ?? '';
    const errorLog = setting.errorLog === false ? [] : ['--error-log', gunicorn.errorLog];
    this.watch = new Watch(['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, ...errorLog]);
    this.#note();
  }

  /** Starts Gunicorn, then gtop, and resolves when gtop has seen every worker at rest. */
  static async open(incident: Incident, setting: Setting): Promise<Scene> {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'site'));
    copyFileSync(APP, join(dir, 'site', 'lab.py'));
    writeRelease(dir, {});
    const { workers, threads, timeout, under, listen } = incident;
    const options: GunicornOptions = {
      dir,
      version: setting.version,
      workerClass: setting.workerClass ?? 'sync',
      workers,
      // Sync workers with threads are gthread workers.
      ...(threads === undefined || setting.workerClass !== 'gthread' ? {} : { threads }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(under === undefined ? {} : { under: under() }),
      ...(listen === undefined ? {} : { listen }),
      app: 'lab:app',
      extraArgs: [
        ...['--chdir', join(dir, 'site'), '--log-level', setting.logLevel ?? 'info', '--graceful-timeout', '5'],
        ...(incident.extraArgs ?? []),
      ],
    };
    const gunicorn = await startGunicorn(options);
    const scene = new Scene(setting, options, gunicorn);
    try {
      await scene.watch.until('gtop sees all workers', (snapshot) => snapshot.workers.length === workers, 20_000);
    } catch (error) {
      await scene.close();
      throw error;
    }
    return scene;
  }

  get gunicorn(): RunningGunicorn {
    return this.#gunicorn;
  }

  /** From now on a person could notice. Later calls change nothing. */
  symptom(): void {
    if (Number.isNaN(this.symptomMs)) this.symptomMs = Date.now();
  }

  load(perSecond: number, pathOf: string | ((n: number) => string)): Load {
    const load = new Load(this.gunicorn.endpoint, perSecond, typeof pathOf === 'string' ? () => pathOf : pathOf);
    this.#loads.push(load);
    return load;
  }

  /** Sends a request and keeps its connection open, answered or not. */
  async hold(path: string): Promise<void> {
    this.#held.push(await hold(this.gunicorn.endpoint, path));
  }

  pause(seconds: number): Promise<void> {
    return sleep(seconds * 1000);
  }

  /** Waits until gtop has printed what satisfies `test`. */
  until(what: string, test: (snapshot: Snapshot) => boolean, seconds = 20): Promise<void> {
    return this.watch.until(what, test, seconds * 1000);
  }

  /** Other code on disk; nothing runs it before a reload or a restart. */
  release(release: Release): void {
    writeRelease(this.#folder, release);
  }

  /** What a service manager does when Gunicorn has ended: starts it anew, in the same place, whether it boots or not. */
  async restart(): Promise<RunningGunicorn> {
    const { endpoint } = this.#gunicorn;
    this.#note();
    this.#gunicorn = await launchGunicorn({ ...this.#options, ...('port' in endpoint ? { port: endpoint.port } : {}) });
    this.#note();
    return this.#gunicorn;
  }

  /** Copies everything that could explain a wrong verdict: the logs, and what gtop printed. */
  keep(folder: string): void {
    cpSync(this.#folder, folder, { recursive: true, filter: (path) => !/\.(sock|ctl)$/.test(path) });
    const lines = this.watch.sights.map(({ atMs, snapshot }) => JSON.stringify({ atMs, ...snapshot }));
    writeFileSync(join(folder, 'gtop.jsonl'), `${lines.join('\n')}\n`);
  }

  /** Ends everything that plays here. */
  async close(): Promise<void> {
    this.#note();
    for (const load of this.#loads) load.stop();
    for (const held of this.#held) held.destroy();
    await this.watch.stop();
    await this.#gunicorn.stop();
    // A master that was killed leaves its workers.
    for (const [pid, started] of this.#pids) if (isAlive(pid) && startOf(pid) === started) process.kill(pid, 'SIGKILL');
  }

  /** Remembers the workers, for the case that their master ends before them. */
  #note(): void {
    for (const pid of this.#gunicorn.workers()) this.#pids.set(pid, startOf(pid));
  }
}

/** When a process started, in ticks since boot: with its pid it names it for good. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function writeRelease(dir: string, { itemsSeconds = 0.02, itemsFail = false, atImport = '' }: Release): void {
  const lines = [
    `ITEMS_SECONDS = ${itemsSeconds}`,
    `ITEMS_FAIL = ${itemsFail ? 'True' : 'False'}`,
    'def lookup(key):',
    '    return {}[key]',
    atImport,
  ];
  writeFileSync(join(dir, 'site', 'release.py'), `${lines.join('\n')}\n`);
}

/** Stages incidents and judges what gtop said of them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeSetting, type Incident, type Setting } from './incident.ts';
import { IN_TIME_SECONDS, isSaid, type Judgement, judge, wrongExits } from './judge.ts';
import { Scene } from './scene.ts';

export interface Trial {
  readonly incident: Incident;
  readonly setting: Setting;
}

export interface Result extends Judgement {
  readonly trial: Trial;
  /** Folder with the logs and all samples of a trial that went wrong. */
  readonly keptIn: string | null;
}

const KEPT = fileURLToPath(new URL('../../.cache/lab/wrong', import.meta.url));

/** Longer than what is still in time, so that a late sentence shows as late and not as missing. */
const PATIENCE_SECONDS = 2 * IN_TIME_SECONDS;
/** How long the ledger may take to explain the ends, and how long it is watched for saying more than that. */
const LEDGER_SECONDS = 8;
const AFTERMATH_SECONDS = 2;

/** Each is a Gunicorn, a gtop and a few requests a second: together less than half of two cores. */
export const SIDE_BY_SIDE = 8;

export const trialsOf = (incidents: readonly Incident[]): Trial[] =>
  incidents.flatMap((incident) => incident.settings.map((setting) => ({ incident, setting })));

/** Stages one incident on one Gunicorn. Never rejects: what went wrong on the stage is a fault of the result. */
export async function run(trial: Trial): Promise<Result> {
  const { incident, setting } = trial;
  let scene: Scene | null = null;
  const faults: string[] = [];
  const expected = incident.expect?.(setting) ?? null;
  try {
    scene = await Scene.open(incident, setting);
    await incident.stage(scene);
    if (expected !== null) {
      scene.symptom();
      const inTime = scene.symptomMs + PATIENCE_SECONDS * 1000 - Date.now();
      const isSaidAlready = scene.watch.sights.some(
        ({ atMs, snapshot }) => atMs >= (scene?.symptomMs ?? 0) && isSaid(snapshot, expected),
      );
      if (!isSaidAlready) await scene.watch.until('said', (seen) => isSaid(seen, expected), inTime).catch(() => {});
    }
    const exits = incident.exits?.(setting) ?? {};
    if (Object.keys(exits).length > 0) {
      await scene
        .until('the ledger is right', (seen) => wrongExits(seen, exits).length === 0, LEDGER_SECONDS)
        .catch(() => {});
      await scene.pause(AFTERMATH_SECONDS);
    }
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  } finally {
    // Ends of the scene's own making are not gtop's to explain.
    await scene?.watch.stop();
    await scene?.close().catch((error) => faults.push(String(error)));
  }
  const { sights = [] } = scene?.watch ?? {};
  const judgement = judge(sights, scene?.symptomMs ?? Number.NaN, expected, incident.exits?.(setting) ?? null);
  faults.push(...judgement.faults);
  const keptIn = faults.length > 0 && scene ? join(KEPT, `${incident.name} ${describeSetting(setting)}`) : null;
  if (keptIn !== null) {
    rmSync(keptIn, { recursive: true, force: true });
    scene?.keep(keptIn);
  }
  return { trial, ...judgement, faults, keptIn };
}

/**
 * Runs trials side by side, those that take the whole machine one by one at the end.
 * @param onResult called as each is over.
 */
export async function runAll(trials: readonly Trial[], onResult: (result: Result) => void): Promise<Result[]> {
  const results: Result[] = [];
  // Each Gunicorn and each gtop ends with this process, whatever ends that.
  process.setMaxListeners(10 + 4 * SIDE_BY_SIDE);
  const work = async (queue: Trial[]): Promise<void> => {
    for (let trial = queue.shift(); trial !== undefined; trial = queue.shift()) {
      const result = await run(trial);
      results.push(result);
      onResult(result);
    }
  };
  const together = trials.filter(({ incident }) => !incident.alone);
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => work(together)));
  await work(trials.filter(({ incident }) => incident.alone));
  return results;
}

/** `gtop --once [--json] [-n N]`: samples on standard output; nothing of the screen is loaded. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { Engine } from '../../engine/engine.ts';
import { maskSnapshot } from '../../model/mask.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { toJsonLine } from '../../output/json.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { ONCE_COUNT_SCHEMA } from '../options.ts';
import { say } from '../stream/remarks.ts';
import { engineConfig } from '../targets.ts';

/** CPU percentages need two looks at the processes; 0.5 s apart a clock tick is 2 %. */
const FIRST_LOOK_MS = 500;

function sampleCount(flags: Context['flags']): number {
  if (flags.count === undefined) return 1;
  const result = v.safeParse(ONCE_COUNT_SCHEMA, flags.count);
  if (!result.success) throw usageError(`--count '${String(flags.count)}' ${result.issues[0].message}`);
  return Number(result.output);
}

export default async function once({ settings, flags }: Context): Promise<number> {
  const count = sampleCount(flags);
  const engine = new Engine(await engineConfig(settings, false));
  await engine.open();
  engine.alerting.takeRemarks().forEach(say);
  await engine.tick();
  for (let sample = 1; sample <= count; sample++) {
    await sleep(sample === 1 ? FIRST_LOOK_MS : settings.delay * 1000);
    if (sample === count) await engine.finish();
    else await engine.readToEnd();
    await engine.tick();
    const taken = engine.snapshot({ windowSeconds: settings.window, atMs: null, filter: settings.filter });
    const snapshot = settings.mask ? maskSnapshot(taken) : taken;
    process.stdout.write(flags.json ? `${toJsonLine(snapshot)}\n` : await asText(snapshot, settings));
  }
  engine.stop();
  return 0;
}

async function asText(snapshot: Snapshot, settings: Context['settings']): Promise<string> {
  const { drawDashboardText } = await import('../../ui/text.ts');
  return drawDashboardText(snapshot, {
    width: process.stdout.columns ?? 100,
    ascii: settings.ascii,
    timeZone: settings.tz,
  });
}

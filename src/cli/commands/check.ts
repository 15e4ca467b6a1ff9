/** `gtop check`: one verdict in one line, for Nagios, Icinga, cron and scripts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../../engine/engine.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { answer, type Limits, noAnswer } from '../check/answer.ts';
import { type Limit, parseLimit } from '../check/limit.ts';
import { isQuicklyReadBack } from '../check/rotated.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { engineConfig } from '../targets.ts';

/** Rates of CPU, and workers that are found busy, need two looks. */
const BETWEEN_LOOKS_MS = 1000;
/** Connections that wait at one look are chance: so many looks more tell whether they are a queue. */
const MORE_LOOKS = 2;
/** Which request of a pool of threads hangs, some looks in a row tell. */
const LOOKS_AT_POOL = 5;
/** And so many make sure that it is one request, and not one after the other on a connection that is kept alive. */
const LOOKS_AT_STUCK = 40;
/** An end waits up to five seconds for the line that explains it. */
const LOOKS_AT_ENDS = 50;
const BETWEEN_QUICK_LOOKS_MS = 100;

/** Prints one line and answers 0, 1, 2 or 3, the exit codes of the Nagios plug-ins; whatever goes wrong is 3. */
export default async function check({ settings, flags }: Context): Promise<number> {
  const result = await look({ settings, flags });
  process.stdout.write(`${result.line}\n`);
  return result.exitCode;
}

async function look({ settings, flags }: Pick<Context, 'settings' | 'flags'>) {
  let engine: Engine | null = null;
  try {
    const limits: Limits = {
      warning: limitsOf(flags.warning, 'warning'),
      critical: limitsOf(flags.critical, 'critical'),
    };
    // A rotation a minute ago does not undo what happened before it.
    const config = await engineConfig(settings, false);
    const isQuick = isQuicklyReadBack([...config.accessLogs, ...config.errorLogs], config.sinceMs);
    engine = new Engine({ ...config, historySiblings: config.historySiblings || isQuick });
    await engine.open();
    await engine.tick();
    await engine.readToEnd();
    for (let more = hasQueue(engine) ? MORE_LOOKS : 0; more > 0; more--) {
      await sleep(BETWEEN_LOOKS_MS);
      await engine.tick();
    }
    await sleep(BETWEEN_LOOKS_MS);
    await engine.readToEnd();
    await engine.tick();
    await lookWhile(engine, hasBusyPool, LOOKS_AT_POOL);
    await lookWhile(engine, hasStuck, LOOKS_AT_STUCK);
    // An end in these seconds would be too young for this check and too old for the next one, a minute later.
    await lookWhile(engine, () => engine?.isSettling ?? false, LOOKS_AT_ENDS);
    // Not before: ends that later looks show would lack the lines that explain them.
    await engine.finish();
    await engine.tick();
    return answer(engine.snapshot({ windowSeconds: settings.window, atMs: null }), limits);
  } catch (error) {
    return noAnswer(error instanceof Error ? error.message : String(error));
  } finally {
    engine?.stop();
  }
}

/** Requests that gthread workers have accepted and no thread serves are counted from the second look on. */
function hasQueue(engine: Engine): boolean {
  const { saturation, master, workers } = engine.snapshot({ windowSeconds: 10, atMs: null });
  const threads = master?.threads ?? 1;
  const hasFullPool = threads > 1 && workers.some(({ busyThreads }) => (busyThreads ?? 0) >= threads);
  return (saturation.backlog ?? 0) > 0 || hasFullPool;
}

/** Looks again and again, as long as there is a reason to. */
async function lookWhile(engine: Engine, reason: (now: Snapshot) => boolean, looks: number): Promise<void> {
  for (let more = looks; more > 0 && reason(engine.snapshot({ windowSeconds: 10, atMs: null })); more--) {
    await sleep(BETWEEN_QUICK_LOOKS_MS);
    await engine.tick();
  }
}

const hasBusyPool = ({ master, workers }: Snapshot): boolean =>
  (master?.threads ?? 1) > 1 && workers.some(({ busyThreads }) => (busyThreads ?? 0) > 0);

const hasStuck = ({ workers }: Snapshot): boolean => workers.some(({ state }) => state === 'stuck');

function limitsOf(given: unknown, name: string): readonly Limit[] {
  const texts = given === undefined ? [] : Array.isArray(given) ? given.map(String) : [String(given)];
  return texts.map((text) => {
    const limit = parseLimit(text);
    if ('complaint' in limit) throw usageError(`--${name} '${text}' ${limit.complaint}`);
    return limit;
  });
}

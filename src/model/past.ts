/** A Snapshot of a past moment: what was counted is counted for it, what was sampled is as it was recorded. */
import type { RecordedState, RecordedSubject, Recorder } from './recorder.ts';
import type { AlertFiring, MasterInfo, Saturation, Snapshot, SystemInfo, Verdict, WorkerInfo } from './snapshot.ts';

export interface PastParts {
  readonly atMs: number;
  /** Null where nothing was recorded near that moment. */
  readonly state: RecordedState | null;
  readonly recordedFromMs: number | null;
  readonly masters: readonly MasterInfo[];
  readonly workers: readonly WorkerInfo[];
  readonly saturation: Saturation;
  readonly system: SystemInfo;
}

const NOT_KEPT: Verdict = { level: 'unknown', text: 'what was wrong at this moment was not kept', causes: [] };

/** Puts what was recorded in the place of what is sampled now, and leaves out what happened later. */
export function pastSnapshot(now: Snapshot, parts: PastParts): Snapshot {
  const { atMs, state, recordedFromMs, masters, workers, saturation, system } = parts;
  return {
    ...now,
    past: { recordedAt: iso(state?.atMs ?? null), recordedFrom: iso(recordedFromMs) },
    verdict: state?.verdict ?? NOT_KEPT,
    master: masters[0] ?? null,
    masters,
    // How fast memory grows is known of now alone.
    workers: workers.map((worker) => ({ ...worker, memorySlopeBytesPerHour: null })),
    workerExits: state?.exits ?? now.workerExits,
    saturation,
    traffic: { ...now.traffic, activeConnections: state?.processes?.activeConnections ?? null },
    errors: now.errors.filter(({ firstAt }) => firstAt === null || Date.parse(firstAt) <= atMs),
    alerts: state?.alerts ?? [],
    alertHistory: now.alertHistory.flatMap((firing) => firingAt(firing, atMs)),
    health: [],
    custom: [],
    endpoints: [],
    statsd: null,
    control: null,
    system,
  };
}

const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

/** As it was known then: it may still have been firing. */
function firingAt(firing: AlertFiring, atMs: number): readonly AlertFiring[] {
  const fromMs = Date.parse(firing.from);
  if (fromMs > atMs) return [];
  const hasEnded = firing.to !== null && Date.parse(firing.to) <= atMs;
  return [hasEnded ? firing : { ...firing, to: null, seconds: (atMs - fromMs) / 1000 }];
}

/** The part of a Snapshot that a view asked for of one worker or alert. */
export function tellRecorded(
  recorder: Recorder,
  subject: RecordedSubject,
  atMs: number,
): Partial<Pick<Snapshot, 'workerHistory' | 'alertValues'>> {
  return 'worker' in subject
    ? { workerHistory: recorder.worker(subject.worker, subject.startedAt, atMs) }
    : { alertValues: recorder.alert(subject.alert, atMs) };
}

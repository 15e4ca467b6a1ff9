/** Notices on their way through one channel: gathered into messages, tried again, never dropped in silence. */
import type { NotifiableAlert } from './alert.ts';
import { pauseMs } from './backoff.ts';
import { type Channel, failed, type Outcome } from './channel.ts';
import { madeVisible, namesOf } from './text.ts';

/** Notices that wait; beyond it the oldest are dropped, with a line that says so. */
export const MAX_WAITING = 1000;

/** Notices that arise within this time go out as one message. */
const GROUP_WAIT_MS = 1000;

/** A line about the sending of notices, for gtop's own log. It holds no secret. */
export interface NoticeLine {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

export interface OutboxOptions {
  readonly channel: Channel;
  /** Longest that one message may take. */
  readonly timeoutMs: number;
  readonly externalUrl: string;
  readonly log: (line: NoticeLine) => void;
  readonly now: () => number;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
  readonly onArrived: (alert: NotifiableAlert, atMs: number) => void;
  readonly onLost: (alert: NotifiableAlert, error: string) => void;
}

/** What is known of the sending. */
export interface OutboxStatus {
  /** Notices that wait or are under way. */
  readonly waiting: number;
  /** Notices that arrived, were refused, or were dropped because too many waited, since the start. */
  readonly sent: number;
  readonly refused: number;
  readonly dropped: number;
  readonly lastSentAtMs: number | null;
  /** What went wrong last; null when the message after it arrived. */
  readonly error: string | null;
  readonly errorAtMs: number | null;
  /** When the next try is due; null when none waits for one. */
  readonly nextTryAtMs: number | null;
}

/**
 * One channel's way out. At most one message is under way; what waits meanwhile goes into the next. It has no timer of
 * its own: whoever owns it calls `tick` about once a second. A channel that hangs holds up nothing but itself.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #label: string;
  /** By alert and firing, the longest waiting first. */
  #waiting: ReadonlyMap<string, NotifiableAlert>;
  #underWay: {
    readonly notices: ReadonlyMap<string, NotifiableAlert>;
    readonly done: Promise<void>;
    abort(): void;
  } | null = null;
  #notBeforeMs = 0;
  #failures = 0;
  #closed = false;
  #sent = 0;
  #refused = 0;
  #dropped = 0;
  #lastSentAtMs: number | null = null;
  #error: string | null = null;
  #errorAtMs: number | null = null;

  /** @param waiting what an earlier run left unsent. */
  constructor(options: OutboxOptions, waiting: readonly NotifiableAlert[] = []) {
    this.#options = options;
    this.#label = `notices to ${options.channel.name} (${options.channel.type})`;
    this.#waiting = byKey(waiting);
    this.#dropOldest();
  }

  /** Adds notices. One about the same firing of an alert that still waits is old news: the new one takes its place. */
  put(alerts: readonly NotifiableAlert[], nowMs: number): void {
    if (alerts.length === 0) return;
    if (this.#waiting.size === 0 && this.#failures === 0) this.#notBeforeMs = nowMs + GROUP_WAIT_MS;
    this.#waiting = new Map([...this.#waiting, ...byKey(alerts)]);
    this.#dropOldest();
  }

  /** Sends what is due. */
  tick(nowMs: number): void {
    if (this.#closed || this.#underWay !== null || this.#waiting.size === 0 || nowMs < this.#notBeforeMs) return;
    this.#send(nowMs);
  }

  /** What has not arrived yet, the oldest first. */
  unsent(): readonly NotifiableAlert[] {
    const underWay = this.#underWay?.notices ?? new Map();
    return [...new Map([...underWay, ...this.#waiting]).values()];
  }

  status(): OutboxStatus {
    const isWaiting = this.#waiting.size > 0 && this.#underWay === null;
    return {
      waiting: this.unsent().length,
      sent: this.#sent,
      refused: this.#refused,
      dropped: this.#dropped,
      lastSentAtMs: this.#lastSentAtMs,
      error: this.#error,
      errorAtMs: this.#errorAtMs,
      nextTryAtMs: isWaiting ? this.#notBeforeMs : null,
    };
  }

  /** Tries once more at once, waits at most so long, then gives up. What is left is named in a line. */
  async close(graceMs: number): Promise<void> {
    const endMs = performance.now() + graceMs;
    await this.#settled(endMs);
    if (this.#failures === 0 && this.#waiting.size > 0 && performance.now() < endMs) {
      this.#send(this.#options.now());
      await this.#settled(endMs);
    }
    this.#closed = true;
    this.#underWay?.abort();
    await this.#underWay?.done;
    const left = this.unsent();
    if (left.length > 0) this.#say('warning', `${count(left)} unsent at the end: ${namesOf(left.map(madeVisible))}`);
  }

  async #settled(endMs: number): Promise<void> {
    if (this.#underWay === null) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, endMs - performance.now()));
    });
    await Promise.race([this.#underWay.done, late]);
    clearTimeout(timer);
  }

  #send(nowMs: number): void {
    const { channel, externalUrl, timeoutMs } = this.#options;
    const all = [...this.#waiting];
    const notices = new Map(all.slice(0, channel.maxAlerts));
    this.#waiting = new Map(all.slice(channel.maxAlerts));
    const alerts = [...notices.values()];
    const batch = { receiver: channel.name, alerts: alerts.map(madeVisible), atMs: nowMs, externalUrl };
    const control = new AbortController();
    const done = withinTime((signal) => channel.send(batch, signal), timeoutMs, control).then((outcome) => {
      this.#underWay = null;
      if (outcome.ok) this.#succeed(alerts, outcome.remark);
      else this.#fail(notices, outcome);
    });
    this.#underWay = { notices, done, abort: () => control.abort() };
  }

  #succeed(alerts: readonly NotifiableAlert[], remark: string | undefined): void {
    const nowMs = this.#options.now();
    if (this.#failures > 0) this.#say('info', `arrive again, after ${this.#failures} failed tries`);
    if (remark !== undefined) this.#say('warning', remark);
    this.#failures = 0;
    this.#error = remark ?? null;
    this.#errorAtMs = remark === undefined ? null : nowMs;
    this.#sent += alerts.length;
    this.#lastSentAtMs = nowMs;
    for (const alert of alerts) this.#options.onArrived(alert, nowMs);
  }

  #fail(notices: ReadonlyMap<string, NotifiableAlert>, { error, retry, retryAfterMs }: Failure): void {
    const { now, random, onLost } = this.#options;
    const nowMs = now();
    const alerts = [...notices.values()];
    const isNews = this.#failures === 0 || this.#error !== error;
    this.#error = error;
    this.#errorAtMs = nowMs;
    for (const alert of alerts) onLost(alert, error);
    if (!retry) {
      this.#refused += alerts.length;
      this.#failures = 0;
      this.#say('error', `${error}: ${count(alerts)} lost: ${namesOf(alerts.map(madeVisible))}`);
      return;
    }
    this.#waiting = new Map([...notices, ...this.#waiting]);
    this.#dropOldest();
    this.#failures++;
    const pause = pauseMs(this.#failures, random(), retryAfterMs);
    this.#notBeforeMs = nowMs + pause;
    if (isNews && !this.#closed) {
      const again = `tried again in ${Math.ceil(pause / 1000)} s and then more and more seldom`;
      this.#say('warning', `${error}: ${count(this.unsent())} waiting, ${again}`);
    }
  }

  #dropOldest(): void {
    if (this.#waiting.size <= MAX_WAITING) return;
    const all = [...this.#waiting];
    const dropped = all.slice(0, -MAX_WAITING).map(([, alert]) => alert);
    this.#waiting = new Map(all.slice(-MAX_WAITING));
    this.#dropped += dropped.length;
    for (const alert of dropped) this.#options.onLost(alert, 'dropped: too many notices were waiting');
    const names = namesOf(dropped.map(madeVisible));
    this.#say('error', `more than ${MAX_WAITING} waiting: the oldest dropped, ${count(dropped)} lost: ${names}`);
  }

  #say(level: NoticeLine['level'], text: string): void {
    this.#options.log({ level, text: `${this.#label}: ${text}` });
  }
}

type Failure = Extract<Outcome, { ok: false }>;

/** Notices about one firing of one alert share a key. */
const byKey = (alerts: readonly NotifiableAlert[]): Map<string, NotifiableAlert> =>
  new Map(alerts.map((alert) => [`${alert.fingerprint} ${alert.startsAtMs}`, alert]));

const count = ({ length }: readonly unknown[]): string => `${length} ${length === 1 ? 'notice' : 'notices'}`;

/** Ends at the time limit, or with `control`, even when the channel pays no heed to its signal or throws. */
export async function withinTime(
  send: (signal: AbortSignal) => Promise<Outcome>,
  timeoutMs: number,
  control = new AbortController(),
): Promise<Outcome> {
  const { signal } = control;
  const late = new Promise<Outcome>((resolve) => {
    // After the channel's own answer to the signal, which knows more.
    const giveUp = (): void => void setTimeout(() => resolve(failed('no answer in time')), 100);
    signal.addEventListener('abort', giveUp, { once: true });
  });
  const timer = setTimeout(() => control.abort(), timeoutMs);
  try {
    return await Promise.race([send(signal), late]);
  } catch {
    return failed('failed in an unforeseen way');
  } finally {
    clearTimeout(timer);
  }
}

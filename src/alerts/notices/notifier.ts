/** Takes the alerts of every evaluation and sees to it that each channel hears of each of them once. */
import * as v from 'valibot';
import type { NotifiableAlert } from './alert.ts';
import type { Channel } from './channel.ts';
import { type ChannelConfig, createChannel } from './channels/index.ts';
import { type NotifyConfig, repeatSeconds, secretVariables } from './config.ts';
import { Ledger } from './ledger.ts';
import { type NoticeLine, Outbox, type OutboxStatus } from './outbox.ts';
import { type NotifierState, notifierState } from './state.ts';
import { namesOf } from './text.ts';

export interface NotifierOptions {
  /** For every alert that names no channels. */
  readonly channels: NotifyConfig;
  /** For alerts that name them alone: the channels of classical rules. */
  readonly ruleChannels?: NotifyConfig;
  /** Where this gtop can be reached, `http://host:9180`; empty when it listens nowhere. */
  readonly externalUrl?: string;
  readonly log: (line: NoticeLine) => void;
  /** What an earlier run left; from a file, hence anything. Null: there was none. */
  readonly state?: unknown;
  readonly now?: () => number;
  /** 0 ≤ random < 1. */
  readonly random?: () => number;
  /** For tests. */
  readonly create?: (name: string, config: ChannelConfig) => Channel;
}

export interface ChannelStatus extends OutboxStatus {
  readonly name: string;
  readonly type: string;
}

/** What one channel was told of one alert. */
export interface AlertDelivery {
  readonly channel: string;
  readonly type: string;
  /** What is wanted there: that it fires, or that it has resolved. */
  readonly state: 'firing' | 'resolved';
  /** What arrived last, and when; null: nothing yet. */
  readonly deliveredState: 'firing' | 'resolved' | null;
  readonly deliveredAtMs: number | null;
  /** Why the last notice has not arrived. */
  readonly error: string | null;
}

/** Plain data for the screen and the Snapshot. */
export interface NotifierStatus {
  readonly channels: readonly ChannelStatus[];
  /** By fingerprint: what was sent where. */
  readonly alerts: Readonly<Record<string, readonly AlertDelivery[]>>;
}

interface Line {
  readonly config: ChannelConfig;
  readonly type: string;
  /** Takes alerts that name no channel. */
  readonly isShared: boolean;
  readonly ledger: Ledger;
  readonly outbox: Outbox;
}

export class Notifier {
  readonly #lines = new Map<string, Line>();
  #revision = 0;

  constructor(options: NotifierOptions) {
    const { channels, ruleChannels = {}, log, now = Date.now, random = Math.random, externalUrl = '' } = options;
    const hidden = secretVariables(channels, ruleChannels);
    const create = options.create ?? ((name, config) => createChannel(name, config, hidden));
    const before = readState(options.state ?? null, log);
    for (const [name, config] of [...Object.entries(channels), ...Object.entries(ruleChannels)]) {
      const left = before[name];
      const ledger = new Ledger(repeatSeconds(config) * 1000, left?.entries);
      const channel = create(name, config);
      const outbox = new Outbox(
        {
          channel,
          timeoutMs: config.timeout * 1000,
          externalUrl,
          log,
          now,
          random,
          onArrived: (alert, atMs) => {
            ledger.arrived(alert, atMs);
            this.#revision++;
          },
          onLost: (alert, error) => {
            ledger.lost(alert, error);
            this.#revision++;
          },
        },
        left?.unsent,
      );
      this.#lines.set(name, { config, type: channel.type, isShared: Object.hasOwn(channels, name), ledger, outbox });
    }
    for (const [name, { unsent }] of Object.entries(before)) {
      if (this.#lines.has(name) || unsent.length === 0) continue;
      log({ level: 'error', text: `notices to ${name}: the channel is gone, and with it unsent: ${namesOf(unsent)}` });
    }
  }

  /** Rises whenever `state()` has changed: a reason to save it. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Takes all alerts that fire and those that have just resolved, at every evaluation; the same ones again do no harm.
   * @param nowMs time of the evaluation.
   */
  update(alerts: readonly NotifiableAlert[], nowMs: number): void {
    for (const [name, { config, isShared, ledger, outbox }] of this.#lines) {
      const mine = alerts.filter(
        ({ channels, severity }) =>
          (channels?.length ? channels.includes(name) : isShared) && (config.severities?.includes(severity) ?? true),
      );
      const due = ledger.note(mine, nowMs);
      if (due.length > 0) this.#revision++;
      outbox.put(config.send_resolved ? due : due.filter(({ state }) => state === 'firing'), nowMs);
    }
    this.tick(nowMs);
  }

  /** Sends what is due. To be called about once a second, also when no rule is evaluated. */
  tick(nowMs: number): void {
    for (const { outbox } of this.#lines.values()) outbox.tick(nowMs);
  }

  status(): NotifierStatus {
    const alerts: Record<string, AlertDelivery[]> = {};
    for (const [channel, { type, ledger }] of this.#lines) {
      for (const { alert, noticed, delivered, error } of ledger.entries()) {
        alerts[alert.fingerprint] ??= [];
        alerts[alert.fingerprint]?.push({
          channel,
          type,
          state: noticed,
          deliveredState: delivered?.state ?? null,
          deliveredAtMs: delivered?.atMs ?? null,
          error,
        });
      }
    }
    const channels = [...this.#lines].map(([name, { type, outbox }]) => ({ name, type, ...outbox.status() }));
    return { channels, alerts };
  }

  /** All that a later run needs so as to repeat nothing and forget nothing. Plain data without secrets. */
  state(): NotifierState {
    const channels = [...this.#lines].map(
      ([name, { ledger, outbox }]) => [name, { entries: ledger.entries(), unsent: outbox.unsent() }] as const,
    );
    return { version: 1, channels: Object.fromEntries(channels) };
  }

  /**
   * Sends what is still waiting, for so long at most, and ends. What is left unsent is in `state()`.
   * @param graceMs in the program's own time.
   */
  async close(graceMs: number): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ outbox }) => outbox.close(graceMs)));
  }
}

function readState(given: unknown, log: (line: NoticeLine) => void): NotifierState['channels'] {
  if (given === null) return {};
  const result = v.safeParse(notifierState, given);
  if (result.success) return result.output.channels;
  log({ level: 'warning', text: 'what was noted of earlier notices cannot be read: some may come twice' });
  return {};
}

/** The notifier, made anew when a classical file brings other channels. */
import { isDeepStrictEqual } from 'node:util';
import type { ClassicFile } from '../../alerts/classic/index.ts';
import type { AlertReport } from '../../alerts/index.ts';
import type { NoticeLine, Notifier, NotifyConfig } from '../../alerts/notices/index.ts';
import type { AlertNotice } from '../../model/snapshot.ts';
import type { AlertingConfig } from './config.ts';

const none: readonly AlertNotice[] = [];

export class Notices {
  readonly #config: AlertingConfig;
  readonly #log: (line: NoticeLine) => void;
  #notifier: Notifier | null = null;
  #ruleChannels: NotifyConfig = {};
  #warnings: string[] = [];
  #revision = -1;

  constructor(config: AlertingConfig, log: (line: NoticeLine) => void) {
    this.#config = config;
    this.#log = log;
  }

  /**
   * @param classics whose channels are to be had.
   * @param before what an earlier run left; undefined: this gtop tells nobody.
   */
  async open(classics: readonly ClassicFile[], before: unknown): Promise<void> {
    if (before === undefined) return;
    const own = classics.filter(({ channels }) => Object.keys(channels).length > 0);
    if (this.#config.channels === null && own.length === 0 && this.#notifier === null) return;
    const ruleChannels = Object.assign({}, ...own.map(({ channels }) => channels)) as NotifyConfig;
    const {
      Notifier: Made,
      notifyWarnings,
      packChannels,
      unpackChannels,
    } = await import('../../alerts/notices/index.ts');
    // With secrets in the clear: another password is another channel.
    const isSame = isDeepStrictEqual(packChannels(ruleChannels), packChannels(this.#ruleChannels));
    if (this.#notifier !== null && isSame) return;
    for (const { path, channels } of own) this.#warnings.push(...notifyWarnings(channels, path, 'rules'));
    const state = this.#notifier?.state() ?? before;
    void this.#notifier?.close(0);
    this.#ruleChannels = ruleChannels;
    this.#notifier = new Made({
      channels: this.#config.channels === null ? {} : unpackChannels(this.#config.channels),
      ruleChannels,
      externalUrl: this.#config.externalUrl,
      log: this.#log,
      state,
    });
    this.#revision = this.#notifier.revision;
  }

  /** What is careless about the channels of classical files, since the last call. */
  takeWarnings(): readonly string[] {
    return this.#warnings.splice(0);
  }

  update(reports: readonly AlertReport[], nowMs: number): void {
    if (this.#notifier === null) return;
    this.#notifier.update(
      reports.flatMap(({ notice }) => notice ?? []),
      nowMs,
    );
  }

  /** What was told of an alert, by its fingerprint. */
  told(): (fingerprint: string) => readonly AlertNotice[] {
    if (this.#notifier === null) return () => none;
    const { alerts } = this.#notifier.status();
    return (fingerprint) =>
      (alerts[fingerprint] ?? []).map(({ channel, type, state, deliveredState, deliveredAtMs, error }) => ({
        channel,
        type,
        state,
        delivered: deliveredState,
        deliveredAt: deliveredAtMs === null ? null : new Date(deliveredAtMs).toISOString(),
        error,
      }));
  }

  /** Whether there is something new to remember, since the last call. */
  hasChanged(): boolean {
    const revision = this.#notifier?.revision ?? this.#revision;
    const hasChanged = revision !== this.#revision;
    this.#revision = revision;
    return hasChanged;
  }

  /** For a next run; null without channels. */
  state(): unknown {
    return this.#notifier?.state() ?? null;
  }

  async close(graceMs: number): Promise<void> {
    await this.#notifier?.close(graceMs);
  }
}

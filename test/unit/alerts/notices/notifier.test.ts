import { inspect } from 'node:util';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../../src/alerts/notices/alert.ts';
import { failed, type Outcome, refused, SENT } from '../../../../src/alerts/notices/channel.ts';
import { type NotifiableAlert, Notifier, notifySchema } from '../../../../src/alerts/notices/index.ts';
import { MAX_WAITING } from '../../../../src/alerts/notices/outbox.ts';
import { closedPort } from '../../../support/receivers.ts';
import { alertOf, resolved, START } from './alerts.ts';

const CANARY = 'canary-5f1c';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Send = (batch: Batch, signal: AbortSignal) => Promise<Outcome>;

/** A notifier on a clock of its own, whose channels answer as told. */
class Bench {
  nowMs = START;
  /** `name: firing A, resolved B`, one for each message. */
  readonly messages: string[] = [];
  readonly batches: Batch[] = [];
  readonly lines: string[] = [];
  notifier: Notifier;
  readonly #settings: unknown;
  readonly #answers: Readonly<Record<string, Send>>;

  constructor(settings: unknown, answers: Readonly<Record<string, Send>> = {}, state: unknown = null) {
    this.#settings = settings;
    this.#answers = answers;
    this.notifier = this.#open(state);
  }

  restart(state: unknown = JSON.parse(JSON.stringify(this.notifier.state()))): void {
    this.notifier = this.#open(state);
  }

  #open(state: unknown): Notifier {
    return new Notifier({
      channels: v.parse(notifySchema, this.#settings),
      ruleChannels: v.parse(notifySchema, { own: WEBHOOK }),
      log: ({ level, text }) => this.lines.push(`${level}: ${text}`),
      now: () => this.nowMs,
      random: () => 0.999_999,
      state,
      create: (name, { type }) => ({
        name,
        type,
        maxAlerts: 100,
        send: (batch, signal) => {
          this.batches.push(batch);
          this.messages.push(`${name}: ${batch.alerts.map((alert) => `${alert.state} ${alert.name}`).join(', ')}`);
          return this.#answers[name]?.(batch, signal) ?? Promise.resolve(SENT);
        },
      }),
    });
  }

  /** Evaluations once a second with these alerts, as they are or as they are at each moment. */
  async run(
    seconds: number,
    alerts: readonly NotifiableAlert[] | ((second: number) => readonly NotifiableAlert[]),
  ): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.notifier.update(typeof alerts === 'function' ? alerts(second) : alerts, this.nowMs);
      await settle();
      this.nowMs += 1000;
    }
  }

  async tick(ms: number): Promise<void> {
    this.nowMs += ms;
    this.notifier.tick(this.nowMs);
    await settle();
  }

  status(name = 'a') {
    return this.notifier.status().channels.find((channel) => channel.name === name);
  }
}

/** Lets promises that are settled run what waits for them. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const WEBHOOK = { type: 'webhook', url: 'http://receiver.example/' };
const A = alertOf('A');
const B = alertOf('B');

describe('messages', () => {
  it('gather what arises within a second, one for each channel', async () => {
    const bench = new Bench({ a: WEBHOOK, b: WEBHOOK });
    await bench.run(3, (second) => (second === 0 ? [A] : [A, B]));
    expect(bench.messages).toEqual(['a: firing A, firing B', 'b: firing A, firing B']);
  });

  it('tell of an end as of a beginning', async () => {
    const bench = new Bench({ a: WEBHOOK });
    await bench.run(3, [A]);
    await bench.run(3, [resolved(A, bench.nowMs)]);
    expect(bench.messages).toEqual(['a: firing A', 'a: resolved A']);
    expect(bench.batches[1]?.alerts[0]).toMatchObject({ startsAtMs: START, endsAtMs: START + 3000 });
  });

  it('are not repeated while nothing changes, until four hours have passed', async () => {
    const bench = new Bench({ a: WEBHOOK });
    await bench.run(60, [A]);
    bench.nowMs = START + 4 * HOUR;
    await bench.run(60, [A]);
    expect(bench.messages).toEqual(['a: firing A', 'a: firing A']);
  });

  it('do not tell of ends where nobody wants to hear of them', async () => {
    const bench = new Bench({ a: { ...WEBHOOK, send_resolved: false } });
    await bench.run(3, [A]);
    await bench.run(3, [resolved(A, bench.nowMs)]);
    expect(bench.messages).toEqual(['a: firing A']);
  });

  it('carry text of strangers only in visible form, bounded, with the newlines of the author', async () => {
    const bench = new Bench({ a: WEBHOOK });
    const hostile = alertOf('A', {
      labels: { path: '/\x1b]0;owned\x07\n', long: 'x'.repeat(5000) },
      annotations: { description: 'one\ntwo \u202e' },
    });
    await bench.run(3, [hostile]);
    expect(bench.batches[0]?.alerts[0]).toMatchObject({
      labels: { path: '/\\x1b]0;owned\\x07\\x0a', long: `${'x'.repeat(2000)}…` },
      annotations: { description: 'one\ntwo \\u202e' },
    });
  });
});

describe('an alert goes', () => {
  it('to the channels that it names and to no others', async () => {
    const bench = new Bench({ a: WEBHOOK, b: WEBHOOK });
    await bench.run(3, [alertOf('A', { channels: ['own', 'b'] })]);
    expect(bench.messages).toEqual(['b: firing A', 'own: firing A']);
  });

  it('to all channels but those of rules when it names none', async () => {
    const bench = new Bench({ a: WEBHOOK, b: WEBHOOK });
    await bench.run(3, [A, alertOf('B', { channels: [] })]);
    expect(bench.messages).toEqual(['a: firing A, firing B', 'b: firing A, firing B']);
  });

  it('where its severity is wanted', async () => {
    const bench = new Bench({ a: { ...WEBHOOK, severities: ['critical'] }, b: WEBHOOK });
    await bench.run(3, [A, alertOf('W', { severity: 'warning' })]);
    expect(bench.messages).toEqual(['a: firing A', 'b: firing A, firing W']);
  });
});

describe('a channel that fails', () => {
  it('is tried again after 1, 2, 4 … seconds, and says so once', async () => {
    let failures = 5;
    const bench = new Bench({ a: WEBHOOK }, { a: async () => (failures-- > 0 ? failed('connection refused') : SENT) });
    const tries: number[] = [];
    for (let second = 0; second < 60; second++) {
      const before = bench.messages.length;
      await bench.run(1, [A]);
      if (bench.messages.length > before) tries.push(second);
    }
    expect(tries).toEqual([1, 2, 4, 8, 16, 32]);
    expect(bench.lines).toEqual([
      'warning: notices to a (webhook): connection refused: 1 notice waiting, tried again in 1 s and then more and more seldom',
      'info: notices to a (webhook): arrive again, after 5 failed tries',
    ]);
    expect(bench.status()).toMatchObject({ waiting: 0, sent: 1, refused: 0, error: null });
  });

  it('is left alone for as long as it asks', async () => {
    let first = true;
    const bench = new Bench(
      { a: WEBHOOK },
      {
        a: async () => {
          if (!first) return SENT;
          first = false;
          return failed('answers 429', 30_000);
        },
      },
    );
    await bench.run(30, [A]);
    expect(bench.messages).toHaveLength(1);
    await bench.run(3, [A]);
    expect(bench.messages).toHaveLength(2);
  });

  it('for good loses the notice with a line that names the alert, and is told of the next', async () => {
    const bench = new Bench({ a: WEBHOOK }, { a: async () => refused('answers 403') });
    await bench.run(10, [A]);
    await bench.run(3, [A, B]);
    expect(bench.messages).toEqual(['a: firing A', 'a: firing B']);
    expect(bench.lines).toEqual([
      'error: notices to a (webhook): answers 403: 1 notice lost: A',
      'error: notices to a (webhook): answers 403: 1 notice lost: B',
    ]);
    expect(bench.status()).toMatchObject({ waiting: 0, sent: 0, refused: 2, error: 'answers 403' });
  });

  it('by throwing is treated like any other', async () => {
    const bench = new Bench({ a: WEBHOOK }, { a: () => Promise.reject(new Error('canary')) });
    await bench.run(3, [A]);
    expect(bench.status()).toMatchObject({ waiting: 1, error: 'failed in an unforeseen way' });
    expect(bench.lines.join()).not.toContain('canary');
  });

  it('learns afterwards that an alert fired and resolved meanwhile', async () => {
    let isDown = true;
    const bench = new Bench({ a: WEBHOOK }, { a: async () => (isDown ? failed('answers 503') : SENT) });
    await bench.run(5, [A]);
    await bench.run(5, [resolved(A, bench.nowMs), B]);
    isDown = false;
    await bench.tick(HOUR);
    expect(bench.messages.at(-1)).toBe('a: resolved A, firing B');
    expect(bench.batches.at(-1)?.alerts[0]).toMatchObject({ startsAtMs: START, endsAtMs: START + 5000 });
  });

  it('while the end of the alert arrives is told of the end alone', async () => {
    const underWay: ((outcome: Outcome) => void)[] = [];
    const hangOnce: Send = () =>
      underWay.length > 0 ? Promise.resolve(SENT) : new Promise((resolve) => underWay.push(resolve));
    const bench = new Bench({ a: WEBHOOK }, { a: hangOnce });
    await bench.run(3, [A]);
    await bench.run(3, [resolved(A, bench.nowMs), B]);
    expect(bench.notifier.state().channels.a?.unsent).toMatchObject([{ state: 'resolved' }, { name: 'B' }]);
    underWay[0]?.(failed('answers 503'));
    await bench.tick(MINUTE);
    await bench.tick(MINUTE);
    expect(bench.messages).toEqual(['a: firing A', 'a: resolved A, firing B']);
  });

  it('keeps at most so many notices waiting: the oldest go, with a line that says so', async () => {
    const bench = new Bench({ a: WEBHOOK }, { a: async () => failed('answers 503') });
    const alerts = [...Array(MAX_WAITING + 3).keys()].map((i) => alertOf(`N${i}`));
    await bench.run(1, alerts);
    expect(bench.status()).toMatchObject({ waiting: MAX_WAITING, dropped: 3 });
    expect(bench.lines).toContain(
      `error: notices to a (webhook): more than ${MAX_WAITING} waiting: the oldest dropped, 3 notices lost: N0, N1, N2`,
    );
    await bench.run(1, alerts);
    expect(bench.status()).toMatchObject({ waiting: MAX_WAITING, dropped: 3 });
  });
});

describe('a channel that hangs', () => {
  const forever: Send = () => new Promise(() => {});

  it('delays none of the others', async () => {
    const bench = new Bench({ a: WEBHOOK, b: WEBHOOK }, { a: forever });
    await bench.run(3, [A]);
    await bench.run(3, [A, B]);
    expect(bench.messages).toEqual(['a: firing A', 'b: firing A', 'b: firing B']);
    expect(bench.status('a')).toMatchObject({ waiting: 2, sent: 0 });
  });

  it('is given up at its time limit even when it pays no heed to the signal', async () => {
    const bench = new Bench({ a: { ...WEBHOOK, timeout: 0.1 } }, { a: forever });
    await bench.run(2, [A]);
    await expect.poll(() => bench.status()?.error, { timeout: 5000 }).toBe('no answer in time');
    expect(bench.status()?.waiting).toBe(1);
  });

  it('does not hold up the end', async () => {
    const bench = new Bench({ a: WEBHOOK }, { a: forever });
    await bench.run(2, [A]);
    await bench.notifier.close(50);
    expect(bench.lines.at(-1)).toBe('warning: notices to a (webhook): 1 notice unsent at the end: A');
    expect(bench.notifier.state().channels.a?.unsent).toMatchObject([{ name: 'A' }]);
  });
});

it('sends at the end what has waited for company', async () => {
  const bench = new Bench({ a: WEBHOOK });
  await bench.run(1, [A]);
  expect(bench.messages).toEqual([]);
  await bench.notifier.close(1000);
  expect(bench.messages).toEqual(['a: firing A']);
});

describe('a restart', () => {
  it('repeats nothing', async () => {
    const bench = new Bench({ a: WEBHOOK });
    await bench.run(3, [A]);
    bench.restart();
    await bench.run(3, [A]);
    expect(bench.messages).toEqual(['a: firing A']);
  });

  it('tells of what ended meanwhile', async () => {
    const bench = new Bench({ a: WEBHOOK });
    await bench.run(3, [A]);
    bench.restart();
    await bench.run(3, [resolved(A, bench.nowMs)]);
    expect(bench.messages).toEqual(['a: firing A', 'a: resolved A']);
  });

  it('sends what was left unsent, once', async () => {
    let isDown = true;
    const bench = new Bench({ a: WEBHOOK }, { a: async () => (isDown ? failed('answers 503') : SENT) });
    await bench.run(3, [A]);
    const before = bench.messages.length;
    isDown = false;
    bench.restart();
    await bench.run(5, [A]);
    expect(bench.messages.slice(before)).toEqual(['a: firing A']);
  });

  it('without the channel of an unsent notice says what is lost', async () => {
    const bench = new Bench({ old: WEBHOOK }, { old: async () => failed('answers 503') });
    await bench.run(3, [A]);
    const lines: string[] = [];
    new Notifier({ channels: {}, log: ({ text }) => lines.push(text), state: bench.notifier.state() });
    expect(lines).toEqual(['notices to old: the channel is gone, and with it unsent: A']);
  });

  it.each([['rubbish'], [{ version: 2 }], [{ version: 1, channels: { a: { entries: [{}], unsent: [] } } }], [[]]])(
    'survives a state file that holds %j',
    async (state) => {
      const bench = new Bench({ a: WEBHOOK }, {}, state);
      await bench.run(3, [A]);
      expect(bench.messages).toEqual(['a: firing A']);
      expect(bench.lines).toEqual(['warning: what was noted of earlier notices cannot be read: some may come twice']);
    },
  );

  it('is announced by a revision that rises with every change', async () => {
    const bench = new Bench({ a: WEBHOOK });
    const revisions = [bench.notifier.revision];
    await bench.run(1, [A]);
    revisions.push(bench.notifier.revision);
    await bench.run(1, [A]);
    revisions.push(bench.notifier.revision);
    await bench.run(5, [A]);
    expect(revisions[1]).toBeGreaterThan(revisions[0] ?? 0);
    expect(revisions[2]).toBeGreaterThan(revisions[1] ?? 0);
    expect(bench.notifier.revision).toBe(revisions[2]);
  });
});

it('keeps secrets out of its lines, its status and its state', async () => {
  const refused = `http://127.0.0.1:${await closedPort()}`;
  const lines: unknown[] = [];
  const notifier = new Notifier({
    channels: v.parse(notifySchema, {
      slack: { type: 'slack', url: `${refused}/${CANARY}` },
      hook: { type: 'webhook', url: `http://me:${CANARY}@127.0.0.1:1/`, headers: { 'X-Key': CANARY } },
      mail: {
        type: 'email',
        host: '127.0.0.1',
        port: 1,
        username: 'me',
        password: CANARY,
        from: 'a@b.c',
        to: 'd@e.f',
      },
      gone: { type: 'slack', url_file: '/nowhere/url' },
    }),
    log: (line) => lines.push(line),
  });
  notifier.update([A], START);
  notifier.tick(START + 1000);
  await expect
    .poll(() => notifier.status().channels.map(({ error }) => error), { timeout: 10_000 })
    .toEqual(['connection refused', 'connection refused', 'connection refused', '/nowhere/url: no such file']);
  const all = inspect([lines, notifier.status(), notifier.state(), notifier], { depth: 99, showHidden: true });
  expect(lines).toHaveLength(4);
  expect(all + JSON.stringify([notifier.status(), notifier.state()])).not.toContain(CANARY);
});

it('tells per alert what was sent where', async () => {
  const bench = new Bench({ a: WEBHOOK, b: WEBHOOK }, { b: async () => failed('connection refused') });
  await bench.run(3, [A]);
  expect(bench.notifier.status().alerts).toEqual({
    'fp-A': [
      {
        channel: 'a',
        type: 'webhook',
        state: 'firing',
        deliveredState: 'firing',
        deliveredAtMs: START + 1000,
        error: null,
      },
      {
        channel: 'b',
        type: 'webhook',
        state: 'firing',
        deliveredState: null,
        deliveredAtMs: null,
        error: 'connection refused',
      },
    ],
  });
});

describe('whatever happens', () => {
  /** One alert that comes and goes, a channel that is up or down, restarts in between. */
  const step = fc.record({
    isFiring: fc.boolean(),
    isUp: fc.boolean(),
    restarts: fc.boolean(),
    seconds: fc.integer({ min: 1, max: 20 }),
  });

  it('firing and resolved arrive in turn, none twice, and in the end the receiver knows how things stand', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        let isUp = true;
        const arrived: string[] = [];
        const bench = new Bench(
          { a: { ...WEBHOOK, repeat: '30d' } },
          {
            a: async ({ alerts }) => {
              if (!isUp) return failed('answers 503');
              arrived.push(...alerts.map(({ state, startsAtMs }) => `${state} ${startsAtMs}`));
              return SENT;
            },
          },
        );
        let firing: NotifiableAlert | null = null;
        const reported = new Map<number, NotifiableAlert>();
        let isFiring = false;
        for (const now of steps) {
          isUp = now.isUp;
          if (now.restarts) bench.restart();
          if (now.isFiring && !isFiring) firing = { ...A, startsAtMs: bench.nowMs };
          if (!now.isFiring && isFiring && firing) firing = resolved(firing, bench.nowMs);
          isFiring = now.isFiring;
          if (firing) reported.set(firing.startsAtMs, firing);
          await bench.run(now.seconds, firing ? [firing] : []);
        }
        isUp = true;
        for (let minute = 0; minute < 15; minute++) {
          if (firing) bench.notifier.update([firing], bench.nowMs);
          await settle();
          await bench.tick(MINUTE);
        }
        expect(new Set(arrived).size).toBe(arrived.length);
        const last = [...reported.values()].at(-1);
        if (last) expect(arrived.at(-1)).toBe(`${last.state} ${last.startsAtMs}`);
        // Each firing was told of, by its beginning or, when that waited too long, by its end.
        for (const start of reported.keys()) expect(arrived.join()).toContain(String(start));
      }),
      { numRuns: 200 },
    );
  });
});

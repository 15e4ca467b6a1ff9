import { describe, expect, it } from 'vitest';
import { EngineSwitch } from '../../../src/cli/engine-switch.ts';
import type { EngineClient } from '../../../src/engine/client.ts';
import type { EngineConfig } from '../../../src/engine/config.ts';
import { collectGarbage } from '../../support/memory.ts';

/** Engines that answer when the test says so; each is known by its version. */
function bench() {
  const engines = new Map<string, { answer: (text: string) => void; fail: (text: string) => void; stopped: boolean }>();
  const configOf = (version: string) => ({ version }) as EngineConfig;
  const open = (config: { readonly version: string }): EngineClient => {
    let listener: (text: string) => void = () => {};
    const record = { answer: (_: string) => {}, fail: (text: string) => listener(text), stopped: false };
    engines.set(config.version, record);
    const request = () =>
      new Promise((resolve) => {
        record.answer = resolve;
      });
    return {
      request,
      onFailure: (listen: (text: string) => void) => {
        listener = listen;
      },
      onNotice: () => {},
      stop: async () => {
        record.stopped = true;
      },
    } as unknown as EngineClient;
  };
  const engineOf = (name: string) => engines.get(name) ?? expect.fail(`no engine ${name}`);
  const one = new EngineSwitch(configOf('a'), open as never);
  return { one, engineOf, change: (name: string) => one.change(configOf(name)) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('one engine at a time', () => {
  it('answers a question with the engine that is shown when the answer comes', async () => {
    const { one, engineOf, change } = bench();
    const asking = one.ask((engine) => engine.request({} as never) as unknown as Promise<string>);
    await turn();
    await change('b');
    expect(engineOf('a').stopped).toBe(true);
    engineOf('a').answer('of the first, too late');
    await turn();
    engineOf('b').answer('of the second');
    expect(await asking).toBe('of the second');
  });

  it('hears of the failure of the engine that is shown, and no more of one that was left', async () => {
    const { one, engineOf, change } = bench();
    const heard: string[] = [];
    one.onFailure((text) => heard.push(text));
    await turn();
    await change('b');
    engineOf('a').fail('old');
    engineOf('b').fail('new');
    await turn();
    expect(heard).toEqual(['new']);
  });

  it('keeps no answer: a dashboard asks once a second for days', async () => {
    const { one } = bench();
    const answers: WeakRef<object>[] = [];
    const answer = (): Promise<object> => {
      const snapshot = { generatedAt: 'now' };
      answers.push(new WeakRef(snapshot));
      return Promise.resolve(snapshot);
    };
    for (let count = 0; count < 100; count++) await one.ask(answer);
    await turn();
    collectGarbage();
    expect(answers.filter((each) => each.deref() !== undefined).length).toBeLessThan(3);
    await one.stop();
  });
});

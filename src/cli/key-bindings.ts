/** The section `keys` of the config file: a person's own keys, by command. */
import * as v from 'valibot';
import { COMMANDS } from '../ui/command-table.ts';
import { bindKeys } from '../ui/keymap.ts';
import { closest } from './config.ts';

const ITEM = 'must be a list of keys like [f, Ctrl-F, F1]';

/** One key stands for a list of one. */
const keyList = v.pipe(
  v.union([v.string(), v.number(), v.array(v.union([v.string(), v.number()], ITEM), ITEM)], ITEM),
  v.transform((keys) => (Array.isArray(keys) ? keys : [keys]).map(String)),
);

const FORM = 'must be lines of the form command: [keys]';

export const keysSchema: v.GenericSchema<unknown, Record<string, string[]>> = v.pipe(
  v.unknown(),
  v.check((keys) => !Array.isArray(keys), FORM),
  v.record(v.string(), keyList, FORM),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const bound = bindKeys(dataset.value);
    if (bound.ok) return;
    const { command, complaint } = bound;
    const isKnown = COMMANDS.some(({ name }) => name === command);
    const meant = isKnown
      ? null
      : closest(
          command,
          COMMANDS.map(({ name }) => name),
        );
    const input = dataset.value;
    addIssue({
      message: meant === null ? complaint : `${complaint}, did you mean '${meant}'?`,
      path: [{ type: 'object', origin: 'key', input, key: command, value: input[command] }],
    });
  }),
);

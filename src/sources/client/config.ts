/** What the sections of the config file that name addresses have in common. */
import * as v from 'valibot';
import { parseDurationSeconds } from '../../text/duration.ts';

/** `10s`, `500ms`, or a number of seconds. */
export function seconds(least: number, most: number) {
  const complaint = `must be a time from ${least}s to ${most}s, like 10s`;
  return v.pipe(
    v.union([v.string(), v.number()], complaint),
    v.transform((value) => parseDurationSeconds(String(value))),
    v.number(complaint),
    v.minValue(least, complaint),
    v.maxValue(most, complaint),
  );
}

/** A whole number. */
export function count(least: number, most: number) {
  const complaint = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(complaint), v.integer(complaint), v.minValue(least, complaint), v.maxValue(most, complaint));
}

const URL_FORM = 'must be an address like http://127.0.0.1:8000/health';

/** Complaints never quote it: a login in it is a secret. */
const httpUrl = v.pipe(
  v.string(URL_FORM),
  v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), URL_FORM),
  v.check((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return !url?.username && !url?.password;
  }, 'must not hold a login: it would show on the screen'),
);

const SOCKET = 'must be the path of a unix socket, like /run/gunicorn.sock';
const HOST = 'must be a name for the Host header, like shop.example.org';

/** How an HTTP request gets there. */
export const HTTP_ENTRIES = {
  url: httpUrl,
  socket: v.optional(v.nullable(v.pipe(v.string(SOCKET), v.regex(/^\/[^\0]+$/, SOCKET))), null),
  host: v.optional(v.nullable(v.pipe(v.string(HOST), v.regex(/^[\w.:[\]-]+$/, HOST))), null),
};

const NAME = 'each needs a name of letters, digits, dot, dash and _, at most 64';
/** The words in front are keys that valibot’s records leave out. */
const GOOD_NAME = /^(?!(?:constructor|prototype)$)[A-Za-z0-9][\w.-]{0,63}$/;

/** `initial_delay` and `initialDelay` are `initial-delay`. */
const kebab = (key: string): string =>
  key.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

type Settings = Readonly<Record<string, unknown>>;

/**
 * A section that names things: a map of them, or a list of them each with its `name`. Makes a list, in its order.
 * @param shape says what the section must be. @param expand makes settings of a bare string, its short form.
 */
export function named<T extends object>(
  schema: v.GenericSchema<unknown, T>,
  { shape, most, expand }: { shape: string; most: number; expand: (text: string) => Settings },
): v.GenericSchema<unknown, (T & { name: string })[]> {
  return v.pipe(
    // A record would leave out some keys in silence.
    v.custom<readonly unknown[] | Settings>((section) => typeof section === 'object' && section !== null, shape),
    v.transform((section) => pairsOf(section)),
    v.maxLength(most, `takes at most ${most}`),
    v.check((pairs) => pairs.every(([name]) => typeof name === 'string' && GOOD_NAME.test(name)), NAME),
    v.check((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length, 'two have the same name'),
    v.transform((pairs) => Object.fromEntries(pairs.map(([name, settings]) => [name, expanded(settings, expand)]))),
    v.record(v.string(), schema),
    v.transform((record) => Object.entries(record).map(([name, settings]) => ({ ...settings, name }))),
  );
}

function pairsOf(section: readonly unknown[] | Settings): readonly (readonly [unknown, unknown])[] {
  if (!Array.isArray(section)) return Object.entries(section);
  return section.map((item) => {
    if (typeof item !== 'object' || item === null) return [null, item];
    const { name, ...settings } = item as Settings;
    return [name, settings];
  });
}

function expanded(settings: unknown, expand: (text: string) => Settings): unknown {
  if (typeof settings === 'string') return expand(settings);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return {};
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [kebab(key), value]));
}

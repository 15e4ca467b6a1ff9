import { stringify } from 'yaml';
import { camelCase, type Settings } from './config.ts';
import { OPTIONS } from './options.ts';
import { DEFAULT_SECTIONS, SECTIONS } from './sections.ts';

const duration = (seconds: number): string => `${seconds}s`;

/** The settings in force as a config file that would give the same ones. */
export async function printSettings(settings: Settings): Promise<string> {
  const values = settings as unknown as Readonly<Record<string, unknown>>;
  const lines: Record<string, unknown> = {};
  for (const { key } of OPTIONS) {
    const value = values[camelCase(key)];
    if (value === null && key !== 'window') continue;
    if (key === 'window') lines[key] = value === null ? 'all' : duration(Number(value));
    else if (key === 'delay') lines[key] = duration(Number(value));
    else lines[key] = value;
  }
  const defaults = DEFAULT_SECTIONS as unknown as Readonly<Record<string, unknown>>;
  for (const { key, forFile = (value: unknown) => value } of SECTIONS) {
    const name = camelCase(key);
    if (values[name] !== defaults[name]) lines[key] = await forFile(values[name]);
  }
  return stringify(lines);
}

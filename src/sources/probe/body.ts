/** Takes a health endpoint's answer apart. It comes from outside: every part of what is kept is bounded. */
import type { HealthCheck } from '../../model/snapshot.ts';
import { type HealthLevel, levelOf, worst } from './words.ts';

export interface HealthBody {
  /** What the answer says of the whole; null when it says nothing. */
  readonly level: HealthLevel | null;
  /** The word it says it with. */
  readonly word: string | null;
  readonly checks: readonly HealthCheck[];
  /** The answer as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** Parts of an answer that are kept. */
const MOST_CHECKS = 50;
const MOST_CHARACTERS = 300;
/** A text that is a word, or a word and its reason; anything longer is a page. */
const BARE_WORD = /^[a-z_-]{1,30}(?:[.!]?$|: .{1,200}$)/i;

/** Fields that hold the parts, in the order they are looked for. */
const PART_FIELDS = ['checks', 'services', 'components', 'dependencies'];
/** Fields of a part that say more, likewise. */
const MESSAGE_FIELDS = ['message', 'error', 'output', 'detail', 'details', 'reason', 'description'];

const short = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;

/** @param text the body; a JSON object, a single word, or anything else, which says nothing. */
export function readHealthBody(text: string): HealthBody {
  const json = parseJson(text);
  if (isObject(json)) {
    const checks = checksOf(json);
    const said = typeof json.status === 'string' || typeof json.status === 'boolean' ? String(json.status) : null;
    const word = said === null ? null : short(said);
    return { level: overall(word, checks), word, checks, json };
  }
  const word = typeof json === 'string' || typeof json === 'boolean' ? String(json) : text.trim();
  const level = BARE_WORD.test(word) ? levelOf(word) : 'unknown';
  const isSilent = level === 'unknown';
  return { level: isSilent ? null : level, word: isSilent ? null : short(word), checks: [], json };
}

/** A whole that says ok of itself and has a bad part is degraded: it lives, and something is amiss. */
function overall(word: string | null, checks: readonly HealthCheck[]): HealthLevel | null {
  const parts = worst(checks.map(({ level }) => level));
  if (word === null) return checks.length === 0 ? null : parts;
  const said = levelOf(word);
  return said === 'ok' && (parts === 'error' || parts === 'degraded') ? 'degraded' : said;
}

function checksOf(body: Readonly<Record<string, unknown>>): HealthCheck[] {
  const field = PART_FIELDS.find((name) => typeof body[name] === 'object' && body[name] !== null);
  if (field === undefined) return [];
  const parts = body[field];
  const pairs: [string, unknown][] = Array.isArray(parts)
    ? parts.map((part, index) => [isObject(part) && typeof part.name === 'string' ? part.name : String(index), part])
    : Object.entries(parts as object);
  return pairs.slice(0, MOST_CHECKS).map(([name, part]) => checkOf(short(name), part));
}

function checkOf(name: string, part: unknown): HealthCheck {
  // health+json has a list of observations for each part: the first stands for it.
  const first = Array.isArray(part) ? part[0] : part;
  if (isObject(first)) {
    const { status } = first;
    const said = typeof status === 'string' || typeof status === 'boolean' ? String(status) : 'unknown';
    return { name, status: short(said), level: levelOf(said), message: messageOf(first) };
  }
  if (typeof first !== 'string') {
    const said = typeof first === 'boolean' ? String(first) : 'unknown';
    return { name, status: said, level: levelOf(said), message: null };
  }
  // `unhealthy: connection refused` is a word and its reason.
  const [, word = first, reason] = /^([\w -]{1,30}?)\s*:\s+(.+)$/s.exec(first) ?? [];
  return { name, status: short(word), level: levelOf(first), message: reason === undefined ? null : short(reason) };
}

function messageOf(part: Readonly<Record<string, unknown>>): string | null {
  for (const field of MESSAGE_FIELDS) {
    const value = part[field];
    if (typeof value === 'string' && value !== '') return short(value);
  }
  return null;
}

/** Undefined when it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a dotted path of a JSON answer; undefined when there is none. Fields that hold dots go first. */
export function fieldAt(json: unknown, path: string): unknown {
  if (typeof json !== 'object' || json === null) return undefined;
  if (Object.hasOwn(json, path)) return (json as Readonly<Record<string, unknown>>)[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const head = path.slice(0, dot);
  if (!Object.hasOwn(json, head)) return undefined;
  return fieldAt((json as Readonly<Record<string, unknown>>)[head], path.slice(dot + 1));
}

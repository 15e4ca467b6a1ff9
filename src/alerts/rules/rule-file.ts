/** Reads Prometheus' rule files, as strict as Prometheus is (`model/rulefmt/rulefmt.go`). */
import { PromqlError, UnbuiltError } from '../promql/errors.ts';
import { parseDurationMs } from '../promql/numbers.ts';
import { parseExpr } from '../promql/parse/index.ts';
import type { GroupSpec, LoadedRules, RefusedRule, RuleSpec, Templates } from './rule.ts';
import { failedTemplate, readTemplate, type Template, TemplateError, UnbuiltTemplateError } from './templates/index.ts';
import { readYaml, YamlError, type YamlMap, type YamlTree } from './yaml-tree.ts';

const MAX_RULES = 2000;
/** gtop looks at everything once a second: more often there is nothing new to evaluate. */
const LEAST_INTERVAL_MS = 1000;

const FILE_KEYS = ['groups'];
const GROUP_KEYS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
/** What of a rule only alerts have. */
const ALERT_KEYS = ['for', 'keep_firing_for', 'annotations'];

/**
 * @param path for messages.
 * @returns the rules, or every problem of the file: one bad rule makes a file bad, as in Prometheus. One that Prometheus
 * would take and gtop cannot evaluate is none: it is left out, and the reason kept.
 */
export async function readRuleFile(path: string, text: string): Promise<LoadedRules> {
  const problems = new Problems(path);
  try {
    const tree = await readYaml(text);
    const groups = tree === null || isLeftOut(tree) ? [] : readGroups(tree, problems.at(tree.line));
    return problems.found.length > 0 ? { ok: false, problems: problems.found } : { ok: true, file: { path, groups } };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    problems.at(error.line).add(error.message);
    return { ok: false, problems: problems.found };
  }
}

/** Problems of one file, and the place that is being read. */
class Problems {
  readonly found: string[] = [];
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  at(line: number, ...names: readonly string[]): Place {
    return {
      line,
      add: (message, own = line) => {
        this.found.push([`${this.#path}:${own}`, ...(names.length > 0 ? [names.join(', ')] : []), message].join(': '));
      },
      inside: (innerLine, name) => this.at(innerLine, ...names, name),
    };
  }
}

interface Place {
  readonly line: number;
  add(message: string, line?: number): void;
  inside(line: number, name: string): Place;
}

function readGroups(tree: YamlTree, place: Place): readonly GroupSpec[] {
  const map = mapOf(tree, place, 'a rule file', FILE_KEYS);
  const items = listOf(map?.entries.get('groups'), place, 'groups');
  const groups = items.map((item) => readGroup(item, place));
  const seen = new Set<string>();
  for (const [index, group] of groups.entries()) {
    if (group === null) continue;
    if (seen.has(group.name)) place.add(`two groups are called ${quoted(group.name)}`, items[index]?.line);
    seen.add(group.name);
  }
  const found = groups.filter((group) => group !== null);
  if (found.reduce((sum, { rules }) => sum + rules.length, 0) > MAX_RULES) place.add(`more than ${MAX_RULES} rules`);
  return found;
}

function readGroup(tree: YamlTree, filePlace: Place): GroupSpec | null {
  const map = mapOf(tree, filePlace, 'a group', GROUP_KEYS);
  if (map === null) return null;
  const name = textAt(map, 'name', filePlace);
  if (!name) {
    filePlace.add('a group without a name', map.line);
    return null;
  }
  const place = filePlace.inside(map.line, `group ${quoted(name)}`);
  // Nothing asked for, as in Prometheus (`rules/manager.go`).
  const wantedMs = durationAt(map, 'interval', place) || null;
  const labels = labelsAt(map, 'labels', place);
  const rules = listOf(map.entries.get('rules'), place, 'rules').map((rule) => readRule(rule, labels, place));
  return {
    name,
    intervalMs: wantedMs && Math.max(wantedMs, LEAST_INTERVAL_MS),
    wantedIntervalMs: wantedMs,
    queryOffsetMs: durationAt(map, 'query_offset', place) ?? 0,
    limit: wholeNumberAt(map, 'limit', place),
    rules: rules.flatMap((rule) => (rule !== null && 'expr' in rule ? [rule] : [])),
    refused: rules.flatMap((rule) => (rule !== null && 'reason' in rule ? [rule] : [])),
  };
}

function readRule(
  tree: YamlTree,
  groupLabels: ReadonlyMap<string, string>,
  groupPlace: Place,
): RuleSpec | RefusedRule | null {
  const map = mapOf(tree, calledPlace(tree, groupPlace), 'a rule', RULE_KEYS);
  if (map === null) return null;
  const alert = textAt(map, 'alert', groupPlace);
  const record = textAt(map, 'record', groupPlace);
  if (!alert === !record) {
    groupPlace.add(
      alert ? 'a rule is either an alert or a record, not both' : 'a rule needs alert or record',
      map.line,
    );
    return null;
  }
  const name = alert || record || '';
  const place = groupPlace.inside(map.line, `rule ${quoted(name)}`);
  const labels = new Map([...groupLabels, ...labelsAt(map, 'labels', place)]);
  const text = textAt(map, 'expr', place)?.trim() ?? '';
  const expr = readExpr(text, map, place);
  const shared = { name, text, line: map.line };
  if (record) {
    for (const key of ALERT_KEYS.filter((each) => map.entries.has(each))) place.add(`a record takes no ${key}`);
    if (/[{}\s]/.test(name)) place.add(`${quoted(name)} is not a name for a metric`);
    if (expr instanceof UnbuiltError) return { kind: 'record', ...shared, reason: sayFault(text, expr) };
    return expr && { kind: 'record', ...shared, expr, labels };
  }
  const unbuilt: string[] = [];
  const alerting = {
    forMs: durationAt(map, 'for', place) ?? 0,
    keepFiringForMs: durationAt(map, 'keep_firing_for', place) ?? 0,
    labels: templatesOf(labels, 'label', place, unbuilt),
    annotations: templatesOf(textsAt(map, 'annotations', place), 'annotation', place, unbuilt),
    unbuilt,
  };
  if (expr instanceof UnbuiltError) return { kind: 'alert', ...shared, reason: sayFault(text, expr) };
  return expr && { kind: 'alert', ...shared, expr, labelTexts: labels, ...alerting };
}

/** The place of a rule before it is known to be one. */
function calledPlace(tree: YamlTree, groupPlace: Place): Place {
  const name = tree.kind === 'map' ? (tree.entries.get('alert') ?? tree.entries.get('record')) : undefined;
  return name?.kind === 'scalar' ? groupPlace.inside(tree.line, `rule ${quoted(name.text ?? '')}`) : groupPlace;
}

function readExpr(text: string, map: YamlMap, place: Place): RuleSpec['expr'] | UnbuiltError | null {
  const line = map.entries.get('expr')?.line;
  if (text === '') {
    place.add('needs expr', line);
    return null;
  }
  try {
    return parseExpr(text);
  } catch (error) {
    if (error instanceof UnbuiltError) return error;
    if (!(error instanceof PromqlError)) throw error;
    place.add(`expr: ${sayFault(text, error)}`, line);
    return null;
  }
}

const sayFault = (text: string, { message, position }: PromqlError): string =>
  position === null ? message : `${message} (${placeIn(text, position)})`;

/** `character 12`, of several lines `line 2, character 5`; as people count. */
function placeIn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  const character = `character ${(before.at(-1) ?? '').length + 1}`;
  return text.includes('\n') ? `line ${before.length}, ${character}` : character;
}

/** @param unbuilt takes what is no mistake and yet cannot be carried out: no alert is lost over its description. */
function templatesOf(texts: ReadonlyMap<string, string>, what: string, place: Place, unbuilt: string[]): Templates {
  const templates = new Map<string, Template>();
  for (const [name, text] of texts) {
    try {
      templates.set(name, readTemplate(text));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const problem = `${what} ${quoted(name)}: ${error.message}`;
      if (error instanceof UnbuiltTemplateError) {
        templates.set(name, failedTemplate(error.message));
        unbuilt.push(problem);
      } else place.add(problem);
    }
  }
  return templates;
}

function labelsAt(map: YamlMap, key: string, place: Place): ReadonlyMap<string, string> {
  const labels = textsAt(map, key, place);
  if (labels.has('__name__')) place.add(`${key}: __name__ cannot be set`);
  return labels;
}

function textsAt(map: YamlMap, key: string, place: Place): ReadonlyMap<string, string> {
  const tree = map.entries.get(key);
  const texts = new Map<string, string>();
  if (tree === undefined || isNothing(tree)) return texts;
  if (tree.kind !== 'map') {
    place.add(`${key}: must be a map of names and texts`, tree.line);
    return texts;
  }
  for (const [name, value] of tree.entries) {
    if (name === '') place.add(`${key}: a name that is empty`, value.line);
    else if (value.kind !== 'scalar') place.add(`${key}: ${quoted(name)} must be text`, value.line);
    else texts.set(name, value.text ?? '');
  }
  return texts;
}

/** Undefined where it is not there. */
function textAt(map: YamlMap, key: string, place: Place): string | undefined {
  const tree = map.entries.get(key);
  if (tree === undefined) return undefined;
  if (tree.kind === 'scalar') return tree.text ?? '';
  place.add(`${key}: must be text`, tree.line);
  return undefined;
}

function durationAt(map: YamlMap, key: string, place: Place): number | null {
  const text = isLeftOut(map.entries.get(key)) ? undefined : textAt(map, key, place);
  if (text === undefined) return null;
  const durationMs = text === '0' ? 0 : parseDurationMs(text);
  if (durationMs === null) {
    place.add(`${key}: ${quoted(text)} is not a duration: write 30s, 5m or 1h30m`, map.entries.get(key)?.line);
  }
  return durationMs;
}

function wholeNumberAt(map: YamlMap, key: string, place: Place): number {
  const text = isLeftOut(map.entries.get(key)) ? '0' : (textAt(map, key, place) ?? '0');
  if (/^-?\d{1,9}$/.test(text)) return Math.max(0, Number(text));
  place.add(`${key}: ${quoted(text)} is not a whole number`, map.entries.get(key)?.line);
  return 0;
}

function mapOf(tree: YamlTree, place: Place, what: string, keys: readonly string[]): YamlMap | null {
  if (tree.kind !== 'map') {
    place.add(`${what} must hold ${keys.join(', ')}`, tree.line);
    return null;
  }
  for (const [key, { line }] of tree.entries) {
    if (!keys.includes(key)) place.add(`${what} has no field ${quoted(key)}: there are ${keys.join(', ')}`, line);
  }
  return tree;
}

function listOf(tree: YamlTree | undefined, place: Place, key: string): readonly YamlTree[] {
  if (tree === undefined || isNothing(tree)) return [];
  if (tree.kind === 'list') return tree.items;
  place.add(`${key}: must be a list`, tree.line);
  return [];
}

/** A key with nothing behind it, as in `for:`, is as good as none. */
const isLeftOut = (tree: YamlTree | undefined): boolean => tree?.kind === 'scalar' && tree.text === null;

const isNothing = (tree: YamlTree): boolean => tree.kind === 'scalar' && (tree.text ?? '') === '';

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

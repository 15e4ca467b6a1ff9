/** Carries out a template. */
import { TEMPLATE_FUNCTIONS, type TemplateContext } from './functions.ts';
import type { Command, Operand, Pipe, TemplateNode } from './parser.ts';
import { GoInt, GoStruct, type GoValue, isTrue, printedOf, TemplateError, textOf, typeName } from './values.ts';

/** A message longer than this is none; `range` over many series makes it. */
const MAX_LENGTH = 64 * 1024;

interface Scope {
  readonly variables: Map<string, GoValue>;
  readonly outer: Scope | null;
}

interface Run {
  readonly context: TemplateContext;
  text: string;
}

/**
 * @param root what `.` and `$` are. @param variables by name, without `$`.
 * @throws TemplateError or what a query throws.
 */
export function executeTemplate(
  nodes: readonly TemplateNode[],
  root: GoStruct,
  variables: ReadonlyMap<string, GoValue>,
  context: TemplateContext,
): string {
  const run: Run = { context, text: '' };
  executeNodes(run, nodes, root, { variables: new Map([...variables, ['', root]]), outer: null });
  return run.text;
}

function executeNodes(run: Run, nodes: readonly TemplateNode[], dot: GoValue, scope: Scope): void {
  for (const node of nodes) {
    if (node.kind === 'text') write(run, node.text);
    else if (node.kind === 'action') executeAction(run, node.pipe, dot, scope);
    else executeBlock(run, node, dot, { variables: new Map(), outer: scope });
  }
}

function executeAction(run: Run, pipe: Pipe, dot: GoValue, scope: Scope): void {
  const value = valueOfPipe(run, pipe, dot, scope);
  if (pipe.variables.length > 0) assign(pipe, [value], scope);
  else write(run, printedOf(value));
}

function executeBlock(
  run: Run,
  { kind, pipe, body, otherwise }: TemplateNode & { readonly kind: 'if' | 'with' | 'range' },
  dot: GoValue,
  scope: Scope,
): void {
  const value = valueOfPipe(run, pipe, dot, scope);
  if (kind === 'range') {
    const items = itemsOf(value);
    if (items.length === 0) executeNodes(run, otherwise, dot, scope);
    for (const [key, item] of items) {
      const inner = { variables: new Map(), outer: scope };
      assign(pipe, pipe.variables.length === 2 ? [key, item] : [item], inner);
      executeNodes(run, body, item, inner);
    }
    return;
  }
  if (pipe.variables.length > 0) assign(pipe, [value], scope);
  if (!isTrue(value)) executeNodes(run, otherwise, dot, scope);
  else executeNodes(run, body, kind === 'with' ? value : dot, scope);
}

function itemsOf(value: GoValue): readonly (readonly [GoValue, GoValue])[] {
  if (value === null) return [];
  if (value instanceof Map) return ([...value] as [string, GoValue][]).sort(([a], [b]) => (a < b ? -1 : 1));
  if (Array.isArray(value)) return value.map((item: GoValue, index) => [new GoInt(index), item] as const);
  throw new TemplateError(`range can't iterate over ${textOf(value)}`);
}

function assign({ variables, declares }: Pipe, values: readonly GoValue[], scope: Scope): void {
  for (const [index, name] of variables.entries()) {
    const value = values[index] ?? null;
    let holder: Scope | null = scope;
    while (!declares && holder !== null && !holder.variables.has(name)) holder = holder.outer;
    (holder ?? scope).variables.set(name, value);
  }
}

function valueOfPipe(run: Run, pipe: Pipe, dot: GoValue, scope: Scope): GoValue {
  let value: GoValue | undefined;
  for (const command of pipe.commands) value = valueOfCommand(run, command, value, dot, scope);
  return value ?? null;
}

function valueOfCommand(run: Run, command: Command, last: GoValue | undefined, dot: GoValue, scope: Scope): GoValue {
  const [first, ...rest] = command;
  if (first === undefined) throw new TemplateError('missing value for command');
  if (first.kind !== 'function') {
    if (rest.length > 0) throw new TemplateError('only functions take arguments');
    return valueOfOperand(run, first, dot, scope);
  }
  const args = rest.map((operand) => valueOfOperand(run, operand, dot, scope));
  return call(run, first.name, last === undefined ? args : [...args, last]);
}

function valueOfOperand(run: Run, operand: Operand, dot: GoValue, scope: Scope): GoValue {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'function':
      return call(run, operand.name, []);
    case 'field':
      return operand.path.reduce(fieldOf, dot);
    case 'pipe':
      return operand.path.reduce(fieldOf, valueOfPipe(run, operand.pipe, dot, scope));
    case 'variable':
      return operand.path.reduce(fieldOf, variableOf(operand.name, scope));
  }
}

function variableOf(name: string, scope: Scope): GoValue {
  for (let holder: Scope | null = scope; holder !== null; holder = holder.outer) {
    const value = holder.variables.get(name);
    if (value !== undefined) return value;
  }
  throw new TemplateError(`undefined variable: $${name}`);
}

function fieldOf(value: GoValue, name: string): GoValue {
  // A label that is not there is empty: Prometheus sets `missingkey=zero`.
  if (value instanceof Map) return value.get(name) ?? '';
  const field = value instanceof GoStruct ? value.fields.get(name) : undefined;
  if (field === undefined) throw new TemplateError(`can't evaluate field ${name} in type ${typeName(value)}`);
  return field;
}

function call({ context }: Run, name: string, args: readonly GoValue[]): GoValue {
  const definition = TEMPLATE_FUNCTIONS.get(name);
  if (definition === undefined) throw new TemplateError(`function "${name}" is not supported`);
  const { least, most } = definition;
  if (args.length < least || args.length > most) {
    const want = least === most ? String(least) : `at least ${least}`;
    throw new TemplateError(`wrong number of args for ${name}: want ${want} got ${args.length}`);
  }
  try {
    return definition.call(args, context);
  } catch (error) {
    throw new TemplateError(`error calling ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function write(run: Run, text: string): void {
  run.text += text;
  if (run.text.length > MAX_LENGTH) throw new TemplateError(`the text is longer than ${MAX_LENGTH} characters`);
}

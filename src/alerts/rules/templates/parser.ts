/** Reads templates: the part of Go's `text/template` that labels and annotations of rules use. */
import { TEMPLATE_FUNCTIONS } from './functions.ts';
import { type Piece, piecesOf, type Token } from './lexer.ts';
import { type GoValue, TemplateError, UnbuiltTemplateError } from './values.ts';

export type Operand =
  | { readonly kind: 'literal'; readonly value: GoValue }
  | { readonly kind: 'function'; readonly name: string }
  /** `.`, `.Labels.path`. */
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly path: readonly string[] };

/** An operand with its arguments. */
export type Command = readonly Operand[];

export interface Pipe {
  readonly commands: readonly Command[];
  /** Variables that take its value: one, or two in `range`. */
  readonly variables: readonly string[];
  /** `:=` makes them, `=` changes them. */
  readonly declares: boolean;
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipe: Pipe;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

const BLOCKS = ['if', 'with', 'range'] as const;
/** Keywords of Go's templates that nothing in a rule needs. */
const REFUSED: readonly string[] = ['define', 'template', 'block', 'break', 'continue'];
/** Functions of Prometheus' templates (`template/template.go`, `text/template`) that are not built. */
const UNBUILT: readonly string[] = ['toDuration', 'call'];
const MAX_LENGTH = 64 * 1024;
const MAX_DEPTH = 50;

/** What Prometheus puts in front of every template. */
const GIVEN_VARIABLES = ['', 'labels', 'externalLabels', 'externalURL', 'value'];

type End = 'end' | 'else' | 'eof';

/** @throws TemplateError */
export function parseTemplate(text: string): readonly TemplateNode[] {
  if (text.length > MAX_LENGTH) throw new TemplateError(`longer than ${MAX_LENGTH} characters`);
  if (!text.includes('{{')) return text === '' ? [] : [{ kind: 'text', text }];
  const parser = new Parser(piecesOf(text));
  const { nodes, end } = parser.block(0);
  if (end !== 'eof') throw new TemplateError(`unexpected {{${end}}}`);
  return nodes;
}

class Parser {
  readonly #pieces: readonly Piece[];
  #piece = 0;
  #tokens: readonly Token[] = [];
  #token = 0;
  /** Names in force, by block. */
  #scopes: string[][] = [[...GIVEN_VARIABLES]];

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  block(depth: number): { nodes: TemplateNode[]; end: End } {
    if (depth > MAX_DEPTH) throw new TemplateError('nested too deeply');
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#piece++];
      if (piece === undefined) return { nodes, end: 'eof' };
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      [this.#tokens, this.#token] = [piece.tokens, 0];
      const keyword = this.#keyword();
      if (keyword === 'end' || keyword === 'else') {
        if (keyword === 'end') this.#expectEnd();
        return { nodes, end: keyword };
      }
      const block = BLOCKS.find((name) => name === keyword);
      if (block !== undefined) nodes.push(this.#blockNode(block, depth));
      else nodes.push({ kind: 'action', pipe: this.#wholePipe(false) });
    }
  }

  #blockNode(kind: (typeof BLOCKS)[number], depth: number): TemplateNode {
    this.#scopes.push([]);
    const pipe = this.#wholePipe(kind === 'range');
    const body = this.block(depth + 1);
    let otherwise: readonly TemplateNode[] = [];
    if (body.end === 'else') {
      const next = this.#peek();
      if (next?.kind === 'word' && (next.name === 'if' || next.name === 'with')) {
        this.#token++;
        otherwise = [this.#blockNode(next.name, depth + 1)];
        this.#scopes.pop();
        return { kind, pipe, body: body.nodes, otherwise };
      }
      this.#expectEnd();
      const rest = this.block(depth + 1);
      if (rest.end === 'else') throw new TemplateError(`a second {{else}} in one {{${kind}}}`);
      otherwise = rest.nodes;
      if (rest.end === 'eof') throw new TemplateError(`{{${kind}}} without {{end}}`);
    }
    if (body.end === 'eof') throw new TemplateError(`{{${kind}}} without {{end}}`);
    this.#scopes.pop();
    return { kind, pipe, body: body.nodes, otherwise };
  }

  #keyword(): string | null {
    const token = this.#peek();
    if (token?.kind !== 'word') return null;
    if (REFUSED.includes(token.name)) throw new UnbuiltTemplateError(`{{${token.name}}} is not supported`);
    if (token.name !== 'end' && token.name !== 'else' && !BLOCKS.some((name) => name === token.name)) return null;
    this.#token++;
    return token.name;
  }

  #wholePipe(isRange: boolean): Pipe {
    const { variables, declares } = this.#declaration(isRange);
    const pipe = { commands: this.#commands(), variables, declares };
    this.#expectEnd();
    if (declares) this.#scopes.at(-1)?.push(...variables);
    return pipe;
  }

  #declaration(isRange: boolean): { variables: string[]; declares: boolean } {
    const start = this.#token;
    const variables: string[] = [];
    for (;;) {
      const token = this.#peek();
      if (token?.kind !== 'variable') break;
      this.#token++;
      variables.push(token.name);
      if (this.#takeSign(':=')) return { variables, declares: true };
      if (this.#takeSign('=')) {
        for (const name of variables) this.#known(name);
        return { variables, declares: false };
      }
      if (!(isRange && variables.length < 2 && this.#takeSign(','))) break;
    }
    this.#token = start;
    return { variables: [], declares: false };
  }

  #commands(): Command[] {
    const commands: Command[] = [];
    do {
      const command: Operand[] = [];
      for (let operand = this.#operand(); operand !== null; operand = this.#operand()) command.push(operand);
      if (command.length === 0) throw new TemplateError('missing value for command');
      const [first] = command;
      if (commands.length > 0 && first?.kind !== 'function') {
        throw new TemplateError('only a function can stand behind |');
      }
      commands.push(command);
    } while (this.#takeSign('|'));
    return commands;
  }

  #operand(): Operand | null {
    const token = this.#peek();
    if (token === undefined) return null;
    if (token.kind === 'sign') {
      if (token.sign === '|' || token.sign === ')') return null;
      if (token.sign !== '(') throw new TemplateError(`unexpected ${token.sign}`);
      this.#token++;
      const pipe = { commands: this.#commands(), variables: [], declares: false };
      if (!this.#takeSign(')')) throw new TemplateError('unclosed left parenthesis');
      const path = this.#path();
      const last = pipe.commands.at(-1)?.[0];
      if (path.length > 0 && last?.kind === 'function' && last.name === 'toTime') {
        throw new UnbuiltTemplateError(`method .${path[0]} of a time is not supported`);
      }
      return { kind: 'pipe', pipe, path };
    }
    this.#token++;
    switch (token.kind) {
      case 'literal':
        return token;
      case 'dot':
        return { kind: 'field', path: [] };
      case 'field':
        return { kind: 'field', path: [token.name, ...this.#path()] };
      case 'variable':
        this.#known(token.name);
        return { kind: 'variable', name: token.name, path: this.#path() };
      case 'word':
        return wordOperand(token.name);
    }
  }

  /** Fields right behind an operand. */
  #path(): string[] {
    const path: string[] = [];
    for (let token = this.#peek(); token?.kind === 'field' && token.isAttached; token = this.#peek()) {
      path.push(token.name);
      this.#token++;
    }
    return path;
  }

  #known(name: string): void {
    if (!this.#scopes.some((scope) => scope.includes(name))) throw new TemplateError(`undefined variable "$${name}"`);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#token];
  }

  #takeSign(sign: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'sign' || token.sign !== sign) return false;
    this.#token++;
    return true;
  }

  #expectEnd(): void {
    const token = this.#peek();
    if (token === undefined) return;
    throw new TemplateError(token.kind === 'sign' ? `unexpected ${token.sign}` : 'unexpected word in an action');
  }
}

const CONSTANTS: ReadonlyMap<string, GoValue> = new Map<string, GoValue>([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

function wordOperand(name: string): Operand {
  const value = CONSTANTS.get(name);
  if (value !== undefined) return { kind: 'literal', value };
  if (UNBUILT.includes(name)) throw new UnbuiltTemplateError(`function "${name}" is not supported`);
  if (!TEMPLATE_FUNCTIONS.has(name)) throw new TemplateError(`unknown function "${name}"`);
  return { kind: 'function', name };
}

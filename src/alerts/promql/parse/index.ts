/**
 * Reads an expression. Lezer's grammar of PromQL cuts the text into pieces; which operand an operator, a range or a
 * modifier belongs to, and whether the types fit, is decided here as Prometheus' own parser does
 * (`promql/parser/generated_parser.y`, `parse.go`).
 */
import type { Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Expr } from '../ast.ts';
import { PromqlError } from '../errors.ts';
import { parseNumber } from '../numbers.ts';
import { readExpression } from './expression.ts';

/** Longer than any rule a person writes. */
const MAX_LENGTH = 64 * 1024;
/** How far back a message looks for the name of a function. */
const MAX_NAME = 100;

/**
 * @throws PromqlError where the text is no expression, where types do not fit, and for what is not built: functions,
 * aggregations and modifiers are refused by name.
 */
export function parseExpr(text: string): Expr {
  if (text.length > MAX_LENGTH) throw new PromqlError(`expression is longer than ${MAX_LENGTH} characters`, 0);
  if (text.trim() === '') throw new PromqlError('no expression found', 0);
  const tree = treeOf(text);
  refuseErrors(tree, text);
  refuseRunOnNumbers(text);
  const root = tree.topNode.getChild('Expr');
  if (root === null) throw new PromqlError('no expression found', 0);
  return readExpression({ text, depth: 0 }, root);
}

/** Lezer builds its tree by recursion and sets no bound: the stack is one. */
function treeOf(text: string): Tree {
  try {
    return parser.parse(withPlainNames(withoutBarePoints(text)));
  } catch (error) {
    if (error instanceof RangeError) throw new PromqlError('expression is nested too deeply', 0);
    throw error;
  }
}

/** Strings and comments: what is in them is no syntax. */
const QUOTED = /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*)/;
const BARE_POINT = new RegExp(`${QUOTED.source}|(\\b\\d+)\\.(?![\\w.])`, 'gs');

/** Lezer's grammar does not know `2.`, which is 2 to Prometheus. The length stays, and with it all positions. */
const withoutBarePoints = (text: string): string =>
  text.replace(BARE_POINT, (whole, _kept, digits?: string) => (digits === undefined ? whole : `${digits} `));

/** Lezer's tokenizer looks its keywords up in an object, and finds there what every object of JavaScript has. */
const INHERITED = /(?<![\w:])(?:constructor|__proto__)(?![\w:])/gi;

/** Other names of the same length: they are read from the text as it was written. */
const withPlainNames = (text: string): string => text.replace(INHERITED, (name) => `x${name.slice(1)}`);

/** Lezer goes on after an error; the first one is what a person wants to read. */
function refuseErrors(tree: Tree, text: string): void {
  let position: number | null = null;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && (position === null || node.from < position)) position = node.from;
    },
  });
  if (position !== null) throw syntaxError(text, position);
}

const NUMBER = new RegExp(`${QUOTED.source}|(?<![\\w:.])(0x[\\w.]*|\\.?\\d(?:[\\w.]|(?<=\\d[eE])[+-](?=\\d))*)`, 'gis');

/** Lezer takes `1.5unless` for a number and a word; Prometheus' lexer does not. */
function refuseRunOnNumbers(text: string): void {
  for (const { index, 2: number } of text.matchAll(NUMBER)) {
    if (number === undefined || parseNumber(number) !== null) continue;
    throw new PromqlError(`bad number or duration syntax: ${JSON.stringify(number)}`, index);
  }
}

/** Lezer gives up at some three thousand levels, and calls what comes next a mistake. */
const MAX_DEPTH = 1000;

function depthAt(text: string, position: number): number {
  const before = text.slice(0, position).replaceAll(new RegExp(QUOTED, 'gs'), '');
  return before.replace(/[^(]/g, '').length - before.replace(/[^)]/g, '').length;
}

function syntaxError(text: string, position: number): PromqlError {
  if (depthAt(text, position) > MAX_DEPTH) return new PromqlError('expression is nested too deeply', position);
  const start = Math.max(0, position - MAX_NAME);
  const call = /([a-zA-Z_:][\w:]*)\s*$/.exec(text.slice(start, position));
  if (call !== null && /^\s*\(/.test(text.slice(position))) {
    return new PromqlError(`unknown function with name ${JSON.stringify(call[1])}`, start + call.index);
  }
  const found = /^\s*([\w:.]+|\S)/.exec(text.slice(position))?.[1];
  return found === undefined
    ? new PromqlError('unexpected end of input', text.length)
    : new PromqlError(`unexpected ${JSON.stringify(found)}`, text.indexOf(found, position));
}

/** Calls of functions and aggregations: whether they exist, how many arguments they take and of which types. */
import type { SyntaxNode } from '@lezer/common';
import { AGGREGATIONS } from '../aggregations.ts';
import type { Aggregation, Call, Expr, Grouping } from '../ast.ts';
import { PromqlError, UnbuiltError } from '../errors.ts';
import { FUNCTIONS } from '../functions/index.ts';
import type { ValueType } from '../types.ts';
import { TYPE_NAMES } from './binary.ts';
import { readExpression } from './expression.ts';
import { readLabelNames } from './selectors.ts';
import { childOf, childrenOf, type Reading, textOf } from './tree.ts';

const ALL_TOGETHER: Grouping = { kind: 'by', labels: [] };

const readArguments = (reading: Reading, body: SyntaxNode): readonly Expr[] =>
  childrenOf(body).map((argument) => readExpression(reading, argument));

function expectType(expr: Expr, expected: ValueType, where: string): void {
  if (expr.type === expected) return;
  throw new PromqlError(`expected type ${TYPE_NAMES[expected]} in ${where}, got ${TYPE_NAMES[expr.type]}`, expr.from);
}

export function readCall(reading: Reading, node: SyntaxNode): Call {
  const { from, to } = node;
  const name = textOf(reading, childOf(node, 'FunctionIdentifier'));
  const definition = FUNCTIONS.get(name);
  if (definition === undefined) throw new UnbuiltError(`function "${name}" is not supported`, from);
  const args = readArguments(reading, childOf(node, 'FunctionCallBody'));
  const { required, optional, returns } = definition;
  const repeated = definition.repeated ?? null;
  const most = repeated === null ? required.length + optional.length : Number.POSITIVE_INFINITY;
  if (args.length < required.length || args.length > most) {
    const isExact = most === required.length;
    const bound = isExact
      ? required.length
      : args.length < required.length
        ? `at least ${required.length}`
        : `at most ${most}`;
    throw new PromqlError(`expected ${bound} argument(s) in call to "${name}", got ${args.length}`, from);
  }
  for (const [index, argument] of args.entries()) {
    const expected = [...required, ...optional][index] ?? repeated;
    if (expected !== null) expectType(argument, expected, `call to function "${name}"`);
  }
  return { kind: 'call', type: returns, name, args, from, to };
}

export function readAggregation(reading: Reading, node: SyntaxNode): Aggregation {
  const { from, to } = node;
  const operator = textOf(reading, childOf(node, 'AggregateOp')).toLowerCase();
  const definition = AGGREGATIONS.get(operator);
  if (definition === undefined) throw new UnbuiltError(`aggregation "${operator}" is not supported`, from);
  const args = readArguments(reading, childOf(node, 'FunctionCallBody'));
  const { parameter: parameterType } = definition;
  const wanted = parameterType === null ? 1 : 2;
  if (args.length !== wanted) {
    throw new PromqlError(
      args.length === 0
        ? 'no arguments for aggregate expression provided'
        : `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      from,
    );
  }
  const expr = args[wanted - 1];
  const parameter = wanted === 2 ? args[0] : undefined;
  if (expr === undefined) throw new PromqlError('no arguments for aggregate expression provided', from);
  expectType(expr, 'vector', 'aggregation expression');
  if (parameter !== undefined && parameterType !== null) expectType(parameter, parameterType, 'aggregation parameter');
  return {
    kind: 'aggregation',
    type: 'vector',
    operator,
    grouping: readGrouping(reading, node),
    parameter: parameter ?? null,
    expr,
    from,
    to,
  };
}

function readGrouping(reading: Reading, node: SyntaxNode): Grouping {
  const modifier = node.getChild('AggregateModifier');
  if (modifier === null) return ALL_TOGETHER;
  const labels = readLabelNames(reading, childOf(modifier, 'GroupingLabels'));
  return { kind: modifier.getChild('By') === null ? 'without' : 'by', labels };
}

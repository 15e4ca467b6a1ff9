import { describe, expect, it } from 'vitest';
import { type Expr, PromqlError, parseExpr, walk } from '../../../../src/alerts/promql/index.ts';
import { at } from './ask.ts';

/** An expression with every operation in parentheses. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'vectorSelector':
      return `${expr.metric}${expr.offsetMs === 0 ? '' : ` offset ${expr.offsetMs}`}${expr.at === null ? '' : ` @ ${expr.at}`}`;
    case 'matrixSelector':
      return `${shape(expr.selector)}[${expr.rangeMs}]`;
    case 'subquery':
      return `${shape(expr.expr)}[${expr.rangeMs}:${expr.stepMs ?? ''}]`;
    case 'call':
      return `${expr.name}(${expr.args.map(shape).join(', ')})`;
    case 'aggregation':
      return `${expr.operator}(${shape(expr.expr)})`;
    case 'unary':
      return `(${expr.operator}${shape(expr.expr)})`;
    case 'binary':
      return `(${shape(expr.left)} ${expr.operator} ${shape(expr.right)})`;
  }
}

function failure(text: string): PromqlError {
  try {
    parseExpr(text);
  } catch (error) {
    if (error instanceof PromqlError) return error;
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('precedence', () => {
  it.each([
    ['constructor + __proto__ - CONSTRUCTOR', '((constructor + __proto__) - CONSTRUCTOR)'],
    ['1e-5 + 0x1e-5 + .5e+3 - a5m', '((((0.00001 + 30) - 5) + 500) - a5m)'],
    ['a + b * c ^ d ^ e', '(a + (b * (c ^ (d ^ e))))'],
    ['a - b - c', '((a - b) - c)'],
    ['-a ^ b', '(-(a ^ b))'],
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['2 ^ -1 * 3', '((2 ^ -1) * 3)'],
    ['2 ^ -b ^ c', '(2 ^ (-(b ^ c)))'],
    ['-a * b', '((-a) * b)'],
    ['a > b + c and d or e unless f', '(((a > (b + c)) and d) or (e unless f))'],
    ['a == b == c', '((a == b) == c)'],
    ['a atan2 b % c', '((a atan2 b) % c)'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a -1', '(a - 1)'],
    ['1 - -1', '(1 - -1)'],
    ['a AND b', '(a and b)'],
  ])('%s', (text, expected) => {
    expect(shape(parseExpr(text))).toBe(expected);
  });

  it.each([
    ['a + b offset 5m', '(a + b offset 300000)'],
    ['a + b offset 5m * c', '(a + (b offset 300000 * c))'],
    ['-a offset 5m', '(-a offset 300000)'],
    ['-a[5m:1m]', null],
    ['a ^ b @ 5', '(a ^ b @ 5000)'],
    ['sum_over_time(a[5m]) / b offset -1m', '(sum_over_time(a[300000]) / b offset -60000)'],
    ['max_over_time((a + b)[1h:])', 'max_over_time((a + b)[3600000:])'],
    ['rate(a[1h30m] @ 10 offset 5)', 'rate(a offset 5000 @ 10000[5400000])'],
  ])('a range or a modifier belongs to what stands right before it: %s', (text, expected) => {
    if (expected === null) expect(failure(text).message).toContain('unary expression only allowed');
    else expect(shape(parseExpr(text))).toBe(expected);
  });
});

describe('literals', () => {
  it.each([
    ['0x1F', '31'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['2.', '2'],
    ['1./4.', '0.25'],
    ['1_000', '1000'],
    ['017', '15'],
    ['5m', '300'],
    ['1h30m', '5400'],
    ['1d2h3m4s5ms', '93784.005'],
    ['-Inf', '-Inf'],
    ['nan', 'NaN'],
    ['"a\\tb\\x41\\u00e9\\"\\xc3\\xa9"', 'a\tbAé"é'],
    ["'it\\'s'", "it's"],
    ['`a\\d"2.`', 'a\\d"2.'],
    ['"2. # no comment" # 2. a comment', '2. # no comment'],
  ])('%s', (text, expected) => {
    expect(at(0, text)).toEqual([expected]);
  });
});

describe('names', () => {
  it.each(['sum', 'rate', 'by', 'count', 'start', 'a:b:c', '_'])('%s can be a metric', (name) => {
    expect(shape(parseExpr(name))).toBe(name);
  });

  it('takes every keyword for a label', () => {
    const expr = parseExpr('sum by (on, bool, by, offset, "a.b") (a{ignoring="x", and="y"})');
    expect(expr.kind === 'aggregation' && expr.grouping).toEqual({
      kind: 'by',
      labels: ['on', 'bool', 'by', 'offset', 'a.b'],
    });
  });
});

describe('positions', () => {
  it('are offsets into the text', () => {
    const text = 'sum(rate(a[5m])) / b > 0.5';
    const parts: string[] = [];
    walk(parseExpr(text), ({ from, to }) => parts.push(text.slice(from, to)));
    expect(parts).toEqual([text, 'sum(rate(a[5m])) / b', 'sum(rate(a[5m]))', 'rate(a[5m])', 'a[5m]', 'a', 'b', '0.5']);
  });
});

describe('what cannot be read is refused with its place', () => {
  it.each([
    ['', 'no expression found', 0],
    ['a +', 'unexpected end of input', 3],
    ['sum(a', 'unexpected end of input', 5],
    ['a b', 'unexpected "b"', 2],
    ['a @ 1.5unless b', 'bad number or duration syntax: "1.5unless"', 4],
    ['a offset 140sand b{l="5x"}', 'bad number or duration syntax: "140sand"', 9],
    ['constructor(1)', 'unknown function with name "constructor"', 0],
    ['a{b=c}', 'unexpected "c"', 4],
    ['"abc', 'unterminated quoted string', 0],
    ['"\\q"', 'unknown escape sequence \\q', 1],
    ['{}', 'vector selector must contain at least one non-empty matcher', 0],
    ['{a=~".*"}', 'vector selector must contain at least one non-empty matcher', 0],
    ['a{__name__="b"}', 'metric name must not be set twice: "a" or "b"', 0],
    ['a{b=~"("}', 'error parsing regexp: missing closing ): `(`', 5],
    ['a[5m][5m]', 'ranges only allowed for vector selectors', 6],
    ['(a)[5m]', 'ranges only allowed for vector selectors', 4],
    ['sum(a) offset 5m', 'offset modifier must be preceded by', 7],
    ['(a) @ 5', '@ modifier must be preceded by', 4],
    ['a offset 5m [5m]', 'no offset modifiers allowed before range', 13],
    ['a @ NaN', 'timestamp out of bounds for @ modifier: NaN', 4],
    ['rate(a[0s])', 'duration must be greater than 0', 7],
    ['rate(a)', 'expected type range vector in call to function "rate", got instant vector', 5],
    ['rate(a[5m], 1)', 'expected 1 argument(s) in call to "rate", got 2', 0],
    ['round(a, 1, 2)', 'expected at most 2 argument(s) in call to "round", got 3', 0],
    ['label_join(a)', 'expected at least 3 argument(s) in call to "label_join", got 1', 0],
    ['sum(1)', 'expected type instant vector in aggregation expression, got scalar', 4],
    ['topk(a)', 'wrong number of arguments for aggregate expression provided, expected 2, got 1', 0],
    ['1 > 2', 'comparisons between scalars must use BOOL modifier', 2],
    ['1 + bool 2', 'bool modifier can only be used on comparison operators', 2],
    ['1 and a', 'set operator "and" not allowed in binary scalar expression', 2],
    ['a[5m] + 1', 'binary expression must contain only scalar and instant vector types', 0],
    ['-"a"', 'unary expression only allowed on expressions of type scalar or instant vector, got "string"', 0],
    ['a and on(b) group_left() c', 'no grouping allowed for "and" operation', 2],
    ['a + on(b) group_left(b) c', 'label "b" must not occur in ON and GROUP clause at once', 2],
    ['1[5m:]', 'subquery is only allowed on instant vector, got scalar instead', 0],
  ])('%s', (text, message, position) => {
    const error = failure(text);
    expect(error.message).toContain(message);
    expect(error.position).toBe(position);
  });
});

describe('what is not built is refused by name', () => {
  it.each([
    ['histogram_fraction(0, 1, a)', 'function "histogram_fraction" is not supported'],
    ['info(a)', 'function "info" is not supported'],
    ['foo(a)', 'unknown function with name "foo"'],
    ['1 + Rate(a[5m])', 'unknown function with name "Rate"'],
    ['limitk(1, a)', 'aggregation "limitk" is not supported'],
    ['rate(a[5m] smoothed)', 'modifier "smoothed" is not supported'],
    ['a + fill(0) b', 'modifier "fill" is not supported'],
    ['rate(a[5m + 1m])', 'duration expressions are not supported'],
    ['a </ 5', 'operator "</" is not supported'],
  ])('%s', (text, message) => {
    expect(failure(text).message).toContain(message);
  });
});

describe('hostile expressions', () => {
  it.each([
    ['open parentheses', '('.repeat(20_000)],
    ['nested parentheses', `${'('.repeat(3000)}a${')'.repeat(3000)}`],
    ['powers', Array(5000).fill('2').join('^')],
    ['signs', `${'- '.repeat(20_000)}1`],
    ['modifiers', `a ${'offset 5m '.repeat(5000)}`],
    ['quotes', '"'.repeat(20_001)],
    ['length', `a + ${'b'.repeat(100_000)}`],
    ['nested repetition', 'a{b=~"((x{100}){100}){100}"}'],
  ])('of many %s end in one clear line', (_name, text) => {
    const { message } = failure(text);
    expect(message.length).toBeLessThan(200);
    expect(message).not.toContain('\n');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Comparison,
  compileFilter,
  completeFilter,
  type Expression,
  FIELDS,
  filterComplaint,
  formatFilter,
  parseFilter,
} from '../../../src/filter/index.ts';

describe('a filter that is wrong', () => {
  it.each([
    ['', 'the filter is empty'],
    ['status>=', "column 9: a value is missing behind '>='"],
    ['(status>= )', "column 10: a value is missing behind '>='"],
    ['status>=abc', "column 9: 'abc' is no status: write 500, or 5xx for a class"],
    ['stauts>=500', "column 1: no field 'stauts', did you mean 'status'? A field of JSON lines is 'fields.stauts'"],
    ['method=GET and lateny>1s', "column 16: no field 'lateny', did you mean 'latency'?"],
    ['pth~x', "column 1: no field 'pth', did you mean 'path'?"],
    ['latency>fast', "column 9: 'fast' is no duration: write 250ms, 1s or 1m30s"],
    ['bytes>1X', "column 7: '1X' is no size"],
    ['worker=x', "column 8: 'x' is no number"],
    ['ip=10.0.0.0/33', "column 4: '10.0.0.0/33' is neither an address nor a network"],
    ['ip=1.2.3', "column 4: '1.2.3' is neither"],
    ['ip=01.2.3.4', "column 4: '01.2.3.4' is neither"],
    ['level>=loud', "column 8: 'loud' is no level: write one of trace, debug"],
    ['time>25:00', "column 6: '25:00' is no time"],
    ['time>2026-13-01', "column 6: '2026-13-01' is no time"],
    ['time>2026-02-30', "column 6: '2026-02-30' is no time"],
    ['path>x', "column 1: 'path' is text: compare it by = != ~ or !~, not by >"],
    ['latency~1', "column 1: 'latency' is compared by = != > >= < or <=, not by ~"],
    ['path~/(a', 'column 7: ( is not closed: write \\( for the character'],
    ['status=200 path~(?=x)', "column 12: 'and' or 'or' is missing here"],
    ['status=200 and path~(?=x)', 'column 21: looking ahead or behind is not supported'],
    ['hello world', "column 7: 'and' or 'or' is missing here; text with spaces stands in quotation marks"],
    ['(status=200', 'column 1: ( is not closed'],
    ['(status=200 x)', "column 13: 'and', 'or' or ) is missing here"],
    ['status=200)', 'column 11: ) closes nothing'],
    ['and status=200', "column 1: a condition is missing before 'and'"],
    ['status=200 and', 'column 15: a condition is missing here'],
    ['not', 'column 4: a condition is missing here'],
    ['path="x', 'column 6: the quotation mark is not closed'],
    ['"x', 'column 1: the quotation mark is not closed'],
    ['""', 'column 1: the text is empty'],
    ['fields.a>b', "column 10: 'b' is no number: fields of JSON lines are compared by number"],
    [`${'('.repeat(60)}x`, 'column 51: the filter is nested too deeply'],
    ['x'.repeat(1001), 'at most 1000 characters'],
  ])('%s', (filter, complaint) => {
    expect(filterComplaint(filter)).toContain(complaint);
  });

  it('is a name of its own when it is compound and close to none', () => {
    for (const name of [
      'request_id',
      'user_id',
      'x-request-id',
      'order.total',
      'traceId2',
      '@timestamp',
      'fields.trace',
    ])
      expect(filterComplaint(`${name}=1`), name).toBeNull();
  });

  it('is refused with all that there are when it is a word alone', () => {
    for (const name of ['bogus', 'order', 'x']) {
      expect(filterComplaint(`status=200 and ${name}=1`)).toMatch(
        new RegExp(
          `^column 16: no field '${name}': there are status, path, .*, kind\\. A field of JSON lines is 'fields.${name}'$`,
        ),
      );
    }
  });
});

describe('the text of a filter', () => {
  const value = fc.oneof(
    fc.constantFrom(
      'GET',
      '/api/',
      '^/(a|b)$',
      'a b',
      '"',
      "it's",
      '(',
      ')',
      '*',
      '=x',
      '~',
      'and',
      '\\',
      '[x',
      '🙂',
      '\\(',
    ),
    fc.string({ minLength: 1, maxLength: 8 }),
  );
  const name = fc.constantFrom(...FIELDS.map((field) => field.name), 'request_id', 'a.b-c');
  const operator = fc.constantFrom('=', '!=', '>', '>=', '<', '<=', '~', '!~', '~*', '!~*');
  const leaf = fc.oneof(
    value.map((text): Expression => ({ kind: 'text', text })),
    fc.tuple(name, operator, value).map(
      ([field, sign, text]): Expression => ({
        kind: 'comparison',
        field,
        operator: sign as Comparison['operator'],
        value: text,
        at: 0,
        valueAt: 0,
      }),
    ),
  );
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('expression').map((part): Expression => ({ kind: 'not', part })),
      fc
        .tuple(
          fc.constantFrom('and' as const, 'or' as const),
          fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
        )
        .map(([kind, parts]): Expression => ({ kind, parts })),
    ),
  }));

  /** Without the places, which are not those of the formatted text. */
  const bare = (part: Expression): unknown =>
    JSON.parse(JSON.stringify({ part }, (key, each) => (/at$/i.test(key) ? 0 : each)));

  it('reads as the expression that it was made of', () => {
    fc.assert(
      fc.property(expression, (original) => {
        const text = formatFilter(original);
        fc.pre(text.length <= 1000);
        expect(bare(parseFilter(text))).toEqual(bare(original));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['status >= 500', 'status>=500'],
    ['status==500 || status=502', 'status=500 or status=502'],
    ['!(a and b)', 'not (a and b)'],
    ["path = '/a b'", 'path="/a b"'],
    ['((x))', 'x'],
    ['a and (b or c) and d', 'a and (b or c) and d'],
    ['path=~^/x', 'path~^/x'],
  ])('%s is written %s', (filter, written) => {
    expect(formatFilter(parseFilter(filter))).toBe(written);
  });

  it('never fails but with a sentence', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '"',
      "'",
      ' ',
      'and',
      'or',
      'not',
      '!',
      'status',
      '>=',
      '~',
      '500',
      '[',
      '\\',
      '/',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(40), (pieces, cursor) => {
        const text = pieces.join('');
        expect(filterComplaint(text) ?? 'fine').not.toBe('');
        expect(completeFilter(text, Math.min(cursor, text.length)).from).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('completion', () => {
  const at = (marked: string) => {
    const cursor = marked.indexOf('|');
    const text = marked.replace('|', '');
    const { from, to, candidates } = completeFilter(text, cursor);
    return candidates.map((each) => `${text.slice(0, from)}${each.text}${text.slice(to)}`);
  };

  it.each([
    ['sta|', ['status']],
    ['not pa|', ['not path']],
    ['(me|', ['(method', '(message']],
    ['status=5|', ['status=5xx']],
    ['method=|', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].map((each) => `method=${each}`)],
    ['verb=p|', ['verb=POST', 'verb=PUT', 'verb=PATCH']],
    ['status=500 |', ['status=500 and', 'status=500 or']],
    ['status=500 o|', ['status=500 or']],
    ['status=500 and le|', ['status=500 and level']],
    ['path|', ['path=', 'path!=', 'path~', 'path!~', 'path~*', 'path!~*']],
    ['latency|', ['latency=', 'latency!=', 'latency>', 'latency>=', 'latency<', 'latency<=']],
    ['"sta|', []],
    ['path=/a|', []],
    ['n|', ['not']],
    ['me| and status=500', ['method and status=500', 'message and status=500']],
  ])('%s', (marked, completed) => {
    expect(at(marked)).toEqual(completed);
  });

  it('offers every field where a condition begins', () => {
    expect(at('|')).toEqual([...FIELDS.map((field) => field.name), 'not']);
    expect(at('status=500 and |')).toHaveLength(FIELDS.length + 1);
  });

  it('offers nothing that is no filter', () => {
    for (const { name, values } of FIELDS) for (const each of values ?? []) compileFilter(`${name}=${each}`);
  });
});

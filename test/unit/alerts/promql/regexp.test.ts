import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegexp, compileSearch } from '../../../../src/alerts/promql/regexp/index.ts';

const matches = (pattern: string, text: string): boolean => compileRegexp(pattern).match(text) !== null;

describe('RE2 syntax', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['a|b|', '', true],
    ['a.c', 'a\nc', true],
    ['(?-s:a.c)', 'a\nc', false],
    ['5..', '503', true],
    ['(?i)get', 'GeT', true],
    ['(?i:GE)T', 'get', false],
    ['(?i)[a-c]+', 'AbC', true],
    ['(?i)k', '\u212a', true],
    ['x(?i)a|b', 'B', true],
    ['(?m)a$\n^b', 'a\nb', true],
    ['a$\n^b', 'a\nb', false],
    ['\\Aa\\z', 'a', true],
    ['\\bfoo\\b.*', 'foo bar', true],
    ['foo\\Bbar', 'foobar', true],
    ['a{2,3}', 'aaa', true],
    ['a{2,3}', 'aaaa', false],
    ['a{2,}', 'aaaaaa', true],
    ['a{0}', '', true],
    ['a{,2}', 'a{,2}', true],
    ['a\\_b', 'a_b', true],
    ['(?P<n>a)(?P<n>b)', 'ab', true],
    ['{x}', '{x}', true],
    ['[^/]+', 'a-b', true],
    ['[^/]+', 'a/b', false],
    ['[]a]+', ']a]', true],
    ['[a-]+', '-a', true],
    ['[[:alpha:]_]+', 'ab_', true],
    ['[[:^digit:]]', '5', false],
    ['\\d+\\.\\w*\\s\\D', '12.a_9 x', true],
    ['[\\d.]+', '1.2', true],
    ['\\pL+', 'äß', true],
    ['\\p{Greek}+', 'αβ', true],
    ['\\P{Lu}', 'A', false],
    ['\\x41\\x{1F600}\\n\\101', 'A😀\nA', true],
    ['.', '😀', true],
    ['\\Qa.b*\\E+', 'a.b**', true],
    ['(?U)a+', 'aaa', true],
    ['(a*)*b', 'aaab', true],
    ['(|a)+', 'aaa', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('prefers as Perl does: left alternatives first, greedy unless lazy', () => {
    expect(compileRegexp('(a|ab)(c|bcd)?(.*)').match('abcd')).toEqual(['abcd', 'a', 'bcd', '']);
    expect(compileRegexp('(a+)(a*)').match('aaa')).toEqual(['aaa', 'aaa', '']);
    expect(compileRegexp('(a+?)(a*)').match('aaa')).toEqual(['aaa', 'a', 'aa']);
    expect(compileRegexp('(?U)(a+)(a*?)').match('aaa')).toEqual(['aaa', 'a', 'aa']);
    expect(compileRegexp('(a)|b').match('b')).toEqual(['b', undefined]);
    expect(compileRegexp('(?P<x>a)(?<y>b)').groupNames).toEqual([null, 'x', 'y']);
  });

  it.each([
    ['(', 'missing closing ): `(`'],
    [')', 'unexpected ): `)`'],
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a|{2}', 'missing argument to repetition operator: `{2}`'],
    ['a**', 'invalid nested repetition operator'],
    ['[a', 'missing closing ]: `[a`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['\\8', 'invalid escape sequence: `\\8`'],
    ['\\1', 'invalid escape sequence'],
    ['a\\', 'trailing backslash at end of expression'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<n', 'invalid or unsupported Perl syntax: `(?<`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a{3,2}', 'invalid repeat count: `{3,2}`'],
    ['((a{100}){100})', 'expression too large'],
    ['[[:nope:]]', 'invalid character class range: `[:nope:]`'],
  ])('refuses %j', (pattern, message) => {
    expect(() => compileRegexp(pattern)).toThrow(message);
  });
});

describe('a search', () => {
  const replaced = (pattern: string, text: string): string => compileSearch(pattern).replaceAll(text, '[$0]');

  it.each([
    ['a|ab', 'abab', '[a]b[a]b'],
    ['ab|a', 'abab', '[ab][ab]'],
    ['a*?', 'aa', '[]a[]a[]'],
    ['(|a)+', 'aab', '[]a[]a[]b[]'],
    ['(|a)*', 'aab', '[]a[]a[]b[]'],
    ['(?m)^', 'a\nb', '[]a\n[]b'],
    ['^', 'ab', '[]ab'],
    ['$', 'ab', 'ab[]'],
    ['\\b', 'a b', '[]a[] []b[]'],
    ['.', '😀a', '[😀][a]'],
    ['', '😀', '[]😀[]'],
  ])('for %j in %j', (pattern, text, result) => {
    expect(replaced(pattern, text)).toBe(result);
  });

  it('names groups as Go does: the longest name, a dollar that is none as it is', () => {
    const { replaceAll } = compileSearch('(?P<n>b)(c)?');
    expect(replaceAll('abc', '<$n|$2|$2x|$9|$01|$$|$|$(>')).toBe('a<b|c||||$|$|$(>');
    expect(compileSearch('(?P<n>a)?(?P<n>b)').replaceAll('b ab', '<$n>')).toBe('<b> <a>');
  });
});

/** Patterns that mean the same to JavaScript, whatever is put together. */
const pattern = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', ''),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => left + right),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '{1,2}'))
      .map(([part, times]) => `(?:${part})${times}`),
  ),
})).pattern;

describe('properties', () => {
  it('agrees with JavaScript on whether a text matches', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 8 }), (source, text) => {
        expect(matches(source, text)).toBe(new RegExp(`^(?:${source})$`, 's').test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds what JavaScript finds, where no part may be empty', () => {
    const filled = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom('a', 'b', '[ab]', '[^a]', '.'),
        fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => left + right),
        fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(${left}|${right})`),
        fc.tuple(tie('pattern'), fc.constantFrom('+', '+?', '{1,2}')).map(([part, times]) => `(?:${part})${times}`),
      ),
    })).pattern;
    fc.assert(
      fc.property(filled, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 8 }), (source, text) => {
        const expected = text.replace(new RegExp(source, 'g'), (whole: string) => `[${whole}]`);
        expect(compileSearch(source).replaceAll(text, '[$0]')).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to the text, where JavaScript takes for ever', () => {
    const text = `${'a'.repeat(20_000)}!`;
    expect(matches('(a*)*b', text)).toBe(false);
    expect(matches('(a|a)*b', text)).toBe(false);
    expect(matches('(.*a){10}b', text)).toBe(false);
  });
});

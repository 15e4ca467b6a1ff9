import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterError } from '../../../src/filter/index.ts';
import { compileRegexp } from '../../../src/filter/regexp/index.ts';

const matches = (pattern: string, text: string, ignoreCase = false) => compileRegexp(pattern, ignoreCase)(text);

/** What JavaScript's own expressions say; `s` and `m` are off, as they are here. */
const expected = (pattern: string, text: string, ignoreCase = false) =>
  new RegExp(pattern, ignoreCase ? 'ui' : 'u').test(text);

describe('a regular expression', () => {
  it.each([
    ['bot', 'Googlebot/2.1', true],
    ['^/api/', '/api/users', true],
    ['^/api/', '/v1/api/', false],
    ['\\.(js|css)$', '/static/app.js', true],
    ['\\.(js|css)$', '/static/app.json', false],
    ['^$', '', true],
    ['', 'anything', true],
    ['^.$', '🙂', true],
    ['a.c', 'a\nc', false],
    ['[^/]+$', '/', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['x{2,3}y', 'xxxxy', true],
    ['^x{2,3}y', 'xxxxy', false],
    ['(?:ab)+?c', 'ababc', true],
    ['\\x2f\\u0061', '/a', true],
    ['^/api\\.json$', '/api.json', true],
    ['^/api\\.json$', '/apixjson', false],
    ['/$', '/a/', true],
    ['/$', '/a', false],
    ['$a|b^|^c', 'xc', false],
    ['ä', 'Ä', false],
  ])('%s in %s: %s', (pattern, text, found) => {
    expect(matches(pattern, text)).toBe(found);
    if (pattern !== '[]a]') expect(expected(pattern, text)).toBe(found);
  });

  it('ignores case where it is asked to', () => {
    expect(matches('BOT|ä|[x-z]', 'robot', true)).toBe(true);
    expect(matches('ä', 'Ä', true)).toBe(true);
    expect(matches('[^A-Z]', 'abc', true)).toBe(false);
  });

  it('finds what JavaScript finds', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '/',
      '^',
      '$',
      '(a|b)',
      '(?:ab|)',
      '(b*)',
    );
    const piece = fc.tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'));
    const sequence = fc.array(piece, { maxLength: 6 }).map((pieces) =>
      // An anchor cannot be repeated in JavaScript's strict syntax.
      pieces.map(([one, quantifier]) => (/^[$^]/.test(one) ? one : one + quantifier)).join(''),
    );
    const pattern = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((sequences) => sequences.join('|'));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '1', '\n', 'é', '🙂'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, fc.boolean(), (source, line, ignoreCase) => {
        expect(matches(source, line, ignoreCase)).toBe(expected(source, line, ignoreCase));
      }),
      { numRuns: 3000 },
    );
  });

  it('forgets states without forgetting what they mean', () => {
    // Each run of ten characters is a state of its own.
    const test = compileRegexp('a[ab]{9}c', false);
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const text = Array.from({ length: 8000 }, () => (random() % 2 === 0 ? 'a' : 'b')).join('');
    expect(test(text)).toBe(false);
    expect(test(`${text}abbbbbbbbbc`)).toBe(true);
    expect(test(text)).toBe(false);
  });

  it.each([
    ['(a', 0, 'is not closed'],
    ['a)', 1, 'closes nothing'],
    ['[a', 0, 'is not closed'],
    ['*a', 0, 'nothing to repeat'],
    ['a**', 2, 'a repeat is repeated'],
    ['a{3,2}', 1, 'more than it allows'],
    ['a{1000}', 1, 'at most 100 repeats'],
    ['(a{100}){100}', 0, 'too large'],
    ['[z-a]', 1, 'no range'],
    ['x(?=y)', 1, 'looking ahead or behind'],
    ['(?<!y)', 0, 'looking ahead or behind'],
    ['(?<name>y)', 0, 'named groups'],
    ['(?i)y', 0, '~* ignores case'],
    ['(a)\\1', 3, 'references back'],
    ['\\bword', 0, 'word boundaries'],
    ['\\p{L}', 0, 'Unicode'],
    ['[[:alpha:]]', 1, 'are not supported'],
    ['a++', 1, 'possessive'],
    ['a\\', 1, 'at the end'],
    ['\\q', 0, 'means nothing'],
  ])('%s is refused at character %d: %s', (pattern, offset, words) => {
    const refuse = () => compileRegexp(pattern, false);
    expect(refuse).toThrow(FilterError);
    expect(refuse).toThrow(words);
    try {
      refuse();
    } catch (error) {
      expect(error).toMatchObject({ offset });
    }
  });

  it('takes no longer than the text where backtracking would take for ever', () => {
    const text = 'a'.repeat(8000);
    expect(matches('^(a+)+$', `${text}!`)).toBe(false);
    expect(matches('(a|aa)+b', text)).toBe(false);
    expect(matches('(.*)*x', text)).toBe(false);
    expect(matches('a{0,60}a{0,60}a{0,60}b', text)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { parseFormat } from '../../../../src/sources/access-log/index.ts';

const names = (format: string): string[] => {
  const parsed = parseFormat(format);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.tokens.map((token) => (token.kind === 'atom' ? token.name : `'${token.text}'`));
};

describe('an access_log_format', () => {
  it('is literals and atoms in turn', () => {
    expect(names('%(h)s "%(r)s" 100%% %({X-Forwarded-For}i)s')).toEqual([
      'h',
      "' \"'",
      'r',
      "'\" 100% '",
      '{x-forwarded-for}i',
    ]);
  });

  it('may use any conversion that Python allows', () => {
    expect(names('%(h)-15s%(D)d %(L)r %(T)05d')).toEqual(['h', 'D', "' '", 'L', "' '", 'T']);
  });

  it.each([
    ['%(h', 'unknown conversion "%(h" at column 1: an atom is %(name)s'],
    ['%(r)s %h', 'unknown conversion "%h" at column 7: an atom is %(name)s, a per cent sign is %%'],
    ['%(h)', 'unknown conversion "%(h)" at column 1: write %(h)s'],
    ['%(h)d', 'impossible conversion "%(h)d" at column 1: h is text, write %(h)s'],
    ['plain text', 'no atom at column 1: an atom is %(name)s, such as %(r)s'],
    ['', 'no atom at column 1: an atom is %(name)s, such as %(r)s'],
  ])('%j is refused with the column', (format, message) => {
    expect(parseFormat(format)).toMatchObject({ ok: false, message });
  });
});

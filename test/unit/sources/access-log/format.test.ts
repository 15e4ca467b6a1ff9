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
    ['%(h', "'%(h' is not closed by ) at column 1"],
    ['%(r)s %h', 'a bare % (an atom is written %(h)s, a per cent sign %%) at column 7'],
    ['%(h)', '%(h) lacks its conversion, usually s at column 4'],
    ['%(h)d', '%(h)d cannot be printed: h is text, write %(h)s at column 1'],
    ['plain text', 'there is no atom such as %(r)s at column 1'],
    ['', 'there is no atom such as %(r)s at column 1'],
  ])('%j is refused with the column', (format, message) => {
    expect(parseFormat(format)).toMatchObject({ ok: false, message });
  });
});

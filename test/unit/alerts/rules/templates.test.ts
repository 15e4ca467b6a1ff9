import { describe, expect, it } from 'vitest';
import { labelsOf } from '../../../../src/alerts/promql/labels.ts';
import { expandTemplate, readTemplate, type TemplateContext } from '../../../../src/alerts/rules/templates/index.ts';

const LABELS = labelsOf([
  ['__name__', 'x'],
  ['l', 'v'],
]);

const CONTEXT: TemplateContext = {
  query: (expr) => {
    if (expr === 'none') return [];
    if (expr !== 'x') throw new Error(`no ${expr} here`);
    return [{ labels: LABELS, value: 1234567.25 }];
  },
  nowSeconds: 1000,
  externalUrl: 'http://gtop:10913',
};

const expand = (template: string, value = 1234567.25): string =>
  expandTemplate(readTemplate(template), LABELS, value, CONTEXT);

describe('a template', () => {
  // Every text is what Prometheus 2.42 wrote for the same template (`promtool test rules`).
  it.each([
    ['{{ $value }}', '1.23456725e+06'],
    ['{{ $labels.nope }}|{{ .Labels.l }}|{{ $labels }}', '|v|map[__name__:x l:v]'],
    ['{{ humanize $value }} {{ humanize1024 $value }}', '1.235M 1.177Mi'],
    ['{{ humanizeDuration $value }} {{ humanizePercentage $value }}', '14d 6h 56m 7s 1.235e+08%'],
    ['{{ $value | humanizeTimestamp }}', '1970-01-15 06:56:07.25 +0000 UTC'],
    ['{{ title "hello big_world x-y" }} {{ toUpper "aé" }} {{ "AB" | toLower }}', 'Hello Big_world X-Y AÉ ab'],
    ['{{ if gt $value 3.0 }}big{{ else if eq $value 1.0 }}one{{ else }}small{{ end }}', 'big'],
    ['{{ with query "x" }}{{ . | first | value }} {{ . | first | label "l" }}{{ end }}', '1.23456725e+06 v'],
    ['{{ range query "x" }}[{{ .Labels.l }}={{ .Value }}]{{ end }}', '[v=1.23456725e+06]'],
    ['{{- " a " -}}   z', ' a z'],
    ['{{ $x := 5 }}{{ $x }} {{ len "abc" }} {{ print 1 2 "a" "b" 3 }} {{ println "x" }}', '5 3 1 2ab3 x\n'],
    ['{{ match "a.*" "xab" }} {{ stripPort "h:90" }} {{ stripDomain "a.b.c:80" }}', 'true h a:80'],
    ['{{ 1000000.0 }} {{ 123456789.0 }} {{ 1e20 }} {{ 1e21 }}', '1e+06 1.23456789e+08 1e+20 1e+21'],
    ['{{ 0.00001 }} {{ 0.0001 }}', '1e-05 0.0001'],
    ['{{ and true "x" }} {{ or "" "d" }} {{ not 0 }} {{ ne 1 2 }} {{ index $labels "l" }}', 'x d true true v'],
    [
      '{{ slice "abcdef" 1 3 }} {{ html "<a>" }} {{ urlquery "a b&c" }} {{ safeHtml "<b>" }}',
      'bc &lt;a&gt; a+b%26c <b>',
    ],
    ['{{ 5.5 | toTime }} {{ humanize "1234" }} {{ humanize 0.00123 }}', '1970-01-01 00:00:05.5 +0000 UTC 1.234k 1.23m'],
    ['{{ humanize1024 1 }}{{ humanizeDuration 0.0123 }} {{ humanizeDuration -95 }}', '112.3ms -1m 35s'],
    ['{{ $value | humanize | toUpper }} {{ (printf "%.1f" $value) }} {{/* c */}}x', '1.235M 1234567.2 x'],
    [
      '{{ stripPort "h:" }} {{ stripPort "::1" }} {{ stripPort "[::1]:9" }} {{ stripPort "a:b:c" }} {{ stripPort "h" }}',
      'h ::1 ::1 a:b:c h',
    ],
    [
      '{{ stripDomain "1.2.3.4:8" }} {{ stripDomain "1.2.3" }} {{ stripDomain "[::1]:5" }} {{ stripDomain "a.b" }}',
      '1.2.3.4:8 1 [::1]:5 a',
    ],
    ['{{ "a\\tb\\u00e9" }} {{ `raw\\n` }} {{ 0x1F }} {{ \'a\' }}', 'a\tbé raw\\n 31 97'],
    ["{{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ -0x10 }} {{ '\\'' }}", '3 15 15 1000 -16 39'],
    [`{{ title "it's é-a —b\u00a0c" }} {{ toUpper "ßé" }} {{ toLower "ΣΑΣ" }}`, `It'S É-A —b\u00a0C ßÉ σασ`],
    ['{{ reReplaceAll "a(.)" "<$1x|$1-|$$>" "abac" }}', '<|b-|$><|c-|$>'],
    ['{{ reReplaceAll "https?://([^:/]+)(:\\\\d+)?(/.*)?" "$1" "http://h.example:80/a" }}', 'h.example'],
    ['{{ "a\\nb" | reReplaceAll "(?s)." "." }} {{ "a\\nb" | reReplaceAll "." "." }}', '... .\n.'],
    ['{{ reReplaceAll "x*" "-" "axb" }} {{ reReplaceAll "(?P<n>b)" "[$n]" "abc" }}', '-a-b- a[b]c'],
    ['{{ match "a.b" "a\\nb" }} {{ match "^b" "ab" }} {{ match "" "" }}', 'false false true'],
    ['{{ js "<a>\'\\"é" }} {{ urlquery "é" }}', `\\u003Ca\\u003E\\'\\"é %C3%A9`],
    ['{{ index "abc" 1 }} {{ slice (query "x") 1 }} {{ and 1 nil }} {{ print nil }}', '98 [] <no value> <nil>'],
    ['{{ eq 1.0 nil }} {{ eq nil nil }} {{ parseDuration "0" }}', 'false true 0'],
  ])('%s', (template, text) => {
    expect(expand(template)).toBe(text);
  });

  it.each([
    ['"%.0f %.1g %.4g %g" 2.5 2.5 1234567.0 1234567.0', '2 2 1.235e+06 1.234567e+06'],
    ['"%e %v %d %s" 1.5 $value 3 "x"', '1.500000e+00 1.23456725e+06 3 x'],
    ['"%5.1f|%-8s|%08.3f %x %q %t" 3.14159 "ab" 3.14159 255 "q\\"" true', '  3.1|ab      |0003.142 ff "q\\"" true'],
    ['"%d %s" $value $value', '%!d(float64=1.23456725e+06) %!s(float64=1.23456725e+06)'],
    ['"%7d|%-7s|" 0.5 0.5', '%!d(float64=    0.5)|%!s(float64=0.5    )|'],
    ['"%+v %+.1f" 0.5 0.5', '0.5 +0.5'],
    ['"%d"', '%!d(MISSING)'],
    ['"%d" 1 2', '1%!(EXTRA int=2)'],
    ['"%+d %+.1f % d" 3 2.0 4', '+3 +2.0  4'],
    ['"%6.2f|%-6d|%06d" 1.0 2 3', '  1.00|2     |000003'],
    ['"%c %U %b %o %X" 65 65 5 8 255', 'A U+0041 101 10 FF'],
    ['"%.2f%%" $value', '1234567.25%'],
    ['"%[2]d %[1]d" 1 2', '2 1'],
    ['"%d|%s|%v" nil nil nil', '%!d(<nil>)|%!s(<nil>)|<nil>'],
    ['"%.3d|%6.2d|%06.2d|%O|%#x" 5 5 5 8 255', '005|    05|    05|0o10|0xff'],
    ['"%.2v|%#v|% x|%+q|%#q" "abc" "a" "ab" "é" "b"', 'ab|"a"|61 62|"\\u00e9"|`b`'],
    ['"%q %q" "\\u200b\\n\\x01" 1', `"\\u200b\\n\\x01" '\\x01'`],
  ])('printf %s', (args, text) => {
    expect(expand(`{{ printf ${args} }}`)).toBe(text);
  });

  it('counts on where it stands: an error becomes part of the text', () => {
    expect(expand('{{ if gt $value 3 }}big{{ end }}')).toBe(
      '<error expanding template: error calling gt: incompatible types for comparison>',
    );
    expect(expand('{{ query "y" | first }}')).toBe('<error expanding template: error calling query: no y here>');
    expect(expand('{{ query "none" | first }}')).toContain('first() called on vector with no elements');
    expect(expand('{{ toTime $value }}', Number.NaN)).toContain('error calling toTime: value is NaN or Inf');
    expect(expand('{{ humanizeTimestamp $value }}', 1e12)).toContain('1e+12 cannot be represented');
    expect(expand('{{ humanizeTimestamp $value }} {{ printf "%G %E" $value $value }}', Number.POSITIVE_INFINITY)).toBe(
      '+Inf +Inf +Inf',
    );
    expect(expand('{{ 1 2 }}')).toContain('only functions take arguments');
    expect(expand('{{ slice "abc" 5 }}')).toContain('index out of range');
    expect(expand('{{ printf "%x" $value }}')).toContain('%x of a float is not supported');
    expect(expand('{{ reReplaceAll "(" "" "" }}')).toContain('error calling reReplaceAll: error parsing regexp');
    expect(expand('{{ $value.x }}')).toContain("can't evaluate field x in type float64");
  });

  it('keeps variables of a block to the block', () => {
    expect(expand('{{ $a := 1 }}{{ if true }}{{ $a := 2 }}{{ $a }}{{ $a = 3 }}{{ end }}{{ $a }}')).toBe('21');
    expect(expand('{{ $a := 1 }}{{ range $i, $e := query "x" }}{{ $a = $i }}{{ end }}{{ $a }}')).toBe('0');
    expect(() => readTemplate('{{ if true }}{{ $a := 2 }}{{ end }}{{ $a }}')).toThrow('undefined variable "$a"');
  });

  it.each([
    ['{{ foo $value }}', 'unknown function "foo"'],
    ['{{ toDuration $value }}', 'function "toDuration" is not supported'],
    ['{{ (toTime $value).Format "2006" }}', 'method .Format of a time is not supported'],
    ['{{ call 1 }}', 'function "call" is not supported'],
    ['{{ 1i }}', 'the number 1i is not supported'],
    [`{{ 'ab' }}`, 'a quote that does not end'],
    ['{{ template "x" }}', '{{template}} is not supported'],
    ['{{ $value', 'unclosed action: }} is missing'],
    ['{{ if $value }}x', '{{if}} without {{end}}'],
    ['x{{ end }}', 'unexpected {{end}}'],
    ['{{ "a }}', 'a quote that does not end'],
    ['{{ }}', 'missing value for command'],
    ['{{ ( 1 }}', 'unclosed left parenthesis'],
    ['{{ $value | .Labels }}', 'only a function can stand behind |'],
    ['{{ $nope }}', 'undefined variable "$nope"'],
    ['{{ # }}', 'unexpected "#"'],
  ])('%s is refused', (template, why) => {
    expect(() => readTemplate(template)).toThrow(why);
  });

  it('is no way to stop the clock: what would look through the text again at each of its places is given up', () => {
    const text = 'a'.repeat(60_000);
    expect(expand(`{{ reReplaceAll "a*b|a" "x" "${text}" }}`)).toContain('takes too long over this text');
    expect(expand(`{{ reReplaceAll "(a*)*b" "x" "${text}" | len }}`)).toContain('60000');
  });

  it('is no way to fill the memory', () => {
    expect(expand('{{ printf "%99999999d" 1 }}').length).toBe(1000);
    const nested = `${'{{ if true }}'.repeat(100)}${'{{ end }}'.repeat(100)}`;
    expect(() => readTemplate(nested)).toThrow('nested too deeply');
    expect(() => readTemplate('x'.repeat(70_000))).toThrow('longer than');
  });
});

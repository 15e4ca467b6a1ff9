/**
 * Finds rules that cannot do what they are meant to: that can never fire over gtop's metrics, always fire, or compare
 * unlike things. Each with the reason and an expression that does what was probably meant.
 */
import type { RuleFinding } from '../../../model/snapshot.ts';
import type { Expr } from '../../promql/ast.ts';
import { PromqlError } from '../../promql/errors.ts';
import { parseExpr } from '../../promql/parse/index.ts';
import type { GroupSpec, RuleFile, RuleSpec } from '../rule.ts';
import { type LintContext, Linter, type Recorded } from './linter.ts';
import { printExpr } from './print.ts';
import type { Flaw, Shape } from './shape.ts';

export type { LintContext } from './linter.ts';

/** Findings of all rules, in the order of the files. Recording rules of one file are known to all. */
export function lintRules(files: readonly RuleFile[], context: LintContext): readonly RuleFinding[] {
  const recorded: Map<string, { expr: Expr; labels: readonly string[] }> = new Map();
  for (const { rules } of files.flatMap(({ groups }) => groups)) {
    for (const rule of rules) {
      if (rule.kind === 'record') recorded.set(rule.name, { expr: rule.expr, labels: [...rule.labels.keys()] });
    }
  }
  return files.flatMap(({ path, groups }) =>
    groups.flatMap((group) => {
      const place = ({ line, name }: { line: number; name: string }) => ({
        file: path,
        line,
        group: group.name,
        rule: name,
      });
      const judged = group.rules.flatMap((rule, index) => {
        const findings = [
          ...lintRule(rule, context, recorded),
          ...lintTemplates(rule),
          ...(index === 0 ? lintInterval(group) : []),
        ];
        return findings.map((finding) => ({ ...place(rule), ...finding }));
      });
      const refused = group.refused.map((rule) => ({
        ...place(rule),
        kind: 'never' as const,
        reason: `${rule.reason}: gtop goes on without this rule`,
        rewrite: null,
      }));
      return [...judged, ...refused].sort((a, b) => a.line - b.line);
    }),
  );
}

function lintTemplates(rule: RuleSpec): readonly Finding[] {
  const unbuilt = rule.kind === 'alert' ? rule.unbuilt : [];
  return unbuilt.map((problem) => ({
    kind: 'unlike',
    reason: `${problem}: the text says so in its place`,
    rewrite: null,
  }));
}

/** Said of the first rule of a group, for all of it. */
function lintInterval({ intervalMs, wantedIntervalMs }: GroupSpec): readonly Finding[] {
  if (intervalMs === null || wantedIntervalMs === intervalMs) return [];
  const reason = `its group asks for an interval of ${wantedIntervalMs}ms: gtop looks once a second, and evaluates it as often`;
  return [{ kind: 'unlike', reason, rewrite: `interval: ${intervalMs / 1000}s` }];
}

type Finding = Pick<RuleFinding, 'kind' | 'reason' | 'rewrite'>;

/** Findings of one rule, without its place. */
export function lintRule(rule: RuleSpec, context: LintContext, recorded: Recorded = new Map()): readonly Finding[] {
  const flaws = flawsOf(rule.expr, rule.kind, context, recorded);
  if (flaws.length === 0) return [];
  const rewrite = rewriteOf(rule.expr, flaws, rule.kind, context, recorded);
  return flaws.map(({ kind, reason }) => ({ kind, reason, rewrite }));
}

function flawsOf(expr: Expr, kind: RuleSpec['kind'], context: LintContext, recorded: Recorded): readonly Flaw[] {
  const linter = new Linter(context, recorded);
  if (expr.type === 'matrix' || expr.type === 'string') {
    const what = expr.type === 'matrix' ? 'a range of samples' : 'a text';
    linter.add('never', `${what} is no result of a rule: it fails at every evaluation`, []);
    return linter.flaws;
  }
  const shape = linter.shape(expr);
  if (kind === 'alert' && !shape.empty) checkCondition(linter, shape);
  // What is so of a part need not be so of the whole.
  const whole = shape.empty ? 'never' : shape.filters ? 'unlike' : 'always';
  return linter.flaws.map((flaw) => (flaw.kind === whole || flaw.kind === 'unlike' ? flaw : partial(flaw)));
}

/** An alert without a condition fires as long as there are series. */
function checkCondition(linter: Linter, { filters }: Shape): void {
  if (filters || linter.flaws.some(({ kind }) => kind === 'always')) return;
  linter.add('always', 'there is no condition that leaves out any element: it fires as long as there are series', []);
}

const partial = (flaw: Flaw): Flaw => ({
  ...flaw,
  kind: 'unlike',
  reason: `a part of it ${flaw.kind === 'never' ? 'can never be' : 'is always'} true: ${flaw.reason}`,
});

/** Each step mends what is found first; a rule may need several. */
const MOST_STEPS = 6;

/** The expression with all mended that can be; null where nothing can. */
function rewriteOf(
  expr: Expr,
  flaws: readonly Flaw[],
  kind: RuleSpec['kind'],
  context: LintContext,
  recorded: Recorded,
): string | null {
  let [mended, left, text]: [Expr, readonly Flaw[], string | null] = [expr, flaws, null];
  for (let step = 0; step < MOST_STEPS; step++) {
    const better = firstMended(mended, left);
    if (better === null) break;
    mended = better;
    text = printExpr(mended);
    left = flawsOf(mended, kind, context, recorded);
  }
  return text;
}

/** With the first flaw mended that can be: what fits for itself may not fit where it stands. */
function firstMended(expr: Expr, flaws: readonly Flaw[]): Expr | null {
  for (const { fixes } of flaws) {
    if (fixes.length === 0) continue;
    try {
      return parseExpr(printExpr(expr, new Map(fixes.map(({ part, text }) => [part, text]))));
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
    }
  }
  return null;
}

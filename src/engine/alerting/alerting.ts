/**
 * Everything about alerts in the engine: the built-in rules at every tick, rule files when they are due, what is told to
 * whom, what is remembered for the next run. Rules, PromQL and channels are loaded when there are any.
 */
import { AlertEngine, type AlertReport, byUrgency, describeTransition } from '../../alerts/index.ts';
import type { LintContext, RuleSet } from '../../alerts/rules/index.ts';
import type { AlertView } from '../../alerts/view.ts';
import type { EventDraft } from '../../model/events.ts';
import type { MetricFamily } from '../../model/metrics/index.ts';
import type { AlertRow, RuleFinding, Snapshot } from '../../model/snapshot.ts';
import { eventLoopTurn } from '../pace.ts';
import type { AlertingConfig } from './config.ts';
import { FiringHistory } from './history.ts';
import { Memory } from './memory.ts';
import { Notices } from './notices.ts';
import { RuleFiles } from './rule-files.ts';

export interface AlertingOptions {
  readonly config: AlertingConfig;
  readonly lint: Omit<LintContext, 'intervalMs'>;
  readonly onEvent: (event: EventDraft) => void;
}

/** How often the files are looked at. */
const LOOK_MS = 3_000;
/** Rows of a Snapshot. */
const MOST_ROWS = 500;
/** Remarks that wait to be taken. */
const MOST_REMARKS = 200;

export class Alerting {
  readonly #options: AlertingOptions;
  readonly #builtIn: AlertEngine;
  readonly #files: RuleFiles;
  readonly #history = new FiringHistory();
  readonly #memory: Memory;
  readonly #notices: Notices;
  #classical = new AlertEngine([]);
  #rules: RuleSet | null = null;
  #remarks: string[] = [];
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #rows: readonly AlertRow[] = [];

  constructor(options: AlertingOptions) {
    const { config, onEvent } = options;
    this.#options = options;
    this.#builtIn = new AlertEngine(undefined, config.builtIn);
    this.#files = new RuleFiles(config.ruleFiles);
    this.#memory = new Memory(config.stateFile, (text) => this.#remark(text));
    this.#notices = new Notices(config, ({ level, text }) => {
      this.#remark(text);
      if (level !== 'info') {
        onEvent({ atMs: Date.now(), kind: 'notice', level: level === 'error' ? 'warning' : 'unknown', text });
      }
    });
  }

  /** Reads the rules and what the run before has left. */
  async open(nowMs: number): Promise<void> {
    const problems = await this.#files.load(nowMs);
    for (const problem of problems) this.#remark(problem);
    this.#memory.open();
    await this.#putInForce(nowMs);
    for (const finding of this.findings) this.#remark(sayFinding(finding));
    const { before } = this.#memory;
    if (before === null) return;
    this.#builtIn.restore(before.builtIn, nowMs);
    this.#classical.restore(before.classical, nowMs);
    this.#rules?.restore(before.rules, before.savedAtMs, nowMs);
    const firing = this.#reports().flatMap(({ notice }) => (notice?.state === 'firing' ? [notice.fingerprint] : []));
    this.#history.restore(before.history, new Set(firing));
  }

  /**
   * Evaluates what is due.
   * @param families null: what was in the logs before is still being read, and would look like a burst of requests.
   */
  async tick(view: AlertView, nowMs: number, families: (() => readonly MetricFamily[]) | null): Promise<void> {
    if (nowMs - this.#lookedAtMs >= LOOK_MS) {
      this.#lookedAtMs = nowMs;
      if (await this.#files.haveChanged()) await this.reload(undefined, nowMs);
      if (this.#memory.takeOver()) await this.#takeOver();
    }
    this.#builtIn.evaluate(view, nowMs);
    this.#classical.evaluate(view, nowMs);
    if (families !== null && this.#rules?.isDue(nowMs)) {
      await this.#rules.evaluate(families, view, nowMs, eventLoopTurn);
    }
    const transitions = [this.#builtIn, this.#classical, this.#rules].flatMap((each) => each?.takeTransitions() ?? []);
    for (const transition of transitions) {
      this.#history.note(transition);
      this.#options.onEvent(describeTransition(transition));
    }
    const reports = this.#reports();
    this.#notices.update(reports, nowMs);
    const told = this.#notices.told();
    this.#rows = reports
      .map(({ row }) => ({ ...row, notices: told(row.fingerprint) }))
      .sort(byUrgency)
      .slice(0, MOST_ROWS);
    this.#save(nowMs, transitions.length > 0);
  }

  /**
   * Reads the rule files anew; alerts of rules that are still there live on.
   * @param paths the files from now on; absent: as before.
   */
  async reload(paths?: readonly string[], nowMs = Date.now()): Promise<void> {
    if (this.#files.rows().length === 0 && (paths ?? []).length === 0) return;
    const problems = await this.#files.load(nowMs, paths);
    const hasNone = this.#files.rows().filter(({ loadedAt }) => loadedAt === null);
    for (const problem of problems) {
      const isNew = hasNone.some(({ path }) => problem.startsWith(`${path}:`));
      this.#remark(`${problem}: ${isNew ? 'none of its rules is' : 'the rules read before stay'} in force`);
    }
    const known = new Set(this.findings.map(sayFinding));
    await this.#putInForce(nowMs);
    if (problems.length === 0) this.#remark(`rules read anew: ${sayFiles(this.#files.rows().map(({ path }) => path))}`);
    for (const finding of this.findings) if (!known.has(sayFinding(finding))) this.#remark(sayFinding(finding));
    const level = problems.length > 0 ? 'warning' : 'ok';
    const text = problems[0] ?? 'rule files read anew';
    this.#options.onEvent({ atMs: nowMs, kind: 'rules-reloaded', level, text });
  }

  get rows(): readonly AlertRow[] {
    return this.#rows;
  }

  /** What the Snapshot tells beside the rows. */
  rest(nowMs: number): Pick<Snapshot, 'alertHistory' | 'rules'> {
    const files = this.#files.rows();
    return {
      alertHistory: this.#history.rows(nowMs),
      rules:
        files.length === 0
          ? null
          : {
              files,
              findings: [...this.findings, ...this.#unfed()],
              failures: this.#rules?.failures() ?? [],
              series: this.#rules?.series ?? 0,
              evaluationSeconds: this.#rules?.evaluationSeconds ?? null,
            },
    };
  }

  /** Rules without a source, but those of which worse was said. */
  #unfed(): readonly RuleFinding[] {
    const named = new Set(this.findings.map(({ file, group, rule }) => [file, group, rule].join('\n')));
    const unfed = this.#rules?.unfed() ?? [];
    return unfed.filter(({ file, group, rule }) => !named.has([file, group, rule].join('\n')));
  }

  get findings(): readonly RuleFinding[] {
    return [...(this.#rules?.findings ?? []), ...this.#files.classics.flatMap(({ findings }) => findings)];
  }

  /** Rules that cannot be evaluated at this moment. What is wrong with files is said once, as they are read. */
  troubles(): readonly string[] {
    const failures = this.#rules?.failures() ?? [];
    return failures.map(({ group, rule, error }) => `group "${group}", rule "${rule}": ${error}`);
  }

  /** What a person should know, since the last call. */
  takeRemarks(): readonly string[] {
    return this.#remarks.splice(0);
  }

  /** Sends notices that still wait, for so long at most. To be called before `stop`. */
  async drain(graceMs: number): Promise<void> {
    await this.#notices.close(graceMs);
  }

  stop(nowMs: number): void {
    this.#save(nowMs, true);
    this.#memory.close();
  }

  async #putInForce(nowMs: number): Promise<void> {
    const { config, lint } = this.#options;
    const { rules, classics } = this.#files;
    const classical = new AlertEngine(classics.flatMap((file) => file.rules));
    classical.restore(this.#classical.saved(), nowMs, false);
    this.#classical = classical;
    if (this.#rules === null && rules.length > 0) {
      const { RuleSet: Rules } = await import('../../alerts/rules/index.ts');
      const intervalMs = config.intervalSeconds * 1000;
      this.#rules = new Rules({ intervalMs, externalUrl: config.externalUrl });
    }
    this.#rules?.load(rules, { ...lint, intervalMs: config.intervalSeconds * 1000 }, nowMs);
    const isMine = this.#memory.isOpen;
    await this.#notices.open(classics, isMine ? (this.#memory.before?.notices ?? null) : undefined);
    for (const warning of this.#notices.takeWarnings()) this.#remark(warning);
  }

  /** What the other has told nobody need hear again. */
  async #takeOver(): Promise<void> {
    this.#remark('the other gtop has ended: from now on this one sends the notices');
    await this.#notices.open(this.#files.classics, this.#memory.before?.notices ?? null);
    for (const warning of this.#notices.takeWarnings()) this.#remark(warning);
  }

  #reports(): readonly AlertReport[] {
    return [...this.#builtIn.reports(), ...this.#classical.reports(), ...(this.#rules?.reports() ?? [])];
  }

  #save(nowMs: number, hasChanged: boolean): void {
    this.#memory.save(nowMs, hasChanged || this.#notices.hasChanged(), () => ({
      savedAtMs: nowMs,
      builtIn: this.#builtIn.saved(),
      classical: this.#classical.saved(),
      rules: this.#rules?.saved() ?? {},
      history: this.#history.saved(),
      notices: this.#notices.state(),
    }));
  }

  #remark(text: string): void {
    this.#remarks.push(text);
    if (this.#remarks.length > MOST_REMARKS) this.#remarks.shift();
  }
}

const SAID: Readonly<Record<RuleFinding['kind'], string>> = {
  never: 'can never fire',
  always: 'always fires',
  unlike: 'may not mean what it says',
};

/** `rules.yml:7: rule "X" can never fire: … : write …`. */
function sayFinding({ file, line, rule, kind, reason, rewrite }: RuleFinding): string {
  const instead = rewrite === null ? '' : `; write: ${rewrite}`;
  return `${file}:${line}: rule "${rule}" ${SAID[kind]}: ${reason}${instead}`;
}

const sayFiles = (paths: readonly string[]): string => paths.join(', ');

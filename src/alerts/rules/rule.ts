/** Rules as they stand in a file, read and checked. */
import type { Expr } from '../promql/ast.ts';
import type { Template } from './templates/index.ts';

interface RuleBase {
  readonly name: string;
  /** The expression as it was written. */
  readonly text: string;
  readonly expr: Expr;
  /** Line of the file in which the rule begins, from 1. */
  readonly line: number;
}

/** Names with the templates of their values. */
export type Templates = ReadonlyMap<string, Template>;

export interface AlertingSpec extends RuleBase {
  readonly kind: 'alert';
  /** How long the condition must hold before it fires. */
  readonly forMs: number;
  /** How long it goes on to fire when the condition no longer holds. */
  readonly keepFiringForMs: number;
  /** Those of its group included; as written, for they tell two rules of one name apart. */
  readonly labelTexts: ReadonlyMap<string, string>;
  readonly labels: Templates;
  readonly annotations: Templates;
  /** Which of these ask for what is not built: a sentence each. Their texts say so in their place. */
  readonly unbuilt: readonly string[];
}

export interface RecordingSpec extends RuleBase {
  readonly kind: 'record';
  /** Those of its group included. */
  readonly labels: ReadonlyMap<string, string>;
}

export type RuleSpec = AlertingSpec | RecordingSpec;

/** A well-formed rule that asks for what is not built: the others of its file go on without it. */
export interface RefusedRule extends Pick<RuleBase, 'name' | 'line' | 'text'> {
  readonly kind: RuleSpec['kind'];
  readonly reason: string;
}

export interface GroupSpec {
  readonly name: string;
  /** At least a second. Null: as often as all. */
  readonly intervalMs: number | null;
  /** As it is written: may be shorter than what can be had. */
  readonly wantedIntervalMs: number | null;
  /** Evaluated for a moment so far back; for series that come late. */
  readonly queryOffsetMs: number;
  /** Most results of a rule; 0 is no limit. */
  readonly limit: number;
  readonly rules: readonly RuleSpec[];
  readonly refused: readonly RefusedRule[];
}

export interface RuleFile {
  readonly path: string;
  readonly groups: readonly GroupSpec[];
}

/** What is wrong with a file, one line each: `rules.yml:12: group "web", rule "HighErrors": …`. */
export type LoadedRules =
  | { readonly ok: true; readonly file: RuleFile }
  | { readonly ok: false; readonly problems: readonly string[] };

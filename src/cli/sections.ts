/**
 * The structured keys of the config file: what is too rich for a flag or a variable. One row each; the schema stands
 * where the part is that uses it.
 */
import * as v from 'valibot';
import { usageError } from './errors.ts';

/** What the sections say; a field of Settings each. */
export interface Sections {
  /** Patterns of paths that go before the built-in ones: `/posts/{slug}`. */
  readonly routes: readonly string[];
}

export interface SectionSpec {
  readonly key: string;
  readonly schema: v.GenericSchema<unknown>;
}

export const DEFAULT_SECTIONS: Sections = {
  routes: [],
};

const routePattern = v.pipe(
  v.string('must be a path like /posts/{slug}'),
  v.regex(/^\/\S*$/, 'must be a path like /posts/{slug}'),
);

export const SECTIONS: readonly SectionSpec[] = [
  { key: 'routes', schema: v.array(routePattern, 'must be a list of paths like /posts/{slug}') },
];

/** Checks a section. @throws ReportedError `file: key.part: what is wrong`. */
export function checkSection(spec: SectionSpec, value: unknown, path: string): unknown {
  const result = v.safeParse(spec.schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = [spec.key, ...(issue.path ?? []).map((step) => String(step.key))].join('.');
  throw usageError(`${path}: ${place}: ${issue.message}`);
}

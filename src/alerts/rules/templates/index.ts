/** Templates of labels and annotations: Go's language with Prometheus' functions. */
import type { Labels } from '../../promql/types.ts';
import { executeTemplate } from './execute.ts';
import type { TemplateContext } from './functions.ts';
import { parseTemplate, type TemplateNode } from './parser.ts';
import { GoStruct, type GoValue } from './values.ts';

export type { TemplateContext } from './functions.ts';
export { type GoSample, TemplateError, UnbuiltTemplateError } from './values.ts';

/** A template that was read. */
export type Template = readonly TemplateNode[];

/** @throws TemplateError naming what is wrong, and functions that are not built. */
export const readTemplate = (text: string): Template => parseTemplate(text);

/** Stands for one that cannot be carried out: its text is what Prometheus writes in the place of a failed one. */
export const failedTemplate = (reason: string): Template => [{ kind: 'text', text: saidInPlace(reason) }];

const saidInPlace = (reason: string): string => `<error expanding template: ${reason}>`;

/**
 * The text for one element of a rule's result. An error becomes part of the text, as in Prometheus: an alert must not be
 * lost over its description.
 *
 * @param labels of the element, its metric's name included.
 */
export function expandTemplate(template: Template, labels: Labels, value: number, context: TemplateContext): string {
  const none: GoValue = new Map<string, GoValue>();
  const given: readonly (readonly [string, string, GoValue])[] = [
    ['Labels', 'labels', labels],
    ['ExternalLabels', 'externalLabels', none],
    ['ExternalURL', 'externalURL', context.externalUrl],
    ['Value', 'value', value],
  ];
  const root = new GoStruct(new Map(given.map(([field, , each]) => [field, each])));
  try {
    return executeTemplate(template, root, new Map(given.map(([, name, each]) => [name, each])), context);
  } catch (error) {
    return saidInPlace(error instanceof Error ? error.message : String(error));
  }
}

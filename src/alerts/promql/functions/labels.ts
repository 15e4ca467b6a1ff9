/** Functions that write labels. */
import { PromqlError } from '../errors.ts';
import { type Element, refuseDuplicates } from '../evaluation.ts';
import { METRIC_NAME, withLabel } from '../labels.ts';
import { compileRegexp, expand, type Regexp } from '../regexp/index.ts';
import { argument, type FunctionRows, textArgument } from './definition.ts';

const compiled = new Map<string, Regexp>();
/** Patterns come from rules, of which there are few. */
const MAX_COMPILED = 500;

function regexpOf(pattern: string, position: number): Regexp {
  let regexp = compiled.get(pattern);
  if (regexp === undefined) {
    try {
      regexp = compileRegexp(pattern);
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      throw new PromqlError(`invalid regular expression in label_replace(): ${pattern}`, position);
    }
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, regexp);
  }
  return regexp;
}

/** Bytes that are no UTF-8 were read as U+FFFD. */
function destination(name: string, call: string, position: number): string {
  if (name === '' || name.includes('\ufffd'))
    throw new PromqlError(`invalid destination label name in ${call}(): ${name}`, position);
  return name;
}

/** A name that was written by hand stays. */
function written({ labels, value, dropName }: Element, name: string, text: string): Element {
  return { labels: withLabel(labels, name, text), value, dropName: dropName && name !== METRIC_NAME };
}

function uniqueNow(elements: readonly Element[]): readonly Element[] {
  refuseDuplicates(elements);
  return elements;
}

export const LABEL_FUNCTIONS: FunctionRows = {
  label_join: {
    required: ['vector', 'string', 'string'],
    optional: [],
    repeated: 'string',
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const name = destination(textArgument(call, 1), 'label_join', call.from);
      const separator = textArgument(call, 2);
      const sources = call.args.slice(3).map((_, index) => textArgument(call, index + 3));
      if (sources.includes('')) throw new PromqlError('invalid source label name in label_join(): ', call.from);
      return uniqueNow(
        evaluation
          .vector(argument(call, 0), atMs)
          .map((element) =>
            written(element, name, sources.map((source) => element.labels.get(source) ?? '').join(separator)),
          ),
      );
    },
  },
  label_replace: {
    required: ['vector', 'string', 'string', 'string', 'string'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const regexp = regexpOf(textArgument(call, 4), argument(call, 4).from);
      const name = destination(textArgument(call, 1), 'label_replace', call.from);
      const template = textArgument(call, 2);
      const source = textArgument(call, 3);
      return uniqueNow(
        evaluation.vector(argument(call, 0), atMs).map((element) => {
          const groups = regexp.match(element.labels.get(source) ?? '');
          return groups === null ? element : written(element, name, expand(template, regexp.groupNames, groups));
        }),
      );
    },
  },
};

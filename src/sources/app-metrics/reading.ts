/** What a metrics endpoint's answer holds. */
import type { EndpointFact } from '../../model/facts.ts';
import type { GetOutcome } from '../client/get.ts';
import { readJsonNumbers } from './json-numbers.ts';
import { readPrometheusText } from './prometheus-text.ts';

/** Series of one endpoint: they are in every Snapshot. */
export const MOST_SERIES = 500;
/** An application with histograms for some hundred routes has a page of this size. */
export const MOST_BYTES = 1024 * 1024;
/** JSON has to be parsed as a whole, at once: more would hold up everything else. */
const MOST_JSON = 256 * 1024;

export type Reading = Pick<EndpointFact, 'form' | 'series' | 'dropped' | 'rejected' | 'error'>;

const failed = (error: string, rejected = 0): Reading => ({ form: null, series: [], dropped: 0, rejected, error });

/**
 * The numbers of an answer; the form is told by looking, for applications send JSON as text/html.
 * @param source name of the endpoint.
 */
export function readAnswer(source: string, outcome: GetOutcome): Reading {
  if (!outcome.ok) return failed(outcome.error);
  const { status, body, isCut } = outcome;
  if (status >= 300 && status < 400) return failed(`redirects (${status}), which is not followed`);
  if (status < 200 || status >= 300) return failed(`answers ${status}`);
  if (isJson(body) && body.length > MOST_JSON) return failed('the answer is JSON of more than 256 KiB');
  const json = isCut ? undefined : parseJson(body);
  if (typeof json === 'object' && json !== null) {
    const { numbers, dropped } = readJsonNumbers(json, MOST_SERIES);
    if (numbers.length === 0) return failed('the answer holds no numbers');
    const series = numbers.map(({ name, value }) => ({ source, name, labels: {}, value }));
    return { form: 'json', series, dropped, rejected: 0, error: null };
  }
  // Of a page that is cut the last line is not whole.
  const text = isCut ? body.slice(0, body.lastIndexOf('\n') + 1) : body;
  const { samples, dropped, rejected } = readPrometheusText(text, MOST_SERIES);
  if (samples.length === 0 && (rejected > 0 || !/^# (HELP|TYPE|EOF)\b/m.test(text))) {
    return failed('the answer is neither Prometheus text nor JSON', rejected);
  }
  const series = samples.map((sample) => ({ source, ...sample }));
  const error = isCut ? 'longer than 1 MiB: the rest is left out' : null;
  return { form: 'prometheus', series, dropped, rejected, error };
}

/** It may be: in Prometheus 3 a sample may begin with a brace too, and goes on with its name in quotes. */
const isJson = (text: string): boolean => /^\s*(?:\[|\{(?!\s*"[^"]*"\s*[,}]))/.test(text.slice(0, 1000));

/** Undefined when it is no JSON. */
function parseJson(text: string): unknown {
  if (!isJson(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

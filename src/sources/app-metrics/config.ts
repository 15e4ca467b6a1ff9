/** The section `metrics-endpoints` of the config file. */
import * as v from 'valibot';
import { HTTP_ENTRIES, named, seconds } from '../client/config.ts';
import { printedUrl } from '../client/shown-url.ts';
import type { EndpointSpec } from './spec.ts';

const MOST_ENDPOINTS = 20;

const endpoint = v.pipe(
  v.strictObject(
    {
      ...HTTP_ENTRIES,
      interval: v.optional(seconds(1, 86_400), 10),
      timeout: v.optional(seconds(0.1, 300), 3),
    },
    'needs a url, and takes socket, host, interval, timeout',
  ),
  v.transform(
    ({ url, socket, host, interval, timeout }): Omit<EndpointSpec, 'name'> => ({
      url,
      socket,
      host,
      intervalSeconds: interval,
      timeoutSeconds: timeout,
    }),
  ),
);

/** What the section may hold: URLs by name, or settings by name, or a list of settings with names. */
export const endpointsSchema: v.GenericSchema<unknown, EndpointSpec[]> = named(endpoint, {
  shape: 'must be a map of endpoints, each with a url',
  most: MOST_ENDPOINTS,
  expand: (url) => ({ url }),
});

/** As a file has it, but for the query of a URL. @param value what the schema made. */
export function endpointsForFile(value: unknown): unknown {
  return Object.fromEntries(
    (value as readonly EndpointSpec[]).map(({ name, url, socket, host, intervalSeconds, timeoutSeconds }) => [
      name,
      {
        url: printedUrl(url),
        ...(socket === null ? {} : { socket }),
        ...(host === null ? {} : { host }),
        interval: `${intervalSeconds}s`,
        timeout: `${timeoutSeconds}s`,
      },
    ]),
  );
}

/** The section `probes` of the config file. */
import * as v from 'valibot';
import { parseAddress } from '../client/address.ts';
import { count, HTTP_ENTRIES, named, seconds } from '../client/config.ts';
import { printedUrl } from '../client/shown-url.ts';
import type { HttpProbe, ProbeSchedule, ProbeSpec, TcpProbe } from './spec.ts';

const MOST_PROBES = 50;

const SHAPE = 'must be a map of probes, each with a url or a tcp address';
const TCP = 'must be an address like 127.0.0.1:5432 or unix:/run/redis.sock';
const STATUS = 'must be a status like 200 or 2xx, or a list of them';
const JSON_FIELDS = 'must be fields with the values they must have, like { status: ok }';

const SCHEDULE = {
  interval: v.optional(seconds(1, 86_400), 10),
  timeout: v.optional(seconds(0.1, 300), 3),
  'initial-delay': v.optional(seconds(0, 86_400), 0),
  failures: v.optional(count(1, 100), 3),
  successes: v.optional(count(1, 100), 1),
};

const status = v.pipe(
  v.union([v.string(), v.number()], STATUS),
  v.transform((value) => String(value).toLowerCase()),
  v.regex(/^[1-5](xx|\d\d)$/, STATUS),
);

const statuses = v.pipe(
  v.union([v.pipe(v.array(status, STATUS), v.minLength(1, STATUS)), status], STATUS),
  v.transform((value) => (Array.isArray(value) ? value : [value])),
);

const jsonFields = v.record(
  v.pipe(v.string(), v.nonEmpty(JSON_FIELDS)),
  v.union([v.string(), v.number(), v.boolean()], JSON_FIELDS),
  JSON_FIELDS,
);

type Schedule = v.InferOutput<v.ObjectSchema<typeof SCHEDULE, undefined>>;

const scheduleOf = (written: Schedule): ProbeSchedule => ({
  intervalSeconds: written.interval,
  timeoutSeconds: written.timeout,
  initialDelaySeconds: written['initial-delay'],
  failures: written.failures,
  successes: written.successes,
});

/** A probe without its name, which stands outside of it. */
type Nameless<T extends ProbeSpec> = Omit<T, 'name'>;

const http = v.pipe(
  v.strictObject(
    {
      ...SCHEDULE,
      ...HTTP_ENTRIES,
      status: v.optional(statuses, '2xx'),
      json: v.optional(jsonFields, {}),
    },
    'takes url, socket, host, status, json, interval, timeout, initial-delay, failures, successes',
  ),
  v.transform(
    (written): Nameless<HttpProbe> => ({
      kind: 'http',
      url: written.url,
      socket: written.socket,
      host: written.host,
      statuses: written.status,
      json: written.json,
      ...scheduleOf(written),
    }),
  ),
);

const tcp = v.pipe(
  v.strictObject(
    {
      ...SCHEDULE,
      tcp: v.pipe(
        v.string(TCP),
        v.transform((text) => text.replace(/^tcp:\/\//, '')),
        v.check((text) => parseAddress(text) !== null, TCP),
      ),
    },
    'takes tcp, interval, timeout, initial-delay, failures, successes',
  ),
  v.transform(
    (written): Nameless<TcpProbe> => ({
      kind: 'tcp',
      address: written.tcp,
      ...scheduleOf(written),
    }),
  ),
);

const probe = v.lazy((settings) => {
  const keys = Object.keys(settings as object);
  if (keys.includes('url') === keys.includes('tcp')) return needsOne;
  return keys.includes('tcp') ? tcp : http;
});

const needsOne = v.custom<Nameless<HttpProbe> | Nameless<TcpProbe>>(
  () => false,
  'needs a url or a tcp address, one of them',
);

/** What the section may hold: a map by name, or a list of probes with names; an address alone stands for a probe. */
export const probesSchema: v.GenericSchema<unknown, ProbeSpec[]> = named(probe, {
  shape: SHAPE,
  most: MOST_PROBES,
  expand: (text) => (/^(tcp:\/\/|unix:)/.test(text) ? { tcp: text } : { url: text }),
});

/** As a file has it, but for the query of a URL. @param value what the schema made. */
export function probesForFile(value: unknown): unknown {
  return Object.fromEntries((value as readonly ProbeSpec[]).map((spec) => [spec.name, written(spec)]));
}

function written(spec: ProbeSpec): Record<string, unknown> {
  const schedule = {
    interval: `${spec.intervalSeconds}s`,
    timeout: `${spec.timeoutSeconds}s`,
    'initial-delay': `${spec.initialDelaySeconds}s`,
    failures: spec.failures,
    successes: spec.successes,
  };
  if (spec.kind === 'tcp') return { tcp: spec.address, ...schedule };
  const { socket, host, statuses: status, json } = spec;
  return {
    url: printedUrl(spec.url),
    ...(socket === null ? {} : { socket }),
    ...(host === null ? {} : { host }),
    status,
    json,
    ...schedule,
  };
}

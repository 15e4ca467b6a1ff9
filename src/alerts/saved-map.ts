/** Objects that stand for maps in what is remembered. */
import * as v from 'valibot';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As `v.record`, which leaves out what is called `__proto__`, `prototype` or `constructor`: labels like any other. */
export const savedMap = <T>(value: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, Record<string, T>> =>
  v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isObject),
    v.transform((object) => Object.entries(object)),
    v.array(v.tuple([v.string(), value])),
    v.transform((entries): Record<string, T> => Object.fromEntries(entries)),
  );

/**
 * Property tests draw the same cases at every run, so that a red test is a change's fault. `PROPERTY_SEED=7 npx vitest
 * run --project unit` draws others: worth doing now and then.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_121) });

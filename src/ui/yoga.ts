/** Yoga, which lays Ink's boxes out, in the bundle: a script, other than a module, cannot wait for its WebAssembly. */
import * as yoga from 'yoga-layout';

/** Resolves when boxes can be laid out. */
export async function yogaLoaded(): Promise<void> {
  if ('loaded' in yoga) await yoga.loaded;
}

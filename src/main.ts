/**
 * Entry of the bundle: the program itself, or one of the demo's processes. Each part is imported only where it is
 * played.
 */
import { setFlagsFromString } from 'node:v8';

// Young garbage here is a megabyte a second: waking four threads for it costs more than collecting it on one
// (measured: 0.4 % of a core).
setFlagsFromString('--no-parallel-scavenge');

if (process.env.GTOP_DEMO_ROLE) {
  const { runDemoChild } = await import('./cli/demo/child.ts');
  await runDemoChild(process.env.GTOP_DEMO_ROLE);
} else {
  const { main } = await import('./cli/main.ts');
  await main(process.argv.slice(2), {
    program: new URL(import.meta.url),
    engine: new URL('./engine.js', import.meta.url),
    reportPart: new URL('./report-part.js', import.meta.url),
  });
}

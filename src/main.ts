/**
 * Entry of the bundle: the program itself, or one of the demo's processes. Each part is imported only where it is
 * played.
 */
if (process.env.GTOP_DEMO_ROLE) {
  const { runDemoChild } = await import('./cli/demo/child.ts');
  await runDemoChild(process.env.GTOP_DEMO_ROLE);
} else {
  const { main } = await import('./cli/main.ts');
  await main(process.argv.slice(2), {
    program: new URL(import.meta.url),
    engine: new URL('./engine.js', import.meta.url),
  });
}

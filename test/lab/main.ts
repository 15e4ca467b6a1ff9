/** `npm run lab [-- NAME…]`: stages incidents on real Gunicorns and prints what gtop said of them. */
import { relative } from 'node:path';
import { cleanUp } from '../support/cleanup.ts';
import { describeSetting } from './incident.ts';
import { INCIDENTS } from './incidents/index.ts';
import { type Result, runAll, SIDE_BY_SIDE, trialsOf } from './run.ts';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !INCIDENTS.some((incident) => incident.name === name));
if (unknown.length > 0) {
  console.error(`no incident ${unknown.join(', ')}; there are: ${INCIDENTS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
}

const chosen = names.length === 0 ? INCIDENTS : INCIDENTS.filter(({ name }) => names.includes(name));
const trials = trialsOf(chosen);
console.log(`${trials.length} incidents, ${SIDE_BY_SIDE} side by side\n`);
console.log(row('incident', 'gunicorn', 'after', '', 'what gtop said'));
const startedMs = Date.now();
const results = await runAll(trials, (result) => console.log(describe(result)));
await cleanUp();
const wrong = results.filter(({ faults }) => faults.length > 0);
const late = results.filter(({ faults, isLate }) => isLate && faults.length === 0);
const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
console.log(
  `\n${results.length - wrong.length - late.length} right, ${late.length} right but late, ${wrong.length} wrong, in ${seconds} s`,
);
process.exit(wrong.length + late.length === 0 ? 0 : 1);

function describe({ trial: { incident, setting }, said, seconds, isLate, faults, keptIn }: Result): string {
  const after = seconds === null ? '–' : `${seconds.toFixed(1)} s`;
  const mark = faults.length > 0 ? 'WRONG' : isLate ? 'LATE' : 'right';
  const line = row(incident.name, describeSetting(setting), after, mark, said);
  const kept = keptIn === null ? [] : [`  ! see ${relative('.', keptIn)}`];
  return [line, ...faults.map((fault) => `  ! ${fault}`), ...kept].join('\n');
}

function row(incident: string, setting: string, after: string, mark: string, said: string): string {
  return [incident.padEnd(22), setting.padEnd(30), after.padStart(6), mark.padEnd(5), said].join('  ');
}

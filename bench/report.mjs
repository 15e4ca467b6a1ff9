// What does a report on 1 M lines cost, beside GoAccess and beside `wc -l`, the wall? One log for all, every program on
// it in turns; the best round of each counts. GOACCESS= names another GoAccess, GTOP= another gtop.js, LINES= how many
// lines. Takes a minute or two.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAccessLog } from './lib/access-log.mjs';

const LINES = Number(process.env.LINES ?? 1_000_000);
const GOACCESS = process.env.GOACCESS ?? 'goaccess';
const GTOP = process.env.GTOP ?? fileURLToPath(new URL('../bin/gtop.js', import.meta.url));
const FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s';

const folder = mkdtempSync(join(tmpdir(), 'gtop-report-'));
const log = join(folder, 'access.log');
const output = (name) => join(folder, name);

const goaccess = [
  GOACCESS,
  log,
  '--no-global-config',
  '--no-progress',
  '--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %D',
  '--date-format=%d/%b/%Y',
  '--time-format=%T',
  '-o',
  output('goaccess.json'),
];
/** Two threads, since GoAccess 1.8. */
const hasJobs = `${spawnSync(GOACCESS, ['--help'], { encoding: 'utf8' }).stdout}`.includes('--jobs');
const PROGRAMS = {
  'wc -l': { rounds: 3, command: ['wc', '-l', log] },
  GoAccess: { rounds: 1, command: goaccess },
  ...(hasJobs ? { 'GoAccess -j 2': { rounds: 1, command: [...goaccess, '-j', '2'] } } : {}),
  'gtop report': {
    rounds: 5,
    command: [process.execPath, GTOP, 'report', log, '--no-config', '-o', output('gtop.json')],
  },
  'gtop report -f': {
    rounds: 5,
    command: [process.execPath, GTOP, 'report', log, '--no-config', '-f', FORMAT, '-o', output('gtop.json')],
  },
};

/** Runs it under a small Python program, which alone can tell the CPU time and the peak memory of a child. */
const MEASURE = `
import json, os, resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'code': code, 'seconds': time.monotonic() - start, 'cpu': used.ru_utime + used.ru_stime, 'mb': used.ru_maxrss / 1024}))
`;

function measure(command) {
  const result = JSON.parse(execFileSync('python3', ['-c', MEASURE, ...command], { encoding: 'utf8' }));
  if (result.code !== 0) throw new Error(`${command.join(' ')}: exit code ${result.code}`);
  return result;
}

try {
  writeAccessLog(log, LINES);
  if (spawnSync(GOACCESS, ['--version']).status !== 0) {
    console.error(`${GOACCESS} cannot be run: apt-get install goaccess, or name one with GOACCESS=`);
    process.exitCode = 1;
  } else {
    const version = execFileSync(GOACCESS, ['--version'], { encoding: 'utf8' }).match(/[\d.]+\d/)?.[0];
    console.log(`${LINES} lines, ${(statSync(log).size / 1e6).toFixed(0)} MB; GoAccess ${version}\n`);
    const best = {};
    for (let round = 0; round < 5; round++) {
      for (const [name, { rounds, command }] of Object.entries(PROGRAMS)) {
        if (round >= rounds) continue;
        const result = measure(command);
        if (best[name] === undefined || result.seconds < best[name].seconds) best[name] = result;
      }
    }
    const peerName = hasJobs ? 'GoAccess -j 2' : 'GoAccess';
    const peer = best[peerName];
    console.log(
      `${''.padEnd(16)}${'lines/s'.padStart(12)}${'CPU'.padStart(9)}${'peak'.padStart(9)}${`× ${peerName}`.padStart(18)}`,
    );
    for (const [name, { seconds, cpu, mb }] of Object.entries(best)) {
      const rate = Math.round(LINES / seconds / 1000) * 1000;
      console.log(
        `${name.padEnd(16)}${rate.toLocaleString('en-US').padStart(12)}${`${cpu.toFixed(2)} s`.padStart(9)}` +
          `${`${mb.toFixed(0)} MB`.padStart(9)}${(peer.seconds / seconds).toFixed(1).padStart(18)}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

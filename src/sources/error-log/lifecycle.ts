/**
 * The life-cycle messages of Gunicorn 19.9 … 26.2 (`gunicorn/arbiter.py`, `gunicorn/workers/*.py`), one row a message.
 * Patterns are anchored; a message that matches none is just text.
 */
import type { LifecycleEvent } from '../../model/facts.ts';

interface Row {
  readonly pattern: RegExp;
  readonly event: (match: RegExpExecArray) => LifecycleEvent;
}

const fixed =
  (event: LifecycleEvent): Row['event'] =>
  () =>
    event;

const about =
  (kind: 'worker-boot' | 'worker-exit' | 'worker-timeout'): Row['event'] =>
  (match) => ({ kind, pid: Number(match[1]) });

const SIGNALS_BY_NUMBER: Readonly<Record<string, string>> = {
  '1': 'SIGHUP',
  '2': 'SIGINT',
  '3': 'SIGQUIT',
  '4': 'SIGILL',
  '6': 'SIGABRT',
  '7': 'SIGBUS',
  '8': 'SIGFPE',
  '9': 'SIGKILL',
  '10': 'SIGUSR1',
  '11': 'SIGSEGV',
  '12': 'SIGUSR2',
  '15': 'SIGTERM',
};

/** The wait status of a process that dumped core: its signal with the bit 0x80 (21.0 – 23.0 print it raw). */
const signalOfStatus = (status: string): string => {
  const signal = Number(status) & 0x7f;
  return SIGNALS_BY_NUMBER[String(signal)] ?? `signal ${signal}`;
};

const workerSignal = (pid: string, signal: string): LifecycleEvent => ({
  kind: 'worker-signal',
  pid: Number(pid),
  signal,
});

const requestError = (method: string | null, target: string | null): LifecycleEvent => ({
  kind: 'request-error',
  method,
  target,
});

const MESSAGES: readonly Row[] = [
  { pattern: /^Starting gunicorn (\S+)$/, event: (m) => ({ kind: 'master-start', version: m[1] }) },
  {
    // `Listening at: http://127.0.0.1:8000,unix:/run/g.sock (4711)`; after a HUP without the pid.
    pattern: /^Listening at: (.*?)(?: \((\d+)\))?$/,
    event: (m) => ({
      kind: 'listening',
      listeners: m[1].split(',').filter((listener) => listener !== ''),
      masterPid: m[2] === undefined ? null : Number(m[2]),
    }),
  },
  { pattern: /^Using worker: (\S+)$/, event: (m) => ({ kind: 'worker-class', name: m[1] }) },
  { pattern: /^Control socket listening at (.+)$/, event: (m) => ({ kind: 'control-socket', path: m[1] }) },
  {
    pattern: /^(?:Control server error:|Failed to start control socket:|control socket thread did not stop)/,
    event: fixed({ kind: 'control-socket-error' }),
  },
  { pattern: /^Booting worker with pid: (\d+)$/, event: about('worker-boot') },
  { pattern: /^Worker exiting \(pid: (\d+)\)$/, event: about('worker-exit') },
  { pattern: /^Autorestarting worker after current request\.$/, event: fixed({ kind: 'worker-recycle' }) },
  {
    pattern: /^Maximum request limit of \d+ exceeded\. Terminating process\.$/,
    event: fixed({ kind: 'worker-recycle' }),
  },
  // --reload: each worker watches the files by itself (gunicorn/workers/base.py, init_process).
  { pattern: /^Worker reloading: (.+) modified$/, event: (m) => ({ kind: 'worker-reload', file: m[1] }) },
  { pattern: /^WORKER TIMEOUT \(pid:(\d+)\)$/, event: about('worker-timeout') },
  {
    pattern: /^Worker \(pid:(\d+)\) was sent (?:code (\d+)|(SIG\w+))!/,
    event: (m) => workerSignal(m[1], m[3] ?? signalOfStatus(m[2])),
  },
  {
    // 20.1 only. Earlier versions say nothing.
    pattern: /^Worker with pid (\d+) was terminated due to signal (\d+)$/,
    event: (m) => workerSignal(m[1], signalOfStatus(m[2])),
  },
  {
    pattern: /^Worker \(pid:(\d+)\) exited with code (\d+)\.?$/,
    event: (m) => ({ kind: 'worker-exit-code', pid: Number(m[1]), code: Number(m[2]) }),
  },
  { pattern: /^Exception in worker process/, event: fixed({ kind: 'worker-exception' }) },
  { pattern: /^Parent changed, shutting down/, event: fixed({ kind: 'worker-orphaned' }) },
  { pattern: /^Shutting down: (.+)$/, event: (m) => ({ kind: 'master-shutdown', name: m[1] }) },
  { pattern: /^Reason: (.+)$/, event: (m) => ({ kind: 'shutdown-reason', reason: m[1] }) },
  { pattern: /^Handling signal: (\w+)$/, event: (m) => ({ kind: 'signal', name: m[1] }) },
  { pattern: /^Hang up: /, event: fixed({ kind: 'reload' }) },
  { pattern: /^Master has been promoted\.$/, event: fixed({ kind: 'promoted' }) },
  { pattern: /^USR2 signal ignored\./, event: fixed({ kind: 'upgrade-ignored' }) },
  { pattern: /^Unhandled exception in main loop/, event: fixed({ kind: 'master-exception' }) },
  {
    pattern: /^(?:Connection in use: |connection to .+ failed: |Can't connect to )/,
    event: fixed({ kind: 'bind-failed' }),
  },
  {
    pattern: /^Error handling request(?: \(no URI read\))?$/,
    event: fixed(requestError(null, null)),
  },
  {
    // With the method since 25.2; a target never begins with a letter but in absolute form.
    pattern: /^Error handling request (?:([A-Z]+) )?(\S.*)$/,
    event: (m) => requestError(m[1] ?? null, m[2]),
  },
  {
    pattern: /^Invalid request from ip=([^:]*(?::[0-9a-fA-F:.]*)?): (.*)$/,
    event: (m) => ({ kind: 'invalid-request', address: m[1], reason: m[2] }),
  },
];

/** The event that a message tells of; null when it is just text. */
export function lifecycleEvent(message: string): LifecycleEvent | null {
  // The longest of these messages names a request target; no target longer than this is served.
  const line = message.length > 16_384 ? message.slice(0, 16_384) : message;
  for (const { pattern, event } of MESSAGES) {
    const match = pattern.exec(line);
    if (match) return event(match);
  }
  return null;
}

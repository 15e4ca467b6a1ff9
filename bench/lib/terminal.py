"""Runs a full-screen program in a pseudo-terminal and measures it from outside. Linux; standard library only."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ESCAPES = re.compile(rb'\x1b\[[0-9;?<>=!]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[=>78cDEHM]|[\x00-\x1f]')
TICKS_PER_SECOND = os.sysconf('SC_CLK_TCK')


def stat_fields(pid):
    """The fields of /proc/PID/stat from the third on, or None when the process is gone."""
    try:
        with open('/proc/%d/stat' % pid) as file:
            return file.read().rsplit(')', 1)[1].split()
    except OSError:
        return None


def family(root):
    """`root` and its descendants."""
    children = {}
    for name in os.listdir('/proc'):
        fields = stat_fields(int(name)) if name.isdigit() else None
        if fields:
            children.setdefault(int(fields[1]), []).append(int(name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += children.get(pid, [])
    return found


def cpu_seconds(root):
    """User and system time of the family so far, children that have ended included."""
    fields = [stat_fields(pid) for pid in family(root)]
    return sum(int(value) for each in fields if each for value in each[11:15]) / TICKS_PER_SECOND


def peak_memory(root):
    """Bytes of resident memory at its peak (VmHWM), all of the family."""
    total = 0
    for pid in family(root):
        try:
            with open('/proc/%d/status' % pid) as file:
                found = re.search(r'VmHWM:\s+(\d+)', file.read())
        except OSError:
            continue
        total += int(found[1]) * 1024 if found else 0
    return total


def start(command, columns=160, rows=45):
    """Starts `command` in a terminal of its own. Returns its pid and the terminal's other end."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM='xterm-256color', COLORTERM='truecolor', COLUMNS=str(columns), LINES=str(rows))
        os.environ.pop('CI', None)
        # Node reads the certificates of this file before it runs any program: 50 ms and 4 MB where they are all of Mozilla's.
        os.environ.pop('NODE_EXTRA_CA_CERTS', None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    return pid, terminal


def measure(command, marker, seconds, settle=5, columns=160, rows=45):
    """
    Runs `command` for `seconds`, then presses q. The first full frame is the moment when `marker`, a pattern, is in
    what the program has written without its escape sequences; cost is measured after `settle` seconds.
    """
    started = time.monotonic()
    pid, terminal = start(command, columns, rows)
    pattern = re.compile(marker.encode())
    first_frame, text = None, b''
    base_cpu, base_time, steady_bytes = None, None, 0
    try:
        while time.monotonic() - started < seconds:
            ready, _, _ = select.select([terminal], [], [], 0.02)
            now = time.monotonic()
            if base_cpu is None and now - started > settle:
                base_cpu, base_time = cpu_seconds(pid), now
            if not ready:
                continue
            data = os.read(terminal, 1 << 16)
            if first_frame is None:
                text += data
                if pattern.search(ESCAPES.sub(b'', text)):
                    first_frame = now - started
            if base_cpu is not None:
                steady_bytes += len(data)
        span = time.monotonic() - base_time
        result = {
            'first frame ms': None if first_frame is None else first_frame * 1000,
            'CPU % of a core': (cpu_seconds(pid) - base_cpu) / span * 100,
            'bytes/s': steady_bytes / span,
            'peak RSS MB': peak_memory(pid) / 1e6,
        }
    except OSError:
        raise SystemExit('%s ended by itself:\n%s' % (' '.join(command), ESCAPES.sub(b'', text).decode(errors='replace')))
    finally:
        finish(pid, terminal)
    return result


def finish(pid, terminal):
    """Presses q and reads on until the program has ended; after 3 s it is killed."""
    try:
        os.write(terminal, b'q')
    except OSError:
        pass
    deadline = time.monotonic() + 3
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        if select.select([terminal], [], [], 0.02)[0]:
            try:
                os.read(terminal, 1 << 16)
            except OSError:
                time.sleep(0.02)
    os.close(terminal)

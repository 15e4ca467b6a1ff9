#!/usr/bin/env python3
"""How soon a key is answered, idle and while a log grows by 50,000 lines/s, and what an idle screen costs the line.

    python3 bench/keys.py [--keys 40] [--rate 50000] [--idle 30] [-- OPTIONS OF GTOP]    (NODE=… picks the Node)

A key is answered when the first bytes of its effect have been read: `?` until the help is there. With options of gtop,
such as `--pid /run/gunicorn.pid`, the idle screen shows that Gunicorn too.
"""

import os
import select
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, 'lib'))
import gtop  # noqa: E402
from terminal import ESCAPES, finish, start  # noqa: E402

# An answer that takes longer is none.
PATIENCE = 5


class Screen:
    """gtop in a pseudo-terminal."""

    def __init__(self, command):
        self.pid, self.terminal = start(command)

    def read(self, seconds):
        """The bytes of a while."""
        data, until = b'', time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                data += os.read(self.terminal, 1 << 16)
        return data

    def answer(self, key, marker):
        """Seconds from a key to the text that it brings; None after PATIENCE."""
        pressed, data = time.monotonic(), b''
        os.write(self.terminal, key)
        while time.monotonic() - pressed < PATIENCE:
            if select.select([self.terminal], [], [], 0.1)[0]:
                data += os.read(self.terminal, 1 << 16)
                if marker in ESCAPES.sub(b'', data):
                    return time.monotonic() - pressed
        return None

    def answers(self, count):
        """Milliseconds of each of so many keys, spread over the second in which frames come."""
        seconds = []
        for index in range(count):
            seconds.append(self.answer(b'?', b'Help'))
            self.read(0.15)
            os.write(self.terminal, b'\x1b')
            self.read(0.35 + index % 10 * 0.03)
        return [each * 1000 for each in seconds if each is not None], seconds.count(None)

    def close(self):
        finish(self.pid, self.terminal)


def said(name, milliseconds, unanswered):
    if not milliseconds:
        return f'{name:34}none answered'
    p95 = sorted(milliseconds)[int(0.95 * (len(milliseconds) - 1))]
    lost = f', {unanswered} unanswered' if unanswered else ''
    return f'{name:34}{statistics.median(milliseconds):8.1f}{p95:8.1f}{max(milliseconds):8.1f} ms{lost}'


def main():
    options = gtop.options(__doc__, more=['gtop'], keys=40, rate=50_000.0, idle=30.0)
    program = gtop.command()
    writer = [sys.executable, os.path.join(HERE, 'lib', 'live_log.py')]

    with tempfile.TemporaryDirectory(prefix='gtop-bench-') as folder:
        log = os.path.join(folder, 'access.log')
        subprocess.run([*writer, log, '200', '2'], stdout=subprocess.DEVNULL, check=True)
        screen = Screen([*program, '--log', log, *options.gtop])
        # Until its window holds nothing any more.
        screen.read(75)
        idle = len(screen.read(options.idle)) / options.idle
        quiet = screen.answers(options.keys)
        screen.close()

        busy = subprocess.Popen([*writer, log, str(options.rate), str(options.keys * 2 + 60)], stdout=subprocess.PIPE)
        screen = Screen([*program, '--log', log])
        try:
            screen.read(10)
            before, began = os.path.getsize(log), time.monotonic()
            loaded = screen.answers(options.keys)
            written = (os.path.getsize(log) - before) / (time.monotonic() - began)
        finally:
            busy.terminate()
            busy.wait()
            screen.close()

    print(f'160x45, {options.keys} keys each{"":11}median     p95     max   goal: 50 ms')
    print(said('a key, idle', *quiet))
    print(said(f'a key at {options.rate:g} lines/s ({written / 1e6:.1f} MB/s)', *loaded))
    print(f'idle, nothing changing but the clock: {idle:.0f} bytes/s   goal: under 200')


main()

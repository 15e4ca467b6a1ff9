#!/usr/bin/env python3
"""Whether rules and scrapes delay the dashboard: its frames and its answers to keys, without them and with them.

    python3 bench/frames.py [--runs 3] [--seconds 30] [--rate 400]      (NODE=… picks the Node that runs gtop)

The dashboard runs in a real terminal, 160x45, over a live log of 200 endpoints and some 2,000 series; "with" means 100
rules evaluated every second and a scraper that asks for /metrics five times a second. Keys are pressed between two
frames, so that the next thing written is the answer.
"""

import json
import multiprocessing
import os
import re
import select
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, 'lib'))
import gtop  # noqa: E402
import live_log  # noqa: E402
from terminal import ESCAPES, finish, start  # noqa: E402

ENDPOINTS = [f'/shop/part-{number}' for number in range(200)]
STATUSES = [200, 201, 302, 404, 500, 503]
MARKER = re.compile(rb'/shop/part')
# Writes closer to each other than this are one frame.
QUIET = 0.03
# After a frame, far from the next.
PRESS_AFTER = 0.4

# Conditions that never hold: what is measured is the evaluation, not a screen full of alerts.
KINDS = [
    'rate(gunicorn_requests_total{{status=~"5..",endpoint="/shop/part-{n}"}}[5m]) > 1e6',
    'sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_requests_total[5m])) > 1{n}',
    'histogram_quantile(0.95, sum by (le) (rate(gunicorn_request_duration_seconds_bucket[5m]))) > 1{n}00',
    'sum by (endpoint) (increase(gunicorn_errors_total[10m])) > 1e{n}9',
    'topk(5, sum by (endpoint) (rate(gunicorn_requests_total{{method="GET"}}[5m]))) > 1e{n}9',
    'predict_linear(system_memory_usage_bytes[30m], 3600) > 1e2{n}',
    'avg_over_time(gunicorn_requests_total{{endpoint=~"/shop/part-{n}.*"}}[10m]) > 1e2{n}',
    'max_over_time(sum(rate(gunicorn_errors_total{{endpoint="/shop/part-{n}"}}[5m]))[5m:1m]) > 1e6',
    'sum by (status) (rate(gunicorn_requests_total[5m])) > 1e2{n}',
    'count(gunicorn_requests_total) > 1e2{n}',
]


def rule_file(path):
    rules = [
        {'alert': f'Rule{number}', 'expr': KINDS[number % len(KINDS)].format(n=number // len(KINDS))} for number in range(100)
    ]
    with open(path, 'w') as file:
        json.dump({'groups': [{'name': 'bench', 'interval': '1s', 'rules': rules}]}, file)


def write_log(path, rate, seconds):
    live_log.ROUTES, live_log.STATUSES = ENDPOINTS, STATUSES
    live_log.main(path, rate, seconds)


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


class Scraper(threading.Thread):
    """Asks for /metrics five times a second until it is told to stop."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.address = f'http://127.0.0.1:{port}'
        self.seconds, self.bytes, self.stopped = [], 0, threading.Event()

    def run(self):
        while not self.stopped.wait(0.2):
            began = time.monotonic()
            try:
                with urllib.request.urlopen(self.address + '/metrics', timeout=10) as answer:
                    self.bytes = len(answer.read())
            except OSError:
                continue
            self.seconds.append(time.monotonic() - began)

    def series(self):
        with urllib.request.urlopen(self.address + '/snapshot', timeout=10) as answer:
            return json.load(answer)['rules']['series']


def watch(command, seconds, scraper=None, settle=5):
    """Runs the dashboard for so long after its start. Returns the gaps between frames, and the times to answer a key."""
    pid, terminal = start(command)
    text, began, until = b'', None, time.monotonic() + 20
    last_write, pressed, due = 0.0, None, None
    frames, answers, series = [], [], None
    try:
        while time.monotonic() < until:
            ready, _, _ = select.select([terminal], [], [], 0.002)
            now = time.monotonic()
            measuring = began is not None and now > began + settle
            if ready:
                data = os.read(terminal, 1 << 16)
                if began is None:
                    text += data
                    if MARKER.search(ESCAPES.sub(b'', text)):
                        began, until = now, now + settle + seconds
                elif measuring and now - last_write > QUIET:
                    if pressed is None:
                        frames.append(now)
                        due = now + PRESS_AFTER
                    else:
                        answers.append(now - pressed)
                        pressed = None
                last_write = now
            elif measuring and due is not None and now > due:
                os.write(terminal, b'\t')
                pressed, due = now, None
        if scraper is not None:
            series = scraper.series()
    except OSError:
        raise SystemExit(f'gtop ended by itself:\n{ESCAPES.sub(b"", text).decode(errors="replace")}')
    finally:
        finish(pid, terminal)
    if began is None:
        raise SystemExit('gtop has drawn no frame with data')
    return [later - earlier for earlier, later in zip(frames, frames[1:])], answers, series


def row(name, values):
    """Milliseconds: median, 95th percentile, worst."""
    if not values:
        return f'  {name:22}{"none":>10}'
    ordered = sorted(value * 1000 for value in values)
    picked = (statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[-1])
    return f'  {name:22}' + ''.join(f'{value:10.0f}' for value in picked) + f'{len(ordered):10}'


def main():
    options = gtop.options(__doc__, runs=3, seconds=30.0, rate=400.0)
    sys.setswitchinterval(0.001)

    with tempfile.TemporaryDirectory(prefix='gtop-bench-') as folder:
        log, rules = os.path.join(folder, 'access.log'), os.path.join(folder, 'rules.yml')
        open(log, 'w').close()
        rule_file(rules)
        # What is remembered of the rules goes with the folder.
        os.environ['XDG_STATE_HOME'] = folder
        command = [*gtop.command(), '--log', log]
        total = options.runs * 2 * (options.seconds + 12) + 30
        writer = multiprocessing.Process(target=write_log, args=(log, options.rate, total), daemon=True)
        writer.start()
        gaps, answers, scraped, size, series = ([], []), ([], []), [], 0, None
        try:
            # Until every endpoint has been seen with most statuses.
            time.sleep(15)
            for _ in range(options.runs):
                for kind in (0, 1):
                    scraper = Scraper(free_port()) if kind == 1 else None
                    more = []
                    if scraper is not None:
                        more = ['--rules', rules, '--listen', scraper.address.removeprefix('http://')]
                        scraper.start()
                    found = watch(command + more, options.seconds, scraper)
                    gaps[kind].extend(found[0])
                    answers[kind].extend(found[1])
                    if scraper is not None:
                        scraper.stopped.set()
                        scraper.join()
                        scraped.extend(scraper.seconds)
                        size, series = scraper.bytes, found[2]
        finally:
            writer.terminate()
            writer.join()

    print(f'the dashboard at {options.rate:g} requests/s over 200 endpoints, 160x45, 1 Hz, Node {gtop.version()}')
    print(f'  {"ms":22}{"median":>10}{"95 %":>10}{"worst":>10}{"count":>10}')
    for kind, name in enumerate(('alone', f'100 rules over {series} series every second, and a scraper')):
        print(name)
        print(row('between two frames', gaps[kind]))
        print(row('to answer a key', answers[kind]))
    print(row(f'/metrics, {size // 1000} kB', scraped))


if __name__ == '__main__':
    main()

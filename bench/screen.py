#!/usr/bin/env python3
"""What the dashboard costs, beside htop in the same run: gtop on a live log of 200 requests/s, 160x45, 1 Hz.

    python3 bench/screen.py [--runs 5] [--seconds 20] [--rate 200]      (NODE=… picks the Node that runs gtop)

Prints the median of the runs. Start-up counts from the exec to the first frame with data in it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, 'lib'))
import gtop  # noqa: E402
from terminal import measure  # noqa: E402

GOALS = {'first frame ms': '200 (Node 20: 260)', 'CPU % of a core': '1.5', 'bytes/s': '2000', 'peak RSS MB': '100'}


def main():
    options = gtop.options(__doc__, runs=5, seconds=20.0, rate=200.0)
    gtop.node('htop')

    with tempfile.TemporaryDirectory(prefix='gtop-bench-') as folder:
        log = os.path.join(folder, 'access.log')
        # htop's -d counts tenths of a second.
        programs = {'gtop': ([*gtop.command(), '--log', log], r'/checkout'), 'htop': (['htop', '-d', '10'], r'Load average')}
        total = options.runs * len(programs) * (options.seconds + 5) + 10
        writer = subprocess.Popen(
            [sys.executable, os.path.join(HERE, 'lib', 'live_log.py'), log, str(options.rate), str(total)],
            stdout=subprocess.DEVNULL,
        )
        try:
            time.sleep(3)
            results = {name: [] for name in programs}
            for _ in range(options.runs):
                for name, (command, marker) in programs.items():
                    results[name].append(measure(command, marker, options.seconds))
        finally:
            writer.terminate()
            writer.wait()

    print(f'{options.rate:g} requests/s, 160x45, 1 Hz, Node {gtop.version()}, median of {options.runs}')
    print(f'{"":18}{"gtop":>10}{"htop":>10}   goal')
    for figure, goal in GOALS.items():
        medians = []
        for name in programs:
            values = [result[figure] for result in results[name] if result[figure] is not None]
            medians.append(f'{statistics.median(values):10.1f}' if values else f'{"never":>10}')
        print(f'{figure:18}{"".join(medians)}   <= {goal}')


main()

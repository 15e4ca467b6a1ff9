#!/usr/bin/env python3
"""What the dashboard costs, beside htop in the same run: gtop on a live log of 200 requests/s, 160x45, 1 Hz.

    python3 bench/screen.py [--runs 5] [--seconds 20] [--rate 200]      (NODE=… picks the Node that runs gtop)

Prints the median of the runs. Start-up counts from the exec to the first frame with data in it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, 'lib'))
from terminal import measure  # noqa: E402

GOALS = {'first frame ms': '200 (Node 20: 260)', 'CPU % of a core': '1.5', 'bytes/s': '2000', 'peak RSS MB': '100'}


def main():
    options = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    options.add_argument('--runs', type=int, default=5)
    options.add_argument('--seconds', type=float, default=20)
    options.add_argument('--rate', type=float, default=200)
    options = options.parse_args()

    node = os.environ.get('NODE') or shutil.which('node')
    if not node or not shutil.which('htop'):
        sys.exit('needs node and htop: scripts/test-tools.sh installs what is missing')
    version = subprocess.run([node, '--version'], capture_output=True, text=True, check=True).stdout.strip()

    with tempfile.TemporaryDirectory(prefix='gtop-bench-') as folder:
        log = os.path.join(folder, 'access.log')
        gtop = [node, os.path.join(HERE, '..', 'bin', 'gtop.js'), '--no-config', '--log', log]
        # htop's -d counts tenths of a second.
        programs = {'gtop': (gtop, r'/checkout'), 'htop': (['htop', '-d', '10'], r'Load average')}
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

    print(f'{options.rate:g} requests/s, 160x45, 1 Hz, Node {version}, median of {options.runs}')
    print(f'{"":18}{"gtop":>10}{"htop":>10}   goal')
    for figure, goal in GOALS.items():
        medians = []
        for name in programs:
            values = [result[figure] for result in results[name] if result[figure] is not None]
            medians.append(f'{statistics.median(values):10.1f}' if values else f'{"never":>10}')
        print(f'{figure:18}{"".join(medians)}   <= {goal}')


main()

"""Appends lines of a Gunicorn access log to a file at a steady rate, with the current time in each.

    live_log.py FILE LINES_PER_SECOND SECONDS
"""

import random
import sys
import time

ROUTES = ['/', '/login', '/api/users/%d', '/api/orders/%d/items', '/static/app.js', '/health', '/search?q=%d', '/checkout']
AGENTS = ['Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0', 'curl/8.5.0', 'python-requests/2.32.3', 'kube-probe/1.33']
STATUSES = [200] * 90 + [304] * 4 + [404] * 4 + [500] * 2


def templates(count, seed=1):
    """Lines that lack only their time, the same for every run."""
    chance = random.Random(seed)
    lines = []
    for _ in range(count):
        route = chance.choice(ROUTES)
        path = route % chance.randrange(500) if '%' in route else route
        address = '.'.join(str(chance.randrange(1, 223)) for _ in range(4))
        method = 'POST' if chance.random() < 0.1 else 'GET'
        size, micros = chance.randrange(100, 50000), int(chance.lognormvariate(10.2, 1.1))
        lines.append(
            f'{address} - - [@T@] "{method} {path} HTTP/1.1" {chance.choice(STATUSES)} {size} "-" '
            f'"{chance.choice(AGENTS)}" {micros} <{chance.randrange(100, 104)}>\n'
        )
    return lines


def main(path, rate, seconds):
    pool = templates(5000)
    written = 0
    started = time.monotonic()
    with open(path, 'ab', buffering=0) as file:
        while (elapsed := time.monotonic() - started) < seconds:
            due = int(elapsed * rate) - written
            stamp = time.strftime('%d/%b/%Y:%H:%M:%S +0000', time.gmtime())
            for first in range(0, due, 2000):
                count = min(2000, due - first)
                lines = (pool[(written + i) % len(pool)] for i in range(count))
                file.write(''.join(lines).replace('@T@', stamp).encode())
                written += count
            time.sleep(0.02)
    print(written)


if __name__ == '__main__':
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))

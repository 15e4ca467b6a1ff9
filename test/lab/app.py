"""The application of the incident lab. Standard library only; Python 3.8 and later.

It is copied into a folder of its own, next to a `release.py` that a deploy rewrites.

/items/N            what a release makes of it: as long as release.ITEMS_SECONDS says, or failing
/work/MILLISECONDS  200 after a sleep: waiting for something else
/burn/MILLISECONDS  200 after using the CPU for that long
/hang               never answers
/leak/KILOBYTES     200, and keeps that much memory for ever
/hoard/MEGABYTES    takes memory until it has so much, or is killed for it: it offers itself to the OOM killer
/feed/MEGABYTES     the same, but goes by its size like any other
/crash              reads address 0: SIGSEGV
/                   200 for any other path
"""

import ctypes
import time

import release

KEPT = []


def app(environ, start_response):
    parts = environ['PATH_INFO'].split('/')
    route, argument = parts[1], parts[2] if len(parts) > 2 else ''
    if route == 'items':
        if release.ITEMS_FAIL:
            release.lookup(argument)
        time.sleep(release.ITEMS_SECONDS)
    elif route == 'work':
        time.sleep(float(argument) / 1000)
    elif route == 'burn':
        end = time.process_time() + float(argument) / 1000
        while time.process_time() < end:
            pass
    elif route == 'hang':
        hang()
    elif route == 'leak':
        KEPT.append(b'x' * (int(argument) * 1024))
    elif route in ('hoard', 'feed'):
        if route == 'hoard':
            # The first to be chosen (proc(5), oom_score_adj): not the master, whose size is near a worker's.
            with open('/proc/self/oom_score_adj', 'w') as score:
                score.write('1000')
        for _ in range(int(argument)):
            KEPT.append(b'x' * (1024 * 1024))
    elif route == 'crash':
        ctypes.string_at(0)
    body = b'%s\n' % route.encode('latin-1')
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]


def hang():
    time.sleep(3600)

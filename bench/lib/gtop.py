"""The gtop that is measured, and what a bench is asked for on the command line."""

import argparse
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def options(doc, more=(), **defaults):
    """Options by name, each of the type of its default; the words that follow them go to `more`."""
    parser = argparse.ArgumentParser(description=doc.split('\n')[0])
    for name, default in defaults.items():
        parser.add_argument('--' + name, type=type(default), default=default)
    for name in more:
        parser.add_argument(name, nargs='*')
    return parser.parse_args()


def node(*others):
    """The Node of $NODE, or else the first on the path. Ends the bench without it, or without one of the others."""
    found = os.environ.get('NODE') or shutil.which('node')
    if not found or not all(shutil.which(other) for other in others):
        sys.exit(f'needs {" and ".join(["node", *others])}: scripts/test-tools.sh installs what is missing')
    return found


def version():
    return subprocess.run([node(), '--version'], capture_output=True, text=True, check=True).stdout.strip()


def command():
    """Begins every command line of gtop."""
    return [node(), os.path.join(HERE, '..', '..', 'bin', 'gtop.js'), '--no-config']

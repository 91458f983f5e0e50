"""The embedded PostgreSQL server by hand.

status   say whether it runs and where
start    start it and leave it running when the commands that use it end
stop     stop it
url      print its address (start it first if need be)
shell    start it and open psql
"""

from __future__ import annotations

import argparse
import os
import subprocess

from hoptac.commands import environment
from hoptac.foundation import postgres, postgres_host


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=["status", "start", "stop", "url", "shell"])
    parser.add_argument("psql", nargs=argparse.REMAINDER, help="arguments for psql")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    if options.what in ("status", "start", "stop"):
        return postgres.main([options.what])
    with environment.database() as url:
        if options.what == "url":
            environment.say(url)
            return 0
        psql = postgres_host.find_client("psql")
        return subprocess.run([psql, url, *options.psql], check=False, env=os.environ).returncode

#!/usr/bin/env python3
"""Membership adds with the journal in a file (SQLite) and in a local PostgreSQL, in turn, on the same
sandbox.

    cargo build --release && python3 bench/journals.py [ROWS] [--pairs N]

ROWS are 100000 if not given. The PostgreSQL is a temporary cluster with its usual settings (a commit
waits for the disk), in the folder of the file. Prints rows a second of both as medians, and the ratio
pair by pair: PostgreSQL must reach half of SQLite's rate.
"""

import argparse
import glob
import os
import pathlib
import pwd
import shutil
import statistics
import subprocess
import tempfile
import time

from adds import HEADCOUNT, Sandbox, measure, show, write_organization

LEAST = 0.5


def programs():
    """The folder of initdb: the newest of Debian's, else that of the path."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    program = found[-1] if found else shutil.which("initdb")
    assert program, "install PostgreSQL (Debian: apt-get install --no-install-recommends postgresql)"
    return pathlib.Path(program).parent


class Postgres:
    """A temporary cluster that only a socket reaches; root may not run it."""

    def __init__(self, folder):
        self.folder = folder / "postgres"
        self.folder.mkdir(mode=0o700)
        self.user = None
        if os.geteuid() == 0:
            names = [user.pw_name for user in pwd.getpwall()]
            self.user = "postgres" if "postgres" in names else "nobody"
            os.chmod(folder, 0o711)
            shutil.chown(self.folder, self.user)
        data = self.folder / "data"
        make = ["initdb", "-D", data, "-U", "headcount", "-A", "trust", "-E", "UTF8", "--locale=C"]
        self.start(make).wait()
        serve = ["postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses="]
        self.server = self.start(serve)
        while self.start(["pg_isready", "-q", "-h", self.folder]).wait():
            assert self.server.poll() is None, "PostgreSQL did not start"
            time.sleep(0.1)

    def start(self, command):
        command = [programs() / command[0], *command[1:]]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, user=self.user, cwd=self.folder, stdout=quiet, stderr=quiet)

    def journal(self, schema):
        return f"postgres://headcount@/postgres?host={self.folder}&schema={schema}"

    def size(self):
        ask = "SELECT pg_database_size('postgres') / 1048576"
        command = [programs() / "psql", "-XAtq", "-U", "headcount", "-h", self.folder, "postgres", "-c", ask]
        return int(subprocess.check_output(command))

    def stop(self):
        self.server.terminate()
        self.server.wait()


def run(sandbox, folder, journal):
    environment = {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "HEADCOUNT_CLOUD_URL": sandbox.card["url"],
        "HEADCOUNT_EMAIL": sandbox.card["email"],
        "HEADCOUNT_API_TOKEN": sandbox.card["api_token"],
        "HEADCOUNT_JOURNAL": str(journal),
    }
    return measure([HEADCOUNT, "member", "add", folder / "adds.csv", "--yes"], environment)


def compare(rows, pairs):
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        write_organization(folder, rows)
        server = Postgres(folder)
        try:
            files, servers = [], []
            for pair in range(pairs):
                for runs, journal in (
                    (files, folder / f"journal-{pair}.db"),
                    (servers, server.journal(f"pair_{pair}")),
                ):
                    sandbox = Sandbox(folder)
                    runs.append(run(sandbox, folder, journal))
                    assert sandbox.effects() == rows, "not every row was done"
                    sandbox.stop()
            size = server.size() / pairs
        finally:
            server.stop()
    print(f"{rows:,} membership adds, {pairs} pairs (CPU without the server's)")
    show("SQLite", rows, files)
    show("PostgreSQL", rows, servers)
    ratios = sorted(file[0] / other[0] for file, other in zip(files, servers))
    shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    ratio = statistics.median(ratios)
    print(f"  PostgreSQL's rows/s as a share of SQLite's: median {ratio:.2f} ({shown}); {size:,.0f} MB a run")
    return ratio


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    ratio = compare(arguments.rows, arguments.pairs)
    if ratio < LEAST:
        raise SystemExit(f"below {LEAST}")


if __name__ == "__main__":
    main()

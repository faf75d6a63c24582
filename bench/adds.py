#!/usr/bin/env python3
"""Membership adds: headcount (every row durable before it is sent and after it is answered)
against `curl --parallel` with 32 in flight, on the same sandbox, in turn.

    cargo build --release && python3 bench/adds.py [ROWS ...] [--pairs N]

ROWS are 10000 and 100000 if none are given. Each pair starts a fresh sandbox for either program.
Prints rows a second, CPU a row and peak memory of both as medians, and the ratio pair by pair:
single times say little on a busy machine, a ratio of two runs side by side says more.
headcount's time is the whole command, reading and planning included.
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

from harness.command import HEADCOUNT, measure

PEOPLE = 1000


def person(n):
    return f"712020:{n:08x}-0000-4000-8000-000000000000"


def group(n):
    return f"{n:08x}-0000-4000-8000-00000000aaaa"


def pairs_of(rows):
    """All pairs, one by one: what this program held when it forked would count as the memory of
    the program it starts."""
    return ((person(n % PEOPLE), group(n // PEOPLE)) for n in range(rows))


def write_organization(folder, rows):
    """A seed of 1,000 people and as many groups as it takes, and the sheet of all pairs."""
    groups = -(-rows // PEOPLE)
    with open(folder / "users.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["User id", "User name", "email", "User status"])
        out.writerows([person(n), f"Person {n}", f"p{n}@example.com", "Active"] for n in range(PEOPLE))
    with open(folder / "groups.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Group id", "Group name"])
        out.writerows([group(n), f"team-{n}"] for n in range(groups))
    with open(folder / "adds.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["accountId", "groupId"])
        out.writerows(pairs_of(rows))


class Sandbox:
    """A fresh sandbox on a free port; at the end its log is asked what was really done."""

    def __init__(self, folder, *options):
        command = [HEADCOUNT, "sandbox", "--seed", folder, *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.card = json.loads(self.process.stdout.readline())

    def effects(self):
        url = self.card["url"] + "/_sandbox/log/summary"
        summary = json.loads(subprocess.check_output(["curl", "-sS", url]))
        assert summary["twice"] == [], summary["twice"]
        return summary["effects"].get("added-member", 0)

    def stop(self):
        self.process.kill()
        self.process.wait()


def environment(sandbox, folder):
    return {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "HEADCOUNT_CLOUD_URL": sandbox.card["url"],
        "HEADCOUNT_EMAIL": sandbox.card["email"],
        "HEADCOUNT_API_TOKEN": sandbox.card["api_token"],
        "HEADCOUNT_JOURNAL": str(folder / "journal.db"),
    }


def run_headcount(sandbox, folder, *options):
    for old in folder.glob("journal.db*"):
        old.unlink()
    command = [HEADCOUNT, "member", "add", folder / "adds.csv", "--yes", *options]
    return measure(command, environment(sandbox, folder))


def run_curl(sandbox, folder, rows):
    config = folder / "curl.config"
    key = f"{sandbox.card['email']}:{sandbox.card['api_token']}"
    with open(config, "w") as file:
        for at, (person, group) in enumerate(pairs_of(rows)):
            if at:
                file.write("next\n")
            file.write(
                f'url="{sandbox.card["url"]}/rest/api/3/group/user?groupId={group}"\n'
                f'user="{key}"\nheader="Content-Type: application/json"\n'
                f'data="{{\\"accountId\\":\\"{person}\\"}}"\noutput=/dev/null\n'
            )
    return measure(["curl", "--parallel", "--parallel-max", "32", "-sS", "--fail", "-K", config])


def show(name, rows, runs):
    wall, cpu, memory = (statistics.median(run[n] for run in runs) for n in range(3))
    print(
        f"  {name:<10} {rows / wall:>9,.0f} rows/s   {cpu / rows * 1e6:>7.1f} µs CPU a row   "
        f"{memory:>6.1f} MB peak"
    )


def compare(rows, how_many):
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        write_organization(folder, rows)
        ours, theirs = [], []
        for _ in range(how_many):
            for runs, run in ((ours, lambda s: run_headcount(s, folder)), (theirs, lambda s: run_curl(s, folder, rows))):
                sandbox = Sandbox(folder)
                runs.append(run(sandbox))
                assert sandbox.effects() == rows, "not every row was done"
                sandbox.stop()
    print(f"{rows:,} membership adds, {how_many} pairs")
    show("headcount", rows, ours)
    show("curl", rows, theirs)
    ratios = sorted(their[0] / our[0] for our, their in zip(ours, theirs))
    shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"  headcount's rows/s as a share of curl's: median {statistics.median(ratios):.2f} ({shown})")
    return statistics.median(run[2] for run in ours)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    memory = {rows: compare(rows, arguments.pairs) for rows in arguments.rows}
    if len(memory) > 1:
        first, last = min(memory), max(memory)
        print(f"headcount's peak memory, {last:,} rows against {first:,}: {memory[last] / memory[first]:.2f} times")


if __name__ == "__main__":
    main()

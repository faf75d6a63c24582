"""Membership adds: the whole command against `curl --parallel` with the same requests."""

import pathlib
import tempfile

import adds
from harness import peers
from harness.command import in_turn, medians, ratio
from harness.results import Chart, Row

TITLE = "Membership adds"
ABOUT = """
`member add --concurrency 32` as a whole command (reading, looking up, planning, the first row verified, sending, a \
report in the journal), against `curl --parallel --parallel-max 32`, which gets the finished requests in a file. Both \
on a fresh sandbox without latency, so that only the programs' own cost is seen. On a real site, both would wait for \
the site. (Without `--concurrency`, headcount begins with one request at a time and doubles that number at most ten \
times a second, so that a site with a low limit refuses few requests: this takes about half a second more.)
"""
# Rows, and how many pairs of runs.
RUNS = {1_000: 5, 10_000: 7, 100_000: 3, 1_000_000: 1}
QUICK = {1_000: 1, 10_000: 1}
SPEED = {10_000: "≥ 0.8", 100_000: "≥ 1.0", 1_000_000: "≥ 1.2"}


def compare(rows, pairs):
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        adds.write_organization(folder, rows)

        def on_a_sandbox(run):
            sandbox = adds.Sandbox(folder)
            try:
                usage = run(sandbox)
                assert sandbox.effects() == rows, "not every row was applied"
            finally:
                sandbox.stop()
            return usage

        return in_turn(
            pairs,
            lambda: on_a_sandbox(lambda sandbox: adds.run_headcount(sandbox, folder, "--concurrency", "32")),
            lambda: on_a_sandbox(lambda sandbox: adds.run_curl(sandbox, folder, rows)),
        )


def measure(quick):
    peers.program("curl")
    table, speed, memory, cost = [], ({}, {}), ({}, {}), ({}, {})
    for rows, pairs in (QUICK if quick else RUNS).items():
        ours, theirs = compare(rows, pairs)
        for at, runs in enumerate((ours, theirs)):
            usage = medians(runs)
            speed[at][rows] = rows / usage.wall
            cost[at][rows] = usage.cpu / rows * 1e6
            memory[at][rows] = usage.memory
        shown = lambda values, unit, at: f"{values[at][rows]:,.0f} {unit}"
        if rows in SPEED:
            words = [shown(speed, "rows/s", at) for at in (0, 1)]
            table.append(Row(f"{rows:,} adds", words[0], f"curl {words[1]}", ratio(ours, theirs), SPEED[rows]))
        if rows >= 100_000:
            words = [shown(cost, "µs", at) for at in (0, 1)]
            value = 1 / ratio(ours, theirs, 1)
            table.append(Row(f"CPU a row, {rows:,} adds", words[0], f"curl {words[1]}", value, "≤ 1.0"))
        words = [shown(memory, "MB", at) for at in (0, 1)]
        peak = memory[0][rows]
        table.append(Row(f"peak memory, {rows:,} adds", words[0], f"curl {words[1]}", peak, "≤ 40", "MB"))
    return table, [
        chart("adds-speed", "Membership adds, whole command", "rows a second", speed, "x"),
        chart("adds-memory", "Peak memory of membership adds", "MB", memory, "xy"),
    ]


def chart(name, title, y, values, log):
    lines = {label: sorted(points.items()) for label, points in zip(("headcount", "curl --parallel 32"), values)}
    return Chart(name, title, "rows", y, lines, log)

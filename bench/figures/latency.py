"""The time of a whole command when each answer takes 50 ms."""

import pathlib
import tempfile

import adds
from harness.command import in_turn, medians
from harness.results import Chart, Row

TITLE = "Latency"
ABOUT = """
Membership adds against a sandbox that delays each answer by 50 ms, with `--concurrency N`. The least time of any \
client is rows × 50 ms / N. The whole command also checks the credentials, reads the groups and users of the rows, and \
sends the first row alone and verifies it before the others.
"""
LIMITS = """
A command of 1,000 rows needs 1.56 s at least. Its reads and its first row wait for answers one after the other: each \
such answer costs 50 ms, 3.2 % of that time, whatever the program does.
"""
LATENCY = 0.05
ROWS = {1_000: 3, 10_000: 2}
FLIGHT = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def run(rows, flight):
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        adds.write_organization(folder, rows)
        sandbox = adds.Sandbox(folder, "--latency", f"{LATENCY * 1000:.0f}")
        try:
            usage = adds.run_headcount(sandbox, folder, "--concurrency", str(flight))
            assert sandbox.effects() == rows, "not every row was applied"
        finally:
            sandbox.stop()
        return usage


def measure(quick):
    table = []
    for rows, pairs in ({1_000: 1} if quick else ROWS).items():
        least = rows * LATENCY / 32
        took = medians(in_turn(pairs, lambda: run(rows, 32))[0]).wall
        table.append(Row(f"{rows:,} adds, 32 in flight", f"{took:.2f} s", f"least {least:.2f} s", took / least, "≤ 1.05"))
    speed = [(flight, (rows := 100 * flight) / run(rows, flight).wall) for flight in (FLIGHT[::4] if quick else FLIGHT)]
    least = [(flight, flight / LATENCY) for flight, _ in speed]
    lines = {"headcount, whole command": speed, "N / 50 ms": least}
    return table, [Chart("latency", "100 × N adds at 50 ms latency", "N in flight", "rows a second", lines)]

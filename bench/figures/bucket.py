"""A site that gives R requests a second: how near a run comes to that, and how many requests are refused."""

import pace
from harness.results import Row

TITLE = "A site's limit"
ABOUT = """
Membership adds against a token bucket of R requests a second and 50 ms of latency. The least time is rows / R; the \
bucket holds one second's worth at first, so that a little less than 1.00 is possible. From the first to the last add \
in the sandbox's own log. [Pace](pace.md) has the other latencies.
"""
LATENCY_MS = 50
# R, and the seconds of one run.
RATES = {10: 30, 50: 30, 200: 30}


def measure(quick):
    table = []
    for rate, seconds in ({200: 5} if quick else RATES).items():
        rows = rate * seconds
        addings = pace.carry_out(rows, LATENCY_MS, lambda site: site.limit(rate, "all"))
        refused = sum(status == 429 for _, status in addings) / len(addings)
        times = [at for at, _ in addings]
        took = max(times) - min(times) + LATENCY_MS / 1000
        least = rows / rate
        table += [
            Row(f"{rows:,} adds at {rate}/s", f"{took:.2f} s", f"least {least:.2f} s", took / least, "≤ 1.02"),
            Row(f"refused (429) at {rate}/s", f"{refused:.2%}", "", refused * 100, "≤ 0.5", "%"),
        ]
    return table, []

"""A million rows with latency, refusals and random faults; each row accounted for against the sandbox's own log."""

import csv
import json
import os
import pathlib
import random
import subprocess
import tempfile
import threading
import time
import urllib.request

import adds
from harness.command import HEADCOUNT
from harness.results import Chart, Row

TITLE = "Soak"
ABOUT = """
Membership adds through a site in trouble: each answer takes 1 to 2 ms, the site gives 12,000 requests a second, and \
random requests get a 429, a 503 or a 500, lose their connection before or after the change, get half an answer or \
one that is not JSON. headcount stops for review where it must, and the script continues with `run resume`. At the end \
the script compares each row of the report with the sandbox's state and log: a row that is not `changed` or `unchanged` \
must be absent, no change may have been made twice, and each row has one outcome.
"""
CALL = {"method": "POST", "path": "/rest/api/3/group/user"}
# What goes wrong, in turn. The sandbox looks at each fault for each request, so there are not too many.
MOST_FAULTS = 210
TROUBLE = (
    {"answer": {"status": 429, "headers": {"Retry-After": "0"}}},
    {"answer": {"status": 503}},
    {"answer": {"status": 500, "when": "after"}},
    {"drop": "before"},
    {"drop": "after"},
    {"half_body": True},
    {"garbage": True},
)
RATE = 12_000
SEED = 20_261_130
# Exit codes (docs/exit-codes.md).
DONE, WITH_FAILED_ROWS, STOPPED = 0, 1, (4, 5)


def faults(rows):
    """Random places, the same in each soak. Requests that are sent again move the later places on."""
    chance = random.Random(SEED)
    places = sorted(chance.sample(range(50, rows), min(rows // 1_000, MOST_FAULTS)))
    return [{**CALL, "nth": at, **TROUBLE[number % len(TROUBLE)]} for number, at in enumerate(places)]


def control(card, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{card['url']}/_sandbox/{path}", data=data)
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


class Memory:
    """The resident memory of a process, about 200 times over its life."""

    def __init__(self, begun):
        self.begun, self.points, self.peak = begun, [], 0.0

    def watch(self, process):
        while process.poll() is None:
            try:
                text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                return
            if "VmRSS:" in text:
                of = lambda name: int(text.split(name)[1].split()[0]) / 1024
                self.peak = max(self.peak, of("VmHWM:"))
                self.points.append((round(time.monotonic() - self.begun, 2), round(of("VmRSS:"), 1)))
            time.sleep(0.5)


def run_once(command, environment, memory):
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    watcher = threading.Thread(target=memory.watch, args=(process,))
    watcher.start()
    said = process.stderr.read()
    process.wait()
    watcher.join()
    return process.returncode, said


def run_to_the_end(folder, environment, memory):
    """The command, and `run resume` as often as it stops. Returns the number of stops."""
    command = [HEADCOUNT, "--quiet", "member", "add", folder / "adds.csv", "--yes"]
    for stops in range(200):
        code, said = run_once(command, environment, memory)
        if code in (DONE, WITH_FAILED_ROWS):
            return stops
        assert code in STOPPED, (code, said)
        command = [HEADCOUNT, "--quiet", "run", "resume", "last", "--yes"]
    raise AssertionError(f"the run does not end: {said}")


def account(folder, card, environment, rows):
    """Compares the report with the sandbox. Returns the number of rows by outcome."""
    report = folder / "report.csv"
    subprocess.run([HEADCOUNT, "--quiet", "run", "report", "last", "-o", report], env=environment, check=True)
    # One group at a time, so that this program stays small.
    members, outcomes, seen = {}, {}, 0
    with open(report, newline="") as file:
        for row in csv.DictReader(file):
            seen += 1
            outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + 1
            group = row["groupId"]
            if group not in members:
                members = {group: members_of(card, group)}
            there = row["accountId"] in members[group]
            applied = row["outcome"] in ("changed", "unchanged")
            assert applied == there or row["outcome"] == "unknown", row
    assert seen == rows, f"{seen} rows in the report"
    return outcomes


def members_of(card, group):
    state = control(card, f"state?only=memberships&group={group}")
    return {one["account"] for one in state["memberships"]}


def measure(quick):
    rows = int(os.environ.get("SOAK_ROWS", 20_000 if quick else 1_000_000))
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        adds.write_organization(folder, rows)
        sandbox = adds.Sandbox(folder, "--latency", "1")
        try:
            control(sandbox.card, "rate", {**CALL, "rate": RATE, "tell": "retry-after"})
            planned = faults(rows)
            control(sandbox.card, "faults", {"faults": planned})
            memory, begun = Memory(time.monotonic()), time.monotonic()
            environment = adds.environment(sandbox, folder)
            stops = run_to_the_end(folder, environment, memory)
            took = time.monotonic() - begun
            outcomes = account(folder, sandbox.card, environment, rows)
            summary = control(sandbox.card, "log/summary")
        finally:
            sandbox.stop()
    refused = sum(one["count"] for one in summary["by"] if one["status"] == 429)
    done = outcomes.get("changed", 0) + outcomes.get("unchanged", 0)
    words = ", ".join(f"{many:,} {outcome}" for outcome, many in sorted(outcomes.items()))
    thin = memory.points[:: max(1, len(memory.points) // 200)]
    # After the first tenth, which reads and plans.
    later = [mb for at, mb in thin if at > took / 2]
    early = [mb for at, mb in thin if took / 4 < at <= took / 2]
    growth = (sum(later) / len(later)) / (sum(early) / len(early)) if early and later else 1.0
    return [
        Row(f"{rows:,} rows, {len(planned):,} faults, {refused:,} × 429, {stops} stops", f"{words}; {took:.0f} s", "the sandbox's log and state", done / rows * 100, "≥ 99.9", "% applied"),
        Row("changes made twice", f"{len(summary['twice'])}", "the sandbox's log", len(summary["twice"]), "≤ 0", ""),
        Row("rows that the report and the site disagree on", "0 (the script fails otherwise)", "the sandbox's state", 0, "≤ 0", ""),
        Row("peak memory", f"{memory.peak:.0f} MB", "", memory.peak, "≤ 40", "MB"),
        Row("memory of the second half of the time against the second quarter", f"{growth:.2f}", "itself", growth, "≤ 1.05"),
    ], [Chart("soak-memory", f"Memory over a soak of {rows:,} rows", "seconds", "MB", {"headcount": thin}, "")]

"""The page with a sheet of a million rows."""

import json
import statistics
import subprocess
import tempfile
import time

import page
from export import environment
from harness.command import HEADCOUNT
from harness.results import Row

TITLE = "The page"
ABOUT = """
`headcount ui`, over real HTTP, as a browser asks: a CSV of memberships in one group is uploaded, and planned with the \
exports of a site that has a quarter more users. Planned: from the upload until the plan can be shown, without the \
upload of the exports. The filter is a search for a part of an email through all rows.
"""


def seconds_of(do):
    begun = time.monotonic()
    do()
    return time.monotonic() - begun


def measure(quick):
    rows = 10_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as folder:
        command = [HEADCOUNT, "sandbox", "--people", str(rows * 5 // 4)]
        sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            card = json.loads(sandbox.stdout.readline())
            keys = environment(card, folder)
            sheet = page.sheet_of(card, rows)
            return walk(rows, keys, sheet, page.exports_of(keys, folder)), []
        finally:
            sandbox.kill()
            sandbox.wait()


def walk(rows, keys, sheet, exports):
    command = [HEADCOUNT, "ui", "--no-open"]
    ui = subprocess.Popen(command, env=keys, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        browser = page.Page(ui.stdout.readline().strip())
        path, understood = page.bring(browser, "add", sheet)
        given = page.give(browser, path, exports)
        run, planned = page.plan(browser, path)
        ask = lambda query: seconds_of(lambda: browser.ask("GET", f"{run}{query}"))
        filtered = statistics.median(ask("/rows?text=user99") for _ in range(5))
        first = statistics.median(ask("") for _ in range(5))
        last = statistics.median(ask("/rows?page=1000000") for _ in range(5))
        peak = page.peak(ui)
    finally:
        ui.kill()
        ui.wait()
    shown = f"{planned:.1f} s, after {understood:.1f} s for the upload and {given:.1f} s for the exports"
    return [
        Row(f"{rows:,} rows uploaded and planned", shown, "", understood + planned, "≤ 12", "s"),
        Row(f"a filter on the table of {rows:,} rows", f"{filtered * 1000:.0f} ms", "", filtered * 1000, "≤ 200", "ms"),
        Row("the plan with its first table", f"{first * 1000:.0f} ms", "", first * 1000, "≤ 200", "ms"),
        Row("the last page of its table", f"{last * 1000:.0f} ms, peak {peak:.0f} MB", "", last * 1000, "≤ 200", "ms"),
    ]

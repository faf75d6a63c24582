"""A large workbook: read and checked, against calamine's own reading."""

import pathlib
import subprocess
import tempfile

from harness import peers
from harness.command import in_turn, measure as run, medians, ratio
from harness.results import Row

TITLE = "XLSX"
ABOUT = """
A workbook of memberships (emails and names of groups, shared strings as Excel writes them), read and checked as before \
a plan: `crates/people/examples/check.rs`. It also reads hidden rows, merged cells, colors and number formats, and checks \
each cell. calamine reads the same cells one by one: `crates/sheet/examples/calamine.rs`. Both are release builds.
"""
WRITE = """
import sys, xlsxwriter
rows = int(sys.argv[2])
book = xlsxwriter.Workbook(sys.argv[1])
sheet = book.add_worksheet("Members")
sheet.write_row(0, 0, ["Email", "Group", "Note"])
for n in range(rows):
    sheet.write_row(n + 1, 0, [f"person.{n}@example.com", f"team-{n // 1000}", n])
book.close()
"""


def measure(quick):
    rows, pairs = (20_000, 1) if quick else (500_000, 5)
    calamine = peers.example("headcount-sheet", "calamine")
    check = peers.example("headcount-people", "check")
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        file = pathlib.Path(name) / "members.xlsx"
        subprocess.run([peers.python(), "-c", WRITE, file, str(rows)], check=True)
        ours, theirs = in_turn(pairs, lambda: run([check, "member add", file]), lambda: run([calamine, file]))
    our, their = medians(ours), medians(theirs)
    what = f"XLSX of {rows:,} rows, read and checked"
    return [
        Row(what, f"{our.wall:.2f} s", f"calamine {their.wall:.2f} s", 1 / ratio(ours, theirs), "≤ 1.5"),
        Row(f"memory, {what}", f"{our.memory:.0f} MB", f"calamine {their.memory:.0f} MB", our.memory, "≤ 100", "MB"),
    ], []

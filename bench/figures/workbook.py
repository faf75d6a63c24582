"""A large workbook: read and checked, against calamine's own reading."""

import pathlib
import subprocess
import tempfile

from figures.map import email, write_files
from harness import peers
from harness.command import HEADCOUNT, in_turn, measure as run, medians, ratio
from harness.results import Row

TITLE = "XLSX"
ABOUT = """
A workbook of memberships (emails, names of groups and a number, as Excel writes them), through `member map`: read, with \
hidden rows, merged cells, colors and number formats, each cell checked, looked up in exports of 1,000 users and groups, \
and written as CSV. calamine reads the same cells one by one and does nothing with them: `bench/peers/src/bin/calamine.rs`.
"""
USERS = 1_000
WRITE = """
import sys, xlsxwriter
rows, users = int(sys.argv[2]), int(sys.argv[3])
book = xlsxwriter.Workbook(sys.argv[1])
sheet = book.add_worksheet("Members")
sheet.write_row(0, 0, ["Email", "Group", "Note"])
for n in range(rows):
    sheet.write_row(n + 1, 0, [f"person.{n % users}@example.com", f"team-{n // 1000}", n])
book.close()
"""


def measure(quick):
    rows, pairs = (20_000, 1) if quick else (500_000, 5)
    calamine = peers.built("calamine")
    assert email(7) == "person.7@example.com"
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        write_files(folder, 0, USERS)
        file = folder / "members.xlsx"
        subprocess.run([peers.python(), "-c", WRITE, file, str(rows), str(USERS)], check=True)
        command = [HEADCOUNT, "member", "map", file, "--users", folder / "users.csv"]
        command += ["--groups", folder / "groups.csv", "-o", folder / "out.csv"]
        environment = {"HOME": name, "PATH": "/usr/bin:/bin"}
        ours, theirs = in_turn(pairs, lambda: run(command, environment), lambda: run([calamine, file]))
    our, their = medians(ours), medians(theirs)
    what = f"XLSX of {rows:,} rows, read and checked"
    return [
        Row(what, f"{our.wall:.2f} s", f"calamine {their.wall:.2f} s", 1 / ratio(ours, theirs), "≤ 1.5"),
        Row(f"memory, {what}", f"{our.memory:.0f} MB", f"calamine {their.memory:.0f} MB", our.memory, "≤ 100", "MB"),
    ], []

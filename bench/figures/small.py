"""The size of the binary, and the time of commands that do little."""

import pathlib
import shutil
import subprocess
import tempfile

import adds
from harness.command import HEADCOUNT, in_turn, measure as run, medians
from harness.results import Row

TITLE = "Size and start"
ABOUT = """
The release binary without symbols (`strip`), and how much longer than `true` two small commands take: the median of \
pairs, run in turn.
"""


def stripped():
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as folder:
        copy = pathlib.Path(folder) / "headcount"
        shutil.copy(HEADCOUNT, copy)
        subprocess.run(["strip", copy], check=True)
        return copy.stat().st_size / 1024**2


def more_than_true(command, environment, pairs):
    ours, theirs = in_turn(pairs, lambda: run(command, environment), lambda: run(["true"], environment))
    ours, theirs = medians(ours), medians(theirs)
    return (ours.wall - theirs.wall) * 1000, theirs.wall * 1000


def make_runs(folder, environment, many):
    """That many plans, each of one row."""
    (folder / "one.csv").write_text(f"accountId,groupId\n{adds.person(0)},{adds.group(0)}\n")
    for _ in range(many):
        run([HEADCOUNT, "member", "add", folder / "one.csv", "--plan"], environment)


def measure(quick):
    pairs, many = (5, 20) if quick else (50, 1_000)
    size = stripped()
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        adds.write_organization(folder, 1_000)
        sandbox = adds.Sandbox(folder)
        try:
            environment = adds.environment(sandbox, folder)
            make_runs(folder, environment, many)
        finally:
            sandbox.stop()
        version, true = more_than_true([HEADCOUNT, "--version"], environment, pairs)
        listed, _ = more_than_true([HEADCOUNT, "run", "list"], environment, pairs)
    return [
        Row("release binary, stripped", f"{size:.1f} MB", "27.8 MB on 2026-11-29", size, "≤ 15", "MB"),
        Row("`--version`", f"{version:.1f} ms more", f"`true` {true:.1f} ms", version, "≤ 5", "ms"),
        Row(f"`run list` with {many:,} runs", f"{listed:.1f} ms more", f"`true` {true:.1f} ms", listed, "≤ 20", "ms"),
    ], []

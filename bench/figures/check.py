"""The time of `./check`: from a warm cache, and from a clean clone."""

import os
import pathlib
import subprocess
import tempfile
import time

from harness.command import ROOT
from harness.results import Row

TITLE = "`./check`"
ABOUT = """
Formatting, lints and all tests, on the machine's two cores. Warm: a second run in the same target folder. Clean: a new \
clone with an empty target folder; the crates are downloaded already.
"""


def check(folder, target):
    begun = time.monotonic()
    environment = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    done = subprocess.run(["./check"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode == 0, "./check fails"
    return (time.monotonic() - begun) / 60


def measure(quick):
    assert not quick, "there is no quick form of ./check"
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        clone, target = pathlib.Path(name) / "clone", pathlib.Path(name) / "target"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        clean = check(clone, target)
        warm = check(clone, target)
    return [
        Row("`./check`, warm", f"{warm:.1f} min", "16 min on 2026-11-29", warm, "≤ 5", "min"),
        Row("`./check`, clean clone", f"{clean:.1f} min", "", clean, "≤ 12", "min"),
    ], []

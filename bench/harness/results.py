"""The results: rows of the table and lines of the charts, kept in docs/benchmarks/results.json, so that one figure
can be measured again without the others."""

import dataclasses
import datetime
import json
import os
import platform
import subprocess

from harness.command import HEADCOUNT, ROOT

FILE = ROOT / "docs" / "benchmarks" / "results.json"


@dataclasses.dataclass
class Row:
    """A line of the table: what was measured, next to what was wanted.

    `value` is compared with `wanted` (such as `≥ 0.8` or `≤ 40`); `unit` follows both."""

    what: str
    headcount: str
    against: str
    value: float
    wanted: str
    unit: str = "×"

    def met(self):
        relation, bound = self.wanted.split()
        return self.value <= float(bound) if relation == "≤" else self.value >= float(bound)


@dataclasses.dataclass
class Chart:
    """Lines of points. Both axes are logarithmic unless `log` says otherwise."""

    name: str
    title: str
    x: str
    y: str
    lines: dict
    log: str = "xy"


def machine():
    """The processor, the number of cores, the memory, and the system."""
    text = open("/proc/cpuinfo").read()
    model = text.split("model name\t: ")[1].split("\n")[0] if "model name\t: " in text else platform.machine()
    memory = int(open("/proc/meminfo").readline().split()[1]) / 1024**2
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, Linux {platform.release().split('-')[0]}"


def version():
    """The version of the measured binary, and the commit of the folder."""
    shown = subprocess.run([HEADCOUNT, "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    commit = subprocess.run(["git", "rev-parse", "--short=8", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return f"{shown.strip()}, commit {commit.stdout.strip()}"


def load():
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def keep(name, rows, charts, seconds, quick):
    """Replaces the results of one figure."""
    all_results = load()
    all_results[name] = {
        "date": datetime.date.today().isoformat(),
        "version": version(),
        "machine": machine(),
        "seconds": round(seconds, 1),
        "quick": quick,
        "rows": [dataclasses.asdict(row) for row in rows],
        "charts": [dataclasses.asdict(chart) for chart in charts],
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(all_results, indent=1, ensure_ascii=False) + "\n")

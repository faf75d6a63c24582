"""Writes docs/benchmarks.md and its charts from docs/benchmarks/results.json."""

import subprocess

from harness import peers
from harness.command import ROOT
from harness.results import FILE, Row, load

PAGE = ROOT / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

Each number is measured by `bench/all.py`, on one machine, with the release build, against the sandbox over real HTTP. \
Two programs that are compared run in turn, and the ratio is the median of the pairs: on a machine that changes its \
speed, a ratio says more than a time. Every row of a run is durable before it is sent and after its answer; the peers \
keep nothing.

```sh
bench/all.py                    # all figures; about 20 minutes on two cores
bench/all.py adds map           # these figures; the others keep their results
bench/all.py --quick            # fewer rows and runs, to try the scripts; writes no results
bench/all.py --list             # the names of the figures
```

The peers come from their registries: curl and wrk from Debian, DuckDB from PyPI, calamine from crates.io. \
MB are MiB, memory is the peak of the process.
"""


def table(rows):
    lines = ["| what | headcount | against | measured | wanted | |", "|---|---|---|---|---|---|"]
    for row in rows:
        value = f"{row.value:,.2f}" if row.unit == "×" else f"{row.value:,.1f}"
        unit = f" {row.unit}"
        lines.append(
            f"| {row.what} | {row.headcount} | {row.against} | {value}{unit} | {row.wanted}{unit} |"
            f" {'yes' if row.met() else '**no**'} |"
        )
    return "\n".join(lines)


def section(name, module, result):
    rows = [Row(**row) for row in result["rows"]]
    parts = [f"\n## {module.TITLE}\n", module.ABOUT.strip() + "\n"]
    if rows:
        parts.append(table(rows) + "\n")
    for chart in result["charts"]:
        parts.append(f"![{chart['title']}](benchmarks/{chart['name']}.svg)\n")
    limits = getattr(module, "LIMITS", "").strip()
    if limits:
        parts.append(limits + "\n")
    parts.append(f"`bench/all.py {name}`: {result['date']}, {result['version']}, {result['seconds']:,.0f} s.\n")
    return "\n".join(parts)


def write(figures):
    results = load()
    if not results:
        PAGE.write_text(HEAD + "\nNo figure has been measured yet.\n")
        return
    machines = sorted({result["machine"] for result in results.values()})
    versions = ", ".join(f"{name} {version}" for name, version in peers.versions().items())
    about = f"\nMachine: {'; '.join(machines)}. Peers: {versions}.\n"
    rows = [Row(**row) for name in figures if name in results for row in results[name]["rows"]]
    summary = f"\n{sum(row.met() for row in rows)} of {len(rows)} figures reach what was wanted.\n"
    parts = [section(name, module, results[name]) for name, module in figures.items() if name in results]
    PAGE.write_text(HEAD + about + summary + "".join(parts))
    subprocess.run([peers.python(), ROOT / "bench" / "harness" / "draw.py", FILE], check=True)

#!/usr/bin/env python3
"""All figures of docs/benchmarks.md: measures them, writes the page and its charts.

    cargo build --release && bench/all.py [FIGURE ...] [--quick] [--list] [--page]

Without a name, all figures but those that `--list` marks as long. --quick takes fewer rows and fewer runs and writes
no results. --page writes the page again from the results, without measuring. HEADCOUNT names another binary.

A figure is a file of bench/figures with TITLE, ABOUT, `measure(quick)`, which returns rows and charts, and, where a
number is out of reach, LIMITS: why, and how that was found.
"""

import argparse
import importlib
import time

from harness import document, results
from harness.command import HEADCOUNT

# In the order of the page.
FIGURES = (
    "adds", "latency", "bucket", "map", "plan", "workbook", "page", "small", "sandbox", "soak", "check",
)
LONG = ("check",)


def show(rows):
    for row in rows:
        mark = "met" if row.met() else "NOT MET"
        print(f"  {row.what}: {row.headcount}; {row.against}")
        print(f"    {row.value:,.3f} {row.unit}, wanted {row.wanted} {row.unit}: {mark}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("figures", nargs="*", metavar="FIGURE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--page", action="store_true")
    arguments = parser.parse_args()
    modules = {name: importlib.import_module(f"figures.{name}") for name in FIGURES}
    if unknown := set(arguments.figures) - set(FIGURES):
        parser.error(f"no figure is called {', '.join(sorted(unknown))}")
    if arguments.list:
        for name, module in modules.items():
            print(f"{name:<10}{module.TITLE}{' (long: only by its name)' if name in LONG else ''}")
        return
    if not arguments.page:
        assert HEADCOUNT.exists(), f"there is no {HEADCOUNT}: cargo build --release"
        for name in arguments.figures or [name for name in FIGURES if name not in LONG]:
            print(f"{name}: {modules[name].TITLE}", flush=True)
            begun = time.monotonic()
            rows, charts = modules[name].measure(arguments.quick)
            seconds = time.monotonic() - begun
            show(rows)
            print(f"  {seconds:,.0f} s", flush=True)
            if not arguments.quick:
                results.keep(name, rows, charts, seconds, arguments.quick)
    if not arguments.quick:
        document.write(modules)


if __name__ == "__main__":
    main()

"""Draws the charts of docs/benchmarks/results.json as SVG files next to it. Runs in the Python of `peers.python`."""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
# Text stays text, and the same numbers make the same file.
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "headcount", "font.size": 10})

from matplotlib import pyplot  # noqa: E402

MARKERS = "osD^v"


def draw(chart, file):
    figure, axes = pyplot.subplots(figsize=(6.4, 3.6), layout="constrained")
    for marker, (name, points) in zip(MARKERS, chart["lines"].items()):
        axes.plot(*zip(*points), marker=marker, label=name)
    axes.set(title=chart["title"], xlabel=chart["x"], ylabel=chart["y"])
    if "x" in chart["log"]:
        axes.set_xscale("log", base=2 if "flight" in chart["x"] else 10)
    if "y" in chart["log"]:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.grid(True, alpha=0.3)
    axes.legend()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def main(results):
    folder = pathlib.Path(results).parent
    for figure in json.loads(pathlib.Path(results).read_text()).values():
        for chart in figure["charts"]:
            draw(chart, folder / f"{chart['name']}.svg")


main(sys.argv[1])

"""Runs commands and takes their time, CPU and memory from the kernel's own account."""

import os
import pathlib
import statistics
import subprocess
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
HEADCOUNT = pathlib.Path(os.environ.get("HEADCOUNT", TARGET / "release" / "headcount"))


class Usage(NamedTuple):
    """Seconds of the clock, seconds of CPU, and peak memory in MB (MiB)."""

    wall: float
    cpu: float
    memory: float


def measure(command, environment=None, expected=(0,), cwd=None):
    """Runs a command and throws its output away.

    The peak is that of the largest process, and never below the memory of this Python when it starts the command,
    so this program keeps little in memory."""
    begun = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in expected, f"{command} ended with {process.returncode}"
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(runs):
    """The median of each column of several runs."""
    return Usage(*(statistics.median(column) for column in zip(*runs)))


def in_turn(how_many, *programs):
    """Runs the programs A B A B …, so that a machine that changes its speed changes all of them alike.

    Returns the runs of each program."""
    runs = [[] for _ in programs]
    for _ in range(how_many):
        for kept, program in zip(runs, programs):
            kept.append(program())
    return runs


def ratio(ours, theirs, column=0):
    """The median of theirs / ours, pair by pair: above 1, ours takes less."""
    return statistics.median(their[column] / our[column] for our, their in zip(ours, theirs))

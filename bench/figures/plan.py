"""A plan from exports, up to a million rows."""

import csv
import pathlib
import tempfile

import adds
from harness.command import HEADCOUNT, measure as run, medians
from harness.results import Chart, Row

TITLE = "Plans"
ABOUT = """
`member add rows.csv --users users.csv --groups groups.csv --plan`: 1,000 users, a group for each 1,000 rows, emails \
and names of groups in the rows, ids from the exports, memberships read from the sandbox. The plan is sealed in the \
journal, durable, with one step for each row.
"""
RUNS = {1_000: 5, 10_000: 5, 100_000: 3, 1_000_000: 2}
QUICK = {1_000: 1, 10_000: 1}


def write_rows(folder, rows):
    """The organization of the adds, with emails and names in the rows."""
    adds.write_organization(folder, rows)
    with open(folder / "rows.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Email", "Group"])
        out.writerows([f"p{n % adds.PEOPLE}@example.com", f"team-{n // adds.PEOPLE}"] for n in range(rows))


def plan(rows, how_many):
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        write_rows(folder, rows)
        sandbox = adds.Sandbox(folder)
        command = [HEADCOUNT, "member", "add", folder / "rows.csv", "--plan"]
        command += ["--users", folder / "users.csv", "--groups", folder / "groups.csv"]
        runs = []
        try:
            for _ in range(how_many):
                for old in folder.glob("journal.db*"):
                    old.unlink()
                runs.append(run(command, adds.environment(sandbox, folder)))
        finally:
            sandbox.stop()
        return medians(runs)


def measure(quick):
    usages = {rows: plan(rows, runs) for rows, runs in (QUICK if quick else RUNS).items()}
    last = max(usages)
    usage = usages[last]
    table = [
        Row(f"plan of {last:,} rows", f"{usage.wall:.1f} s, {usage.cpu:.1f} s of CPU", "17 s on 2026-11-29", usage.wall, "≤ 6", "s"),
        Row(f"memory of a plan of {last:,} rows", f"{usage.memory:.0f} MB", "88 MB on 2026-11-29", usage.memory, "≤ 50", "MB"),
    ]
    time = {"headcount": [(rows, usage.wall) for rows, usage in usages.items()]}
    memory = {"headcount": [(rows, usage.memory) for rows, usage in usages.items()]}
    return table, [
        Chart("plan-time", "A plan with exports", "rows", "seconds", time),
        Chart("plan-memory", "Peak memory of a plan", "rows", "MB", memory, "x"),
    ]

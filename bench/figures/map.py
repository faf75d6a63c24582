"""`member map`: the lookup of ids, against DuckDB's join of the same three files."""

import csv
import pathlib
import tempfile

from adds import group, person
from harness import peers
from harness.command import HEADCOUNT, in_turn, measure as run, medians, ratio
from harness.results import Chart, Row

TITLE = "`member map`"
ABOUT = """
Finds the account id and the group id of each row in two exports: `member map rows.csv --users users.csv --groups \
groups.csv -o out.csv`. DuckDB reads the same files, joins them on the lowercase email and the group's name, and writes \
the same rows in the same order. headcount also checks each cell, and reports contradictions in the exports.
"""
GROUPS = 1_000
# Rows and people, and how many pairs of runs. The last is that of the table.
RUNS = {(1_000_000, 10_000): 1, (1_000_000, 100_000): 1, (10_000, 1_000_000): 1, (1_000_000, 1_000_000): 5}
QUICK = {(10_000, 10_000): 1, (100_000, 100_000): 1}

SQL = """
COPY (
    SELECT r."Row", r."Email", r."Group", u."User id" AS "accountId", g."Group id" AS "groupId"
    FROM read_csv('{0}/rows.csv', header = true, all_varchar = true) r
    LEFT JOIN read_csv('{0}/users.csv', header = true, all_varchar = true) u ON lower(r."Email") = lower(u."email")
    LEFT JOIN read_csv('{0}/groups.csv', header = true, all_varchar = true) g ON r."Group" = g."Group name"
    ORDER BY CAST(r."Row" AS BIGINT)
) TO '{0}/theirs.csv' (HEADER)
"""


def email(n):
    return f"person.{n}@example.com"


def write_files(folder, rows, people):
    """The users, the groups, and rows that name them in no order (a step that shares no factor with the numbers)."""
    with open(folder / "users.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["User id", "User name", "email", "User status"])
        out.writerows([person(n), f"Person {n}", email(n), "Active"] for n in range(people))
    with open(folder / "groups.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Group id", "Group name"])
        out.writerows([group(n), f"team-{n}"] for n in range(GROUPS))
    with open(folder / "rows.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Row", "Email", "Group"])
        out.writerows([n, email(n * 7919 % people), f"team-{n * 31 % GROUPS}"] for n in range(rows))


def same_ids(folder):
    """Whether both programs found the same ids, in the same order."""
    with open(folder / "ours.csv", newline="") as ours, open(folder / "theirs.csv", newline="") as theirs:
        ids = lambda row: (row["Email"], row["accountId"], row["groupId"])
        return all(ids(our) == ids(their) for our, their in zip(csv.DictReader(ours), csv.DictReader(theirs), strict=True))


def compare(rows, people, pairs):
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        write_files(folder, rows, people)
        command = [HEADCOUNT, "member", "map", folder / "rows.csv", "--users", folder / "users.csv"]
        command += ["--groups", folder / "groups.csv", "-o", folder / "ours.csv"]
        duckdb = [peers.python(), "-c", f"import duckdb; duckdb.execute('''{SQL.format(folder)}''')"]
        environment = {"HOME": name, "PATH": "/usr/bin:/bin"}
        runs = in_turn(pairs, lambda: run(command, environment), lambda: run(duckdb, environment))
        assert same_ids(folder), "the programs found different ids"
        return runs


def measure(quick):
    times, table = ({}, {}), []
    for (rows, people), pairs in (QUICK if quick else RUNS).items():
        ours, theirs = compare(rows, people, pairs)
        our, their = medians(ours), medians(theirs)
        if rows >= people:
            times[0][people], times[1][people] = our.wall, their.wall
    name = f"{rows:,} rows × {people:,} users × {GROUPS:,} groups"
    table = [
        Row(name, f"{our.wall:.2f} s", f"DuckDB {their.wall:.2f} s", 1 / ratio(ours, theirs), "≤ 0.6"),
        Row(f"CPU, {name}", f"{our.cpu:.2f} s", f"DuckDB {their.cpu:.2f} s", 1 / ratio(ours, theirs, 1), "≤ 1.0"),
        Row(f"memory, {name}", f"{our.memory:.0f} MB", f"DuckDB {their.memory:.0f} MB", 1 / ratio(ours, theirs, 2), "≤ 0.25"),
    ]
    lines = {label: sorted(points.items()) for label, points in zip(("headcount", "DuckDB"), times)}
    return table, [Chart("map-users", f"`member map` of {rows:,} rows", "users in the export", "seconds", lines)]

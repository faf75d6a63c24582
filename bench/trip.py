#!/usr/bin/env python3
"""The trip of a row: the source files that one more row of `member add` enters, from its file to its report.

Runs the program twice under callgrind, with one row and with two, against a sandbox of its own, and finds the files
whose functions are called more often for two rows. `crates/testkit/tests/house/trip.rs` lists the files that take the
row itself, at most 40, and says which files do not count: those that take only a value of the row, run once for a page,
or handle every request in the same way. This script prints both groups, and fails if a file of the list was not entered.
Needs valgrind, and a program with its symbols:

    cargo rustc -p headcount --bin headcount -- -C strip=none
    bench/trip.py target/debug/headcount
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def calls(path):
    """How often each function was called."""
    names, counts, called = {}, collections.Counter(), None

    def name(text):
        number, known = re.match(r"\((\d+)\)(?: (.*))?", text).groups()
        if known:
            names[number] = known
        return names.get(number, text)

    for line in open(path, errors="replace"):
        if line.startswith("fn="):
            name(line[3:].rstrip())
        elif line.startswith("cfn="):
            called = name(line[4:].rstrip())
        elif line.startswith("calls="):
            counts[called] += int(line[6:].split()[0])
    return counts


def file_of(function):
    """The source file of a function of this workspace, by its path; None for one of another crate."""
    found = re.match(r"[<&]*(headcount(?:_\w+)?)((?:::[a-z_0-9]+)+)(?=::|>)", function.replace("$LT$", "<"))
    if not found:
        return None
    crate, parts = found.group(1).replace("headcount_", "").replace("_", "-"), found.group(2).split("::")[1:]
    while parts:
        for end in (".rs", "/mod.rs"):
            file = f"crates/{crate}/src/" + "/".join(parts) + end
            if (ROOT / file).exists():
                return file
        parts.pop()
    return f"crates/{crate}/src/lib.rs"


def run(program, card, folder, rows):
    lines = (ROOT / "samples/member-add.csv").read_text().splitlines()
    # Other rows for the second run: what is a member already is no change.
    (folder / "in.csv").write_text("\n".join([lines[0], *lines[rows : 2 * rows]]) + "\n")
    home, out = folder / f"home{rows}", folder / f"calls{rows}"
    home.mkdir()
    environment = dict(os.environ, HOME=str(home), HEADCOUNT_CLOUD_URL=card["url"],
                       HEADCOUNT_ADMIN_URL=card["url"], HEADCOUNT_EMAIL=card["email"],
                       HEADCOUNT_API_TOKEN=card["api_token"])
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program,
               "member", "add", "in.csv", "--yes", "--canary", "0", "--report", f"report{rows}.csv"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return calls(out)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        sandbox = subprocess.Popen([program, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True,
                                   env=dict(os.environ, HOME=str(folder)))
        try:
            card = json.loads(sandbox.stdout.readline())
            one, two = run(program, card, folder, 1), run(program, card, folder, 2)
        finally:
            sandbox.terminate()
    files = collections.Counter()
    for function, count in two.items():
        file = file_of(function)
        if file and count > one.get(function, 0):
            files[file] = max(files[file], count - one.get(function, 0))
    listed = re.findall(r'\("(crates/[^"]+)", "\w+"\)', (ROOT / "crates/testkit/tests/house/trip.rs").read_text())
    print(f"The trip: {len(listed)} files that take the row")
    for file in listed:
        print(f"{files[file]:6}  {file}")
    others = sorted(set(files) - set(listed))
    print(f"\n{len(others)} files that take a value of the row, a page of rows, or any request")
    for file in others:
        print(f"{files[file]:6}  {file}")
    missed = [file for file in listed if not files[file]]
    if missed:
        sys.exit(f"listed, but not entered: {', '.join(missed)}")


main()

#!/usr/bin/env python3
"""`user export` of a large made-up organization, with latency in every answer.

    cargo build --release && python3 bench/export.py [PEOPLE] [--latency MS]

PEOPLE is 100000, the latency 50 ms if nothing else is said. A cursor leads to the next page only, so
pages x latency is the least that any client takes; printed are the ratio of the whole command to
that, how long the sandbox takes until it answers, and how many of the mails in the file
`member map` finds in it again.
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADCOUNT = ROOT / "target" / "release" / "headcount"
GROUP = "jira-software-users"


def start_sandbox(people, latency):
    begun = time.monotonic()
    command = [HEADCOUNT, "sandbox", "--people", str(people), "--latency", str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    card = json.loads(process.stdout.readline())
    return process, card, time.monotonic() - begun


def environment(card, folder):
    return {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "HEADCOUNT_CLOUD_URL": card["url"],
        "HEADCOUNT_ADMIN_URL": card["url"],
        "HEADCOUNT_EMAIL": card["email"],
        "HEADCOUNT_API_TOKEN": card["api_token"],
        "HEADCOUNT_ORG_ID": card["org_id"],
        "HEADCOUNT_ORG_API_KEY": card["org_api_key"],
    }


def pages_read(card):
    """How many requests for pages of people there were, by the sandbox's own log."""
    summary = subprocess.check_output(["curl", "-sS", card["url"] + "/_sandbox/log/summary"])
    by = json.loads(summary)["by"]
    is_search = lambda count: count["template"].endswith("/users/search") and count["method"] == "POST"
    return sum(count["count"] for count in by if is_search(count))


def found_again(users, folder, environment):
    """Mails that are shown, and how many of them the file gives an id for."""
    with open(users, newline="", encoding="utf-8") as file:
        mails = [row["email"] for row in csv.DictReader(file)]
    hidden = mails.count("")
    with open(folder / "groups.csv", "w", newline="") as file:
        csv.writer(file).writerows([["Group id", "Group name"], ["g-1", GROUP]])
    with open(folder / "all.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["email", "Group"])
        out.writerows([mail, GROUP] for mail in mails if mail)
    command = [HEADCOUNT, "--quiet", "member", "map", "all.csv"]
    command += ["--users", users, "--groups", "groups.csv", "-o", "mapped.csv"]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    with open(folder / "mapped.csv", newline="", encoding="utf-8") as file:
        found = sum(1 for row in csv.DictReader(file) if row["accountId"])
    return len(mails) - hidden, found, hidden


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("people", nargs="?", type=int, default=100_000)
    parser.add_argument("--latency", type=int, default=50, metavar="MS")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        sandbox, card, ready = start_sandbox(arguments.people, arguments.latency)
        try:
            users = folder / "users.csv"
            begun = time.monotonic()
            command = [HEADCOUNT, "--quiet", "user", "export", "-o", users]
            subprocess.run(command, env=environment(card, folder), check=True)
            took = time.monotonic() - begun
            pages = pages_read(card)
        finally:
            sandbox.kill()
            sandbox.wait()
        shown, found, hidden = found_again(users, folder, environment(card, folder))
    least = pages * arguments.latency / 1000
    print(f"{arguments.people:,} people: the sandbox answers after {ready:.2f} s")
    print(f"  user export  {took:.1f} s for {pages:,} pages of {arguments.latency} ms ({least:.1f} s at least)")
    print(f"  ratio        {took / least:.2f}")
    print(f"  mails        {found:,} of {shown:,} that are shown found again; {hidden:,} people hide theirs")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""`user export` of a large made-up organization, with latency in every answer.

    cargo build --release && python3 bench/export.py [PEOPLE] [--latency MS] [--strict] [-- FILTERS]

PEOPLE is 100000, the latency 50 ms by default. A cursor leads to the next page only, so one request
can be in flight, and pages x latency is the least time that any client takes. The script prints the
ratio of the whole command to that time (wanted: at most 1.2), the peak memory of the command (wanted:
under 64 MB), how long the sandbox takes until it answers, and how many of the emails in the file
`member map` finds in it again. The ratio of the sandbox alone, read by a loop of this script with the
same requests, shows how much of it is the sandbox. With --strict, a wrong ratio or memory exits with 1.
"""

import argparse
import csv
import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADCOUNT = ROOT / "target" / "release" / "headcount"
GROUP = "jira-software-users"

# What is wanted: times the least time, and MB.
RATIO = 1.2
MEMORY = 64


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


def timed(command, environment):
    """Runs a command. Returns its time in seconds, and its peak memory in MB."""
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} exited with {process.returncode}")
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def bare_loop(card):
    """Reads the same pages with nothing but a connection. Returns the seconds."""
    address = urllib.parse.urlsplit(card["url"])
    connection = http.client.HTTPConnection(address.hostname, address.port)
    path = f"/admin/v2/orgs/{card['org_id']}/directories/-/users/search"
    headers = {"Authorization": f"Bearer {card['org_api_key']}", "Content-Type": "application/json"}
    search = {"limit": 100, "expand": ["productAccess", "platformRoles"]}
    begun = time.monotonic()
    while True:
        connection.request("POST", path, json.dumps(search), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"the bare loop got {answer.status}")
        # Only the cursor is of interest: it is at the end of the answer.
        following = json.loads(body)["links"].get("next")
        if not following:
            return time.monotonic() - begun
        search["cursor"] = following


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
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("filters", nargs="*", metavar="FILTER")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        sandbox, card, ready = start_sandbox(arguments.people, arguments.latency)
        try:
            users = folder / "users.csv"
            command = [HEADCOUNT, "--quiet", "user", "export", *arguments.filters, "-o", users]
            took, memory = timed(command, environment(card, folder))
            pages = pages_read(card)
            bare = bare_loop(card)
        finally:
            sandbox.kill()
            sandbox.wait()
        shown, found, hidden = found_again(users, folder, environment(card, folder))
    least = pages * arguments.latency / 1000
    print(f"{arguments.people:,} people: the sandbox answers after {ready:.2f} s")
    print(f"  user export  {took:.1f} s for {pages:,} pages of {arguments.latency} ms ({least:.1f} s at least)")
    ratio = took / least
    print(f"  ratio        {ratio:.2f} (wanted: at most {RATIO}; a bare loop of the same pages: {bare / least:.2f})")
    print(f"  peak memory  {memory:.0f} MB (wanted: under {MEMORY} MB)")
    print(f"  mails        {found:,} of {shown:,} that are shown found again; {hidden:,} people hide theirs")
    if arguments.strict and (ratio > RATIO or memory >= MEMORY):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

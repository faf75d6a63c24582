#!/usr/bin/env python3
"""`sync` of a long list with a small difference: look-ups, memory and time.

    cargo build --release && python3 bench/roster.py [PEOPLE] [--groups N] [--each N] [--rate N] [--program FILE] [--strict]

PEOPLE is 20000 with 200 groups and 3 memberships of each user; 1 % of the users have another membership in the list
than on the site. The script prints the calls of `sync --check` by endpoint. Wanted: at most one for 100 users and one
for each page of 50 members (and a handful to open the site), under 100 MB, and a plan that is applied within 1.2 x
(calls / rate). With --strict, more exits with 1.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
MEMORY = 100
RATIO = 1.2
# Credentials, organization, directory, groups' names, seats.
OPENING = 30


def ask(card, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{card['url']}/_sandbox/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def mail(n):
    return f"u{n}@banc.ly"


def groups_of(n, args, other=False):
    """The groups of a user; in the list, one user in a hundred has another one."""
    groups = {(n * 7 + at * 61) % args.groups for at in range(args.each)}
    if other and n % 100 == 0:
        groups = {(group + 1) % args.groups for group in groups}
    return sorted(groups)


def seed(card, args):
    for start in range(0, args.people, 2000):
        people = range(start, min(start + 2000, args.people))
        body = {
            "people": [{"email": mail(n), "name": f"U {n}"} for n in people],
            "groups": [{"id": f"id-{g}", "name": f"team {g}"} for g in range(args.groups)] if start == 0 else [],
            "memberships": [{"email": mail(n), "group": f"team {g}"} for n in people for g in groups_of(n, args)],
        }
        ask(card, "POST", "seed", body)


def write_list(path, args):
    with open(path, "w") as file:
        file.write("email,groups\n")
        for n in range(args.people):
            groups = "; ".join(f"team {g}" for g in groups_of(n, args, True))
            file.write(f"{mail(n)},{groups}\n")


def run(command, environment):
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - begun, usage.ru_maxrss / 1024


def calls(card):
    """The number of requests, and how many of each call."""
    summary = ask(card, "GET", "log/summary")
    each = {}
    for one in summary["by"]:
        name = f"{one['method']} {one['template']}"
        each[name] = each.get(name, 0) + one["count"]
    return summary["requests"], each


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=20000)
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "headcount"))
    parser.add_argument("--strict", action="store_true")
    args = parser.parse_args()
    sandbox = subprocess.Popen(
        [args.program, "sandbox", "--rate", str(args.rate)], stdout=subprocess.PIPE, text=True
    )
    try:
        good = measure(json.loads(sandbox.stdout.readline()), args)
    finally:
        sandbox.kill()
        sandbox.wait()
    return 1 if args.strict and not good else 0


def measure(card, args):
    seed(card, args)
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as folder:
        folder = pathlib.Path(folder)
        write_list(folder / "list.csv", args)
        environment = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "HEADCOUNT_CLOUD_URL": card["url"],
            "HEADCOUNT_ADMIN_URL": card["url"],
            "HEADCOUNT_EMAIL": card["email"],
            "HEADCOUNT_API_TOKEN": card["api_token"],
            "HEADCOUNT_ORG_ID": card["org_id"],
            "HEADCOUNT_ORG_API_KEY": card["org_api_key"],
            "HEADCOUNT_JOURNAL": str(folder / "journal.db"),
        }
        ask(card, "DELETE", "log")
        check = [args.program, "sync", folder / "list.csv", "--check", "--format", "json"]
        code, seconds, memory = run(check, environment)
        made, each = calls(card)
        pages = sum(-(-sum(g in groups_of(n, args) for n in range(args.people)) // 50) for g in range(args.groups))
        most = args.people // 100 + args.people // 9900 + pages + OPENING
        print(f"sync --check of {args.people:,} users, {args.groups} groups, {args.people * args.each:,} memberships: "
              f"exit {code}, {made} calls (at most {most}), {seconds:.1f} s, {memory:.0f} MB (under {MEMORY})")
        for call, times in sorted(each.items()):
            print(f"  {times:>6} {call}")
        ask(card, "DELETE", "log")
        apply = [args.program, "sync", folder / "list.csv", "--yes", "--quiet", "--max-changes", str(args.people)]
        code, seconds, peak = run(apply, environment)
        all_calls, _ = calls(card)
        least = all_calls / args.rate
        print(f"sync --yes: exit {code}, {all_calls} calls, {seconds:.1f} s ({seconds / least:.2f} x calls / rate), {peak:.0f} MB")
        return made <= most and max(memory, peak) < MEMORY and seconds <= RATIO * least


if __name__ == "__main__":
    raise SystemExit(main())

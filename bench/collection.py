#!/usr/bin/env python3
"""A Postman collection: `headcount postman run` (each row durable before its request is sent and after
it is answered) against Newman, on the same local server, in turn.

    cargo build --release && python3 bench/collection.py [ROWS] [--newman-rows N] [--pairs N]
        [--memory 1000,10000,100000] [--server sandbox|constant]

The collection is the articles' request that creates a user, with its one test script, which runs in every
row: scripts/newman/collections/create-users.corrected.json. Both programs get the same options and write
their usual report, which is thrown away.

ROWS are 10,000 for headcount. Newman does about 75 rows a second, so it gets 500 (--newman-rows): its
figures a row are of those. Its memory grows with the rows, so the ratio of the peaks flatters it.
Each run has a server of its own. `constant` is the smallest server that answers as the sandbox does: it
shows what is left if the server costs little. The sandbox's log is asked whether each user was created
once.

Then: headcount's peak memory by rows.

Newman comes from npm (`npm ci` in scripts/newman). Where that fails, the benchmark says so and shows
headcount's figures alone.
"""

import argparse
import asyncio
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import adds

NEWMAN_FOLDER = adds.ROOT / "scripts" / "newman"
NEWMAN = NEWMAN_FOLDER / "node_modules" / ".bin" / "newman"
COLLECTION = NEWMAN_FOLDER / "collections" / "create-users.corrected.json"
ENVIRONMENT = NEWMAN_FOLDER / "environments" / "later.json"


class Sandbox:
    """A fresh sandbox on a free port; at the end its log is asked what was really done."""

    def __init__(self):
        command = [adds.HEADCOUNT, "sandbox", "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.card = json.loads(self.process.stdout.readline())

    def created(self):
        url = self.card["url"] + "/_sandbox/log/summary"
        summary = json.loads(subprocess.check_output(["curl", "-sS", url]))
        assert summary["twice"] == [], summary["twice"]
        return summary["effects"].get("created-user", 0)

    def stop(self):
        self.process.kill()
        self.process.wait()


class ConstantServer(Sandbox):
    """This program with `--serve`."""

    def __init__(self):
        command = [sys.executable, __file__, "--serve"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        url = self.process.stdout.readline().strip()
        self.card = {"url": url, "email": "ann@example.com", "api_token": "token-of-the-benchmark"}

    def created(self):
        return int(subprocess.check_output(["curl", "-sS", self.card["url"] + "/count"]))


class Constant(asyncio.Protocol):
    """Answers every request with 201. It reads no more of one than where it ends."""

    BODY = json.dumps(
        {"accountId": "712020:00000000-0000-4000-8000-000000000000", "accountType": "atlassian", "active": True,
         "emailAddress": "user@example.com", "displayName": "user"}
    ).encode()
    HEAD = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    created = 0

    def connection_made(self, transport):
        self.transport, self.waiting = transport, b""

    def data_received(self, data):
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head = self.waiting[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r", 1)[0]) if at >= 0 else 0
            if len(self.waiting) < end + 4 + length:
                return
            self.waiting = self.waiting[end + 4 + length :]
            body = self.BODY
            if head.startswith(b"post "):
                Constant.created += 1
            else:
                body = str(Constant.created).encode()
            self.transport.write(self.HEAD % len(body) + body)


async def serve():
    server = await asyncio.get_running_loop().create_server(Constant, "127.0.0.1", 0)
    print("http://127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def is_newman_installed():
    """Installs it where it is missing; the reason where that fails."""
    if NEWMAN.exists():
        return True
    try:
        subprocess.run(["npm", "ci"], cwd=NEWMAN_FOLDER, check=True, capture_output=True, text=True)
        return True
    except FileNotFoundError:
        why = "npm is not installed"
    except subprocess.CalledProcessError as error:
        why = (error.stderr.strip().splitlines() or [f"npm ci ended with {error.returncode}"])[0]
    print(f"Newman could not be installed from npm, so there is nothing to compare with: {why}")
    return False


def write_inputs(folder, card, rows):
    """The environment with the server's address, and as many new users."""
    environment = json.loads(ENVIRONMENT.read_text())
    values = {"cloudUrl": card["url"], "apiTokenEmailAddress": card["email"], "apiToken": card["api_token"]}
    for variable in environment["values"]:
        variable["value"] = values[variable["key"]]
    (folder / "environment.json").write_text(json.dumps(environment))
    with open(folder / "users.csv", "w") as file:
        file.write("emailAddress,products\n")
        for n in range(rows):
            file.write(f"user{n}@example.com,jira-software\n")
    for old in folder.glob("journal.db*"):
        old.unlink()


def run(program, folder, rows, server):
    """One run against a server of its own: seconds, CPU seconds, peak memory in MB."""
    running = server()
    try:
        write_inputs(folder, running.card, rows)
        environment = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "HEADCOUNT_JOURNAL": str(folder / "journal.db"),
        }
        options = [COLLECTION, "-e", folder / "environment.json", "-d", folder / "users.csv"]
        measured = adds.measure([*program, *options], environment)
        created = running.created()
        assert created == rows, f"{created} of {rows} users were created"
        return measured
    finally:
        running.stop()


def headcount(folder, rows, server):
    return run([adds.HEADCOUNT, "postman", "run"], folder, rows, server)


def newman(folder, rows, server):
    return run([NEWMAN, "run"], folder, rows, server)


def show(name, rows, runs):
    wall, cpu, memory = (statistics.median(run[n] for run in runs) for n in range(3))
    print(
        f"  {name:<10} {rows:>7,} rows {rows / wall:>9,.0f} rows/s   {cpu / rows * 1e6:>9,.1f} µs CPU a row   "
        f"{memory:>6.1f} MB peak",
        flush=True,
    )


def show_ratio(what, ratios, digits=0):
    shown = ", ".join(f"{ratio:,.{digits}f}" for ratio in sorted(ratios))
    print(f"  {what}: {statistics.median(ratios):,.{digits}f} ({shown})")


def compare(folder, arguments, server):
    rows, few = arguments.rows, arguments.newman_rows
    has_newman = is_newman_installed()
    ours, theirs = [], []
    for _ in range(arguments.pairs):
        ours.append(headcount(folder, rows, server))
        if has_newman:
            theirs.append(newman(folder, few, server))
    print(f"the articles' request that creates a user, one test script in every row; {arguments.pairs} in turn, "
          f"server: {arguments.server}")
    show("headcount", rows, ours)
    if not has_newman:
        return
    show("Newman", few, theirs)
    pairs = list(zip(ours, theirs))
    show_ratio("headcount's rows/s, times Newman's", [rows / our[0] / (few / their[0]) for our, their in pairs])
    show_ratio("Newman's CPU a row, times headcount's", [their[1] / few / (our[1] / rows) for our, their in pairs])
    show_ratio(
        f"headcount's peak memory with {rows:,} rows, as a share of Newman's with {few:,}",
        [our[2] / their[2] for our, their in pairs],
        2,
    )


def memory(folder, all_rows, server):
    peaks = {}
    for rows in all_rows:
        peaks[rows] = headcount(folder, rows, server)[2]
        print(f"  headcount  {rows:>7,} rows {peaks[rows]:>6.1f} MB peak", flush=True)
    if len(peaks) > 1:
        first, last = min(peaks), max(peaks)
        print(f"  peak memory, {last:,} rows against {first:,}: {peaks[last] / peaks[first]:.2f} times")


def main():
    numbers = lambda text: [int(number) for number in text.split(",") if number]
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="?", type=int, default=10_000)
    parser.add_argument("--newman-rows", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--memory", type=numbers, default=[1_000, 10_000, 100_000])
    parser.add_argument("--server", default="sandbox", choices=["sandbox", "constant"])
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        return asyncio.run(serve())
    server = {"sandbox": Sandbox, "constant": ConstantServer}[arguments.server]
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        compare(folder, arguments, server)
        memory(folder, arguments.memory, server)


if __name__ == "__main__":
    sys.exit(main())

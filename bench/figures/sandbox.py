"""The sandbox's own speed: it must not be what a benchmark of a client measures."""

import json
import pathlib
import re
import statistics
import subprocess
import tempfile

import adds
from harness import peers
from harness.command import HEADCOUNT
from harness.results import Row

TITLE = "The sandbox"
ABOUT = """
wrk adds members (each pair of user and group once, 32 connections) on a sandbox with 100,000 users, against a handler \
that answers a constant with the same server library: `bench/peers/src/bin/constant.rs`. The sandbox checks the \
credentials, applies the change, and logs the request.
"""
SCRIPT = """
-- Each thread has its own users, so that no pair is sent twice.
local threads = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
local sent = 0
function request()
    local user, group = sent % 50000 + id * 50000, math.floor(sent / 50000)
    sent = sent + 1
    local body = string.format('{"accountId":"712020:%08x-0000-4000-8000-000000000000"}', user)
    local path = string.format("/rest/api/3/group/user?groupId=%08x-0000-4000-8000-00000000aaaa", group)
    return wrk.format("POST", path, {["Content-Type"] = "application/json", ["Authorization"] = "KEY"}, body)
end
function done(summary, latency, requests)
    local errors = summary.errors
    print("failed " .. errors.status + errors.connect + errors.read + errors.write + errors.timeout)
end
"""


def rate(script, url, seconds):
    command = [peers.program("wrk"), "-t2", "-c32", f"-d{seconds}s", "-s", script, url]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "failed 0\n" in shown, shown
    return float(re.search(r"Requests/sec:\s+([\d.]+)", shown)[1])


class Server:
    """A server whose first line has its address."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.card = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self.card

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def write_organization(folder, people):
    with open(folder / "users.csv", "w") as file:
        file.write("User id,User name,email,User status\n")
        file.writelines(f"{adds.person(n)},Person {n},p{n}@example.com,Active\n" for n in range(people))
    with open(folder / "groups.csv", "w") as file:
        file.write("Group id,Group name\n")
        file.writelines(f"{adds.group(n)},team-{n}\n" for n in range(100))


def measure(quick):
    seconds, pairs = (1, 1) if quick else (8, 3)
    constant = peers.built("constant")
    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        write_organization(folder, 100_000)
        script = folder / "adds.lua"
        for _ in range(pairs):
            with Server(HEADCOUNT, "sandbox", "--seed", folder, "--rate", "0") as card:
                key = subprocess.check_output(["base64", "-w0"], input=f"{card['email']}:{card['api_token']}", text=True)
                script.write_text(SCRIPT.replace("KEY", f"Basic {key}"))
                ours.append(rate(script, card["url"], seconds))
            with Server(constant) as card:
                theirs.append(rate(script, card["url"], seconds))
    value = statistics.median(our / their for our, their in zip(ours, theirs))
    our, their = statistics.median(ours), statistics.median(theirs)
    name = "requests/s, membership adds, 100,000 users"
    return [Row(name, f"{our:,.0f}/s", f"constant {their:,.0f}/s", value, "≥ 0.5")], []

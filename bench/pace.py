#!/usr/bin/env python3
"""The pace: how close `headcount member add` comes to what a site gives, over real HTTP.

    cargo build --release && python3 bench/pace.py [--quick] [--tell all|retry-after|nothing]
        [--rates 10,50,200] [--latencies 5,50,300] [--only cells|change|latency]
        [--binary FILE]

Each cell is a fresh sandbox whose adding of members is a token bucket (it holds one second's
worth), and one whole command: reading, looking up, planning and sending. The time that is compared
is from the first to the last adding in the sandbox's own log; the ideal is rows / rate. The bucket
begins full, so that a little less than 1.00 is possible. `429` is the share of refused addings.

A cell has 60 x rate rows (a minute each); --quick takes 20 x rate rows, which the search for the
rate weighs three times as much on.
Then: a limit that changes in the middle of a run, and latency alone (`--concurrency 32`).
"""

import argparse
import base64
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import adds

CALL = "/rest/api/3/group/user"


class Site:
    """A sandbox with so much latency; only the adding of members is limited."""

    def __init__(self, folder, latency_ms):
        command = [adds.HEADCOUNT, "sandbox", "--seed", folder, "--latency", str(latency_ms)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.card = json.loads(self.process.stdout.readline())

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.card['url']}/_sandbox/{path}", data=data)
        request.add_header("content-type", "application/json")
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")

    def limit(self, rate, tell):
        self.control("rate", {"rate": rate, "tell": tell, "method": "POST", "path": CALL})

    def addings(self):
        """Seconds and status of each adding, in the order in which they were answered."""
        entries, start = [], 0
        while start is not None:
            page = self.control(f"log?limit=10000&from={start}&method=POST&template={CALL}")
            entries += [(entry["at_ms"] / 1000, entry["status"]) for entry in page["entries"]]
            start = page["next"]
        return entries

    def start(self, folder, *more):
        for old in folder.glob("journal.db*"):
            old.unlink()
        environment = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "HEADCOUNT_CLOUD_URL": self.card["url"],
            "HEADCOUNT_EMAIL": self.card["email"],
            "HEADCOUNT_API_TOKEN": self.card["api_token"],
            "HEADCOUNT_JOURNAL": str(folder / "journal.db"),
        }
        command = [adds.HEADCOUNT, "member", "add", folder / "adds.csv", "--yes", *more]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self):
        self.process.kill()
        self.process.wait()


def carry_out(rows, latency_ms, prepare, *more, during=lambda site, run: None):
    """One command on a fresh sandbox; what the sandbox's log says of the addings."""
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        folder = pathlib.Path(name)
        adds.write_organization(folder, rows)
        site = Site(folder, latency_ms)
        try:
            prepare(site)
            run = site.start(folder, *more)
            during(site, run)
            assert run.wait() == 0, f"headcount ended with {run.returncode}"
            addings = site.addings()
        finally:
            site.stop()
    assert sum(status == 201 for _, status in addings) == rows, "not every row was done"
    return addings


def cell(rate, latency_ms, seconds, tell):
    rows = rate * seconds
    addings = carry_out(rows, latency_ms, lambda site: site.limit(rate, tell))
    refused = sum(status == 429 for _, status in addings) / len(addings)
    times = [at for at, _ in addings]
    took = max(times) - min(times) + latency_ms / 1000
    # No more than 32 are under way: where answers take long, that is the limit.
    ideal = rows / min(rate, 32_000 / latency_ms)
    ratio = took / ideal
    bar = "#" * round(40 / ratio)
    print(
        f"{rate:>5}/s {latency_ms:>6} ms {ideal:>8.1f} s {took:>8.1f} s {ratio:>7.3f}"
        f" {refused:>8.2%}  {bar}",
        flush=True,
    )


def change(before, after, seconds, tell):
    """The limit changes after `seconds`; when two seconds' addings are the new rate."""
    rows = (before + after) * seconds
    moment = []

    def during(site, run):
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            site.limit(after, tell)
            moment.append(site.control("clock")["now_ms"] / 1000)

    addings = carry_out(rows, 20, lambda site: site.limit(before, tell), during=during)
    served = [at - moment[0] for at, status in addings if status == 201]
    refused = sum(status == 429 for _, status in addings) / len(addings)
    found = None
    for half in range(2 * seconds):
        count = sum(half / 2 <= at < half / 2 + 2 for at in served) / 2
        if abs(count / after - 1) < 0.17:
            found = half / 2
            break
    told = "not found" if found is None else f"found after {found:.1f} s"
    print(f"{before:>5}/s to {after}/s: {told}, {refused:.2%} refused", flush=True)


def alone(site):
    """Seconds that one request takes when nothing else is under way (the median of 40)."""
    key = base64.b64encode(f"{site.card['email']}:{site.card['api_token']}".encode()).decode()
    connection = http.client.HTTPConnection(site.card["url"].removeprefix("http://"))
    times = []
    for _ in range(40):
        begun = time.perf_counter()
        connection.request("GET", "/rest/api/3/myself", headers={"Authorization": f"Basic {key}"})
        connection.getresponse().read()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def latency_alone(latency_ms, rows):
    lone = []
    addings = carry_out(
        rows, latency_ms, lambda site: lone.append(alone(site)), "--concurrency", "32"
    )
    times = [at for at, _ in addings]
    rate = rows / (max(times) - min(times) + latency_ms / 1000)
    print(
        f"{rows} rows at {latency_ms} ms: {rate:.0f}/s, {rate / (32_000 / latency_ms):.3f} of"
        f" 32/latency; a lone request took {lone[0] * 1000:.1f} ms: {rate / (32 / lone[0]):.3f} of 32/that",
        flush=True,
    )


def main():
    numbers = lambda text: [int(number) for number in text.split(",")]
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--binary", type=pathlib.Path, default=adds.HEADCOUNT)
    parser.add_argument("--tell", default="all", choices=["all", "retry-after", "nothing"])
    parser.add_argument("--rates", type=numbers, default=[10, 50, 200])
    parser.add_argument("--latencies", type=numbers, default=[5, 50, 300])
    parser.add_argument("--only", choices=["cells", "change", "latency"])
    arguments = parser.parse_args()
    adds.HEADCOUNT = arguments.binary.resolve()
    seconds = 20 if arguments.quick else 60
    wanted = lambda part: arguments.only in (None, part)
    if wanted("cells"):
        print(f"{seconds} x rate rows, answers tell: {arguments.tell}")
        print(f"{'rate':>7} {'latency':>9} {'ideal':>10} {'took':>10} {'ratio':>7} {'429':>8}")
        for rate in arguments.rates:
            for latency in arguments.latencies:
                cell(rate, latency, seconds, arguments.tell)
    if wanted("change"):
        for before, after in [(50, 100), (50, 200), (100, 25)]:
            change(before, after, seconds, arguments.tell)
    if wanted("latency"):
        # Half a minute: the canary and the first round trips are not to count.
        latency_alone(50, 20000)


if __name__ == "__main__":
    sys.exit(main())

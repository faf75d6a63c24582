#!/usr/bin/env python3
"""Many organizations, one journal on PostgreSQL, several workers, and trouble: a random worker is
killed every few seconds, PostgreSQL restarts once, and the network to it is cut once.

    cargo build --release && python3 bench/teams.py [--sites N] [--rows M] [--workers W]
    python3 bench/teams.py --scale [--sites N] [--rows M]

Each organization is a sandbox of its own. At the end, every row has one outcome, no sandbox saw a
change twice, few requests were refused for their rate, and every run has finished. With --scale: the
rows a second of 1, 2, 4 and 8 workers, without trouble, on fewer organizations.

A million rows (200 organizations of 5,000) need about 6 GB of memory, 3 GB of disk, and on two cores,
which the workers share with PostgreSQL and all sandboxes, about a quarter of an hour; HEADCOUNT names
another program than target/release/headcount.
"""

import argparse
import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import adds
import journals
from adds import Sandbox, write_organization

TOKEN = "sandbox-api-token"
# The most refusals for rate, as a share of all requests of a site: finding the limit takes some.
REFUSED = 0.1


class Proxy:
    """Passes connections on to the socket of PostgreSQL, until the network is cut."""

    def __init__(self, path):
        self.path = path
        self.is_cut = False
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            try:
                if self.is_cut:
                    raise OSError("the network is cut")
                server.connect(self.path)
            except OSError:
                client.close()
                continue
            self.open |= {client, server}
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.copy, args=(one, other), daemon=True).start()

    def copy(self, one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                while self.is_cut:  # neither data nor the end of the connection arrives
                    time.sleep(0.1)
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            self.open.discard(end)

    def cut(self, seconds):
        """Nothing passes for a while; then the connections from before are reset."""
        before = set(self.open)
        self.is_cut = True
        time.sleep(seconds)
        for end in before:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.is_cut = False


class Worker:
    def __init__(self, teams):
        command = [adds.HEADCOUNT, "worker", "--all", "--jobs", str(teams.jobs), "--log", "json"]
        self.log = open(teams.folder / "workers.log", "ab")
        self.process = subprocess.Popen(command, env=teams.environment(), stderr=self.log)

    def end(self, how):
        """Ends the worker, if it has not ended; its CPU seconds."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, how)
        _, _, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = 0
        return usage.ru_utime + usage.ru_stime

    def has_ended(self):
        """Whether it ended by itself: a worker that starts while PostgreSQL does not answer ends at once."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class Teams:
    def __init__(self, folder, arguments):
        self.folder, self.rows, self.jobs = folder, arguments.rows, arguments.jobs
        self.lease, self.seconds = arguments.lease, arguments.seconds
        write_organization(folder, self.rows)
        self.postgres = journals.Postgres(folder)
        self.proxy = Proxy(str(folder / "postgres" / ".s.PGSQL.5432"))
        self.sandboxes = []
        self.arguments = arguments
        self.schema = "teams"
        self.cpu = 0.0
        self.postgres_cpu = 0.0

    def begin(self):
        """New sandboxes, and a profile for each."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            self.sandboxes = list(pool.map(self.sandbox, [self.arguments] * self.arguments.sites))
        # A worker takes nothing from the environment for a profile.
        token = self.folder / "token"
        token.write_text(TOKEN)
        profiles = (
            f'[profiles.site{n}]\ncloud_url = "{sandbox.card["url"]}"\nemail = "{sandbox.card["email"]}"\n'
            f'api_token_command = "cat {token}"\n'
            for n, sandbox in enumerate(self.sandboxes)
        )
        (self.folder / "config.toml").write_text("\n".join(profiles))

    def sandbox(self, arguments):
        command = [adds.HEADCOUNT, "sandbox", "--seed", self.folder]
        if arguments.rate:
            command += ["--rate", str(arguments.rate)]
        sandbox = Sandbox.__new__(Sandbox)
        sandbox.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        sandbox.card = json.loads(sandbox.process.stdout.readline())
        return sandbox

    def environment(self):
        address = f"postgres://headcount@127.0.0.1:{self.proxy.port}/postgres"
        return {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "HEADCOUNT_CONFIG": str(self.folder / "config.toml"),
            "HEADCOUNT_API_TOKEN": TOKEN,
            "HEADCOUNT_JOURNAL": f"{address}?schema={self.schema}&lease={self.lease}&sslmode=disable",
        }

    def command(self, *words):
        return subprocess.run(
            [adds.HEADCOUNT, *words], env=self.environment(), check=True, text=True, capture_output=True
        ).stdout.strip()

    def queue(self):
        """Plans a run for each site, and hands it over."""
        begun = time.monotonic()
        self.command("journal", "init")

        def one(n):
            run = self.command("--profile", f"site{n}", "member", "add", self.folder / "adds.csv", "--plan")
            self.command("run", "queue", run, "--yes")

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(one, range(len(self.sandboxes))))
        took = time.monotonic() - begun
        print(f"  planned and queued in {took:,.0f} s, {len(self.sandboxes) * self.rows / took:,.0f} rows/s", flush=True)

    def ask(self, question):
        command = [journals.programs() / "psql", "-XAtq", "-U", "headcount", "-h", self.postgres.folder]
        asked = subprocess.run(
            [*command, "postgres", "-c", f"SET search_path TO {self.schema}; {question}"],
            text=True, capture_output=True,
        )
        return asked.stdout.strip() if asked.returncode == 0 else None

    def is_over(self):
        return self.ask("SELECT count(*) FROM runs WHERE state <> 'finished'") == "0"

    def wait(self, workers, trouble):
        """Waits until every run has finished, and makes trouble meanwhile."""
        begun = shown = time.monotonic()
        events = list(trouble)
        # Asking starts a process, which takes its share of a core.
        while not self.is_over():
            if time.monotonic() - shown > 30:
                shown = time.monotonic()
                finished = self.ask("SELECT count(*) FROM runs WHERE state = 'finished'")
                print(f"    {shown - begun:,.0f} s: {finished} runs have finished", flush=True)
            now = time.monotonic() - begun
            assert now < self.seconds, f"not over after {self.seconds} s: {self.ask('SELECT state, count(*) FROM runs GROUP BY 1')}"
            while events and events[0][0] <= now:
                events.pop(0)[1](workers)
            for at, worker in enumerate(workers):
                if worker.has_ended():  # a service manager would start it again
                    self.cpu += worker.end(signal.SIGKILL)
                    workers[at] = Worker(self)
            time.sleep(0.2 if now < 20 else 1.0)
        return time.monotonic() - begun

    def kill_one(self, workers):
        at = random.randrange(len(workers))
        self.cpu += workers[at].end(signal.SIGKILL)
        workers[at] = Worker(self)

    def restart_postgres(self, _):
        print("    PostgreSQL restarts", flush=True)
        self.postgres_cpu += self.cpu_of_postgres()
        data = self.postgres.folder / "data"
        self.postgres.server.send_signal(signal.SIGINT)
        self.postgres.server.wait()
        serve = ["postgres", "-D", data, "-k", self.postgres.folder, "-c", "listen_addresses="]
        self.postgres.server = self.postgres.start(serve)

    def cut_network(self, _):
        print("    the network is cut", flush=True)
        threading.Thread(target=self.proxy.cut, args=(2 * self.lease,), daemon=True).start()

    def cpu_of_postgres(self):
        """CPU seconds of the running server: its own, of processes that ended, and of those that run."""
        server, ticks = self.postgres.server.pid, 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if int(stat.parent.name) == server:
                    ticks += sum(int(field) for field in fields[11:15])
                elif int(fields[1]) == server:
                    ticks += sum(int(field) for field in fields[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def check(self):
        """What has to hold at the end."""
        rows = len(self.sandboxes) * self.rows
        assert self.ask("SELECT count(*) FROM rows") == str(rows)
        open_rows = "SELECT count(*) FROM rows WHERE outcome IS NULL OR outcome NOT IN ('changed', 'unchanged')"
        assert self.ask(open_rows) == "0", self.ask("SELECT outcome, reason, count(*) FROM rows GROUP BY 1, 2")
        assert self.ask("SELECT count(*) FROM queue") == "0"
        shares = []
        for sandbox in self.sandboxes:
            assert sandbox.effects() == self.rows, "a row was not done"
            url = sandbox.card["url"] + "/_sandbox/log/summary"
            summary = json.loads(subprocess.check_output(["curl", "-sS", url]))
            refused = sum(one.get("requests", one.get("count", 0)) for one in summary["by"] if one.get("status") == 429)
            shares.append(refused / max(summary["requests"], 1))
        assert max(shares) <= REFUSED, f"refused for rate: {max(shares):.1%} of the requests of a site"
        return max(shares)

    def run(self, how_many, trouble=()):
        self.schema = f"teams_{how_many}"
        self.begin()
        self.queue()
        commits = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'"
        before, size, self.cpu = int(self.ask(commits)), self.postgres.size(), 0.0
        self.postgres_cpu = -self.cpu_of_postgres()
        workers = [Worker(self) for _ in range(how_many)]
        how = signal.SIGKILL
        try:
            took = self.wait(workers, trouble)
            how = signal.SIGTERM
        finally:
            for worker in workers:
                self.cpu += worker.end(how)
        after = int(self.ask(commits))
        self.postgres_cpu += self.cpu_of_postgres()
        refused = self.check()
        for sandbox in self.sandboxes:
            sandbox.stop()
        rows = len(self.sandboxes) * self.rows
        # A restart in between resets the count only if the server crashed.
        commits = f"{(after - before) / took:>7,.0f} commits/s" if after >= before else ""
        print(
            f"  {how_many} workers  {rows / took:>7,.0f} rows/s  {commits}  database {size:,} to "
            f"{self.postgres.size():,} MB  CPU a row: {self.cpu / rows * 1e6:,.0f} µs workers, "
            f"{self.postgres_cpu / rows * 1e6:,.0f} µs PostgreSQL  {refused:.1%} refused for rate at most  {took:,.0f} s",
            flush=True,
        )

    def stop(self):
        for sandbox in self.sandboxes:
            with contextlib.suppress(ProcessLookupError):
                sandbox.stop()
        self.postgres.stop()


def trouble(teams, every, seconds):
    """Kills all the time, one restart, one cut."""
    kills = [(at, teams.kill_one) for at in range(every, seconds, every)]
    return sorted([*kills, (2 * every + 1, teams.restart_postgres), (4 * every + 1, teams.cut_network)], key=lambda one: one[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sites", type=int, help="200; with --scale 32")
    parser.add_argument("--rows", type=int, help="of each: 5000; with --scale 2000")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=8, help="runs at the same time of a worker")
    parser.add_argument("--rate", type=int, help="requests a second that a sandbox allows of each call")
    parser.add_argument("--kill-every", type=int, default=5, metavar="SECONDS")
    parser.add_argument("--lease", type=int, default=5, metavar="SECONDS")
    parser.add_argument("--seconds", type=int, default=7_200, help="the most that it may take")
    parser.add_argument("--scale", action="store_true", help="1, 2, 4 and 8 workers without trouble")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.sites = arguments.sites or (32 if arguments.scale else 200)
    arguments.rows = arguments.rows or (2_000 if arguments.scale else 5_000)
    random.seed(arguments.seed)
    print(f"{arguments.sites} organizations of {arguments.rows:,} rows", flush=True)
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as name:
        teams = Teams(pathlib.Path(name), arguments)
        try:
            for how_many in (1, 2, 4, 8) if arguments.scale else (arguments.workers,):
                teams.run(how_many, () if arguments.scale else trouble(teams, arguments.kill_every, arguments.seconds))
        finally:
            teams.stop()


if __name__ == "__main__":
    main()

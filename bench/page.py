#!/usr/bin/env python3
"""The page with a large sheet: how long until it is understood, planned, shown, searched; and the
program's peak memory. Over real HTTP, as a browser asks, against a sandbox of its own; once with the
site asked for who is who, and once with its exports given.

    cargo build --release && python3 bench/page.py [ROWS]

ROWS is 100000 if none is given: that many people are added to one group, on a site that has a quarter
more. Prints seconds and MB; the bounds are 5 s for understood and planned together, and 200 ms for the
first table. HEADCOUNT names another binary.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

from export import environment

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADCOUNT = os.environ.get("HEADCOUNT", ROOT / "target" / "release" / "headcount")


def ask_sandbox(card, method, path, body=None):
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(card["url"] + path, data, method=method)
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def sheet_of(card, rows):
    """A CSV that adds people with nothing odd about them to a new group."""
    ask_sandbox(card, "POST", "/_sandbox/seed", {"groups": [{"name": "everybody-new"}]})
    people = ask_sandbox(card, "GET", "/_sandbox/state?only=people")["people"]
    odd = ("place", "org_admin", "lifecycle", "kind")
    mails = [one["email"] for one in people if one.get("email") and not any(key in one for key in odd)]
    assert len(mails) >= rows, f"only {len(mails)} people"
    return "Email,Group\n" + "".join(f"{mail},everybody-new\n" for mail in mails[:rows])


class Page:
    """A browser's part of it: the cookie, the page's own origin."""

    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.host, self.cookie = parts.netloc, None
        answer, _ = self.ask("GET", f"{parts.path}?{parts.query}")
        self.cookie = answer.getheader("set-cookie").split(";")[0]

    def ask(self, method, path, body=None, kind=None):
        connection = http.client.HTTPConnection(self.host)
        headers = {"origin": f"http://{self.host}"} if method == "POST" else {}
        headers.update({"cookie": self.cookie} if self.cookie else {})
        headers.update({"content-type": kind} if kind else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status < 400, f"{method} {path}: {answer.status}\n{text}"
        return answer, text

    def timed(self, what, *request):
        begun = time.monotonic()
        answer, text = self.ask(*request)
        took = time.monotonic() - begun
        if what:
            print(f"  {what:<34}{took:>9.3f} s")
        return answer, text, took


def send(page, path, fields, files):
    """A form with files, as a browser sends it; the answer and the seconds it took."""
    text = "".join(f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields)
    for name, file, content in files:
        text += f'--b\r\ncontent-disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n{content}\r\n'
    answer, _, took = page.timed(None, "POST", path, f"{text}--b--\r\n".encode(), "multipart/form-data; boundary=b")
    return answer, took


def bring(page, job, sheet):
    fields = [("job", job), ("site", "environment")]
    answer, brought = send(page, "/sheets", fields, [("file", "large.csv", sheet)])
    path = answer.getheader("location")
    _, html, understood = page.timed(None, "GET", path)
    assert "Make the plan" in html, html
    return path, brought + understood


def give(page, path, exports):
    """Gives the exports for who is who; the seconds until the page says what they tell."""
    _, took = send(page, f"{path}/exports", [], [("export", name, text) for name, text in exports])
    _, html, shown = page.timed(None, "GET", path)
    assert all(f"<bdi>{name}</bdi></strong> has the ids" in html for name, _ in exports), html
    return took + shown


def plan(page, path):
    """Waits as the page does: the stream of events ends when there is a plan."""
    begun = time.monotonic()
    answer, _ = page.ask("POST", f"{path}/plan", b"", "application/x-www-form-urlencoded")
    task = answer.getheader("location")
    page.ask("GET", f"{task}/events")
    answer, html = page.ask("GET", task)
    run = answer.getheader("location")
    assert run and run.startswith("/runs/"), html
    return run, time.monotonic() - begun


def peak(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def exports_of(keys, folder):
    """The site's exports as the command line writes them."""
    exports = []
    for name, command in (("users.csv", "user"), ("groups.csv", "group")):
        file = pathlib.Path(folder, name)
        subprocess.run([HEADCOUNT, command, "export", "-o", file], env=keys, check=True, capture_output=True)
        exports.append((name, file.read_text()))
    return exports


def measure(rows, folder):
    sandbox = subprocess.Popen(
        [HEADCOUNT, "sandbox", "--people", str(rows * 5 // 4)], stdout=subprocess.PIPE, text=True
    )
    try:
        card = json.loads(sandbox.stdout.readline())
        sheet = sheet_of(card, rows)
        print(f"{rows:,} rows ({len(sheet) / 1e6:.1f} MB), {rows * 5 // 4:,} people on the site")
        keys = environment(card, folder)
        walk(keys, sheet, rows, [])
        walk(keys, sheet, rows, exports_of(keys, folder))
    finally:
        sandbox.kill()
        sandbox.wait()


def walk(keys, sheet, rows, exports):
    ui = subprocess.Popen(
        [HEADCOUNT, "ui", "--no-open"], env=keys, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        page = Page(ui.stdout.readline().strip())
        print("who is who by exports" if exports else "who is who asked of the site")
        path, understood = bring(page, "add", sheet)
        given = give(page, path, exports) if exports else 0
        run, planned = plan(page, path)
        print(f"  {'brought and understood':<34}{understood:>9.3f} s")
        if exports:
            print(f"  {'exports brought and understood':<34}{given:>9.3f} s")
        print(f"  {'planned':<34}{planned:>9.3f} s")
        print(f"  {'together (5 s)':<34}{understood + given + planned:>9.3f} s")
        page.timed("the plan with its first table (0.2 s)", "GET", run)
        page.timed("the last page of rows", "GET", f"{run}/rows?page=1000000")
        page.timed("a search through all rows", "GET", f"{run}/rows?text=user99")
        _, report, _ = page.timed("the report as CSV", "GET", f"{run}/report.csv")
        assert report.count("\n") >= rows
        print(f"  {'peak memory':<34}{peak(ui):>9.1f} MB")
    finally:
        ui.kill()
        ui.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    with tempfile.TemporaryDirectory(prefix="headcount-bench-") as folder:
        measure(parser.parse_args().rows, folder)


if __name__ == "__main__":
    main()

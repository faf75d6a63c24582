"""One line for each call of a client, and whether the answer is what a user of that client expects."""

import json
import sys
import urllib.request


class Report:
    """Counts calls and faults. The address of the sandbox is the script's first argument."""

    def __init__(self, client):
        self.client = client
        self.url = sys.argv[1]
        self.card = self.control("card")
        self.calls = self.faults = 0

    def control(self, path, body=None):
        """Asks the sandbox itself, beside the client."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data=data)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def account(self, email):
        return self.control(f"state?only=people&email={email}")["people"][0]["account_id"]

    def group(self, name):
        return self.control(f"state?only=groups&group={name}")["groups"][0]["id"]

    def line(self, ok, call, text):
        self.calls += 1
        self.faults += not ok
        print(f"{'ok   ' if ok else 'FAULT'} {self.client}: {call}: {text}", flush=True)

    def call(self, call, action, expects=lambda value: True):
        """Makes a call. `expects` says whether the answer is right. Returns the answer, or None after a fault."""
        try:
            value = action()
        except Exception as error:  # whatever the client raises is a fault here
            self.line(False, call, f"{type(error).__module__}.{type(error).__name__}: {error}")
            return None
        try:
            right = expects(value)
        except Exception as error:  # an answer without the expected fields
            self.line(False, call, f"{error!r} in {str(value)[:400]}")
            return value
        shown = str(value).replace("\n", " ")
        self.line(bool(right), call, shown[: 100 if right else 600])
        return value

    def refused(self, call, action, kind, expects=lambda error: True):
        """Makes a call that must raise the client's own exception."""
        try:
            value = action()
        except kind as error:
            text = " ".join(str(error).split())
            self.line(bool(expects(error)), call, f"{type(error).__name__}: {text[:100]}")
        except Exception as error:  # another exception than the client's own
            self.line(False, call, f"{type(error).__module__}.{type(error).__name__}: {error}")
        else:
            self.line(False, call, f"was not refused: {str(value)[:400]}")

    def end(self, probes=False):
        """Checks that the sandbox's table has each call, and ends the script: 1 after a fault. With `probes`, calls
        that were answered with 404 or 405 need no row."""
        for row in self.control("log/summary")["by"]:
            if not row["template"] and not (probes and row["status"] in (404, 405)):
                self.line(False, "coverage", f"the sandbox's table has no row for {row}")
        print(f"{self.client}: {self.calls} calls, {self.faults} faults")
        sys.exit(1 if self.faults else 0)

"""The peers, from their registries: DuckDB from PyPI, curl and wrk from Debian, calamine from crates.io."""

import functools
import shutil
import subprocess
import sys

from harness.command import ROOT, TARGET

# Debian's packages, in the version of the system's release.
PACKAGES = ("curl", "wrk")


@functools.cache
def python():
    """A Python with the packages of `bench/requirements.txt`, in the target folder."""
    folder = TARGET / "bench" / "venv"
    program = folder / "bin" / "python"
    wanted = (ROOT / "bench" / "requirements.txt").read_text()
    installed = folder / "requirements.txt"
    if not installed.exists() or installed.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
        subprocess.run([*install, ROOT / "bench" / "requirements.txt"], check=True)
        installed.write_text(wanted)
    return str(program)


@functools.cache
def program(name):
    """The path of a program of Debian, installed if it is missing."""
    if not shutil.which(name):
        assert name in PACKAGES, name
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", name], check=True)
    return shutil.which(name)


@functools.cache
def built(name):
    """A program of bench/peers, built for release."""
    folder = ROOT / "bench" / "peers"
    target = TARGET / "bench" / "peers"
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--bin", name, "--target-dir", target]
    subprocess.run(command, cwd=folder, check=True)
    return str(target / "release" / name)


def versions():
    """The versions of the peers that are installed."""
    first = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0]
    found = {}
    if shutil.which("curl"):
        found["curl"] = first("curl", "--version").split(" ")[1]
    if shutil.which("wrk"):
        # wrk prints its version with its usage, and exits with an error.
        found["wrk"] = first("wrk", "--version").split(" ")[1]
    for line in (ROOT / "bench" / "requirements.txt").read_text().split():
        name, version = line.split("==")
        found[{"duckdb": "DuckDB"}.get(name, name)] = version
    lock = (ROOT / "Cargo.lock").read_text()
    found["calamine"] = lock.split('name = "calamine"\nversion = "')[1].split('"')[0]
    return found

"""update_case.py: one real release after another, put in by the installed /usr/lib/shopkeeper/update in a
Debian 12 of its own: from the version installed to the next; to one whose shopd does not start, which is
taken back; and cut at step after step, where it ends as the whole old version or the whole new one. The
shop's programs run throughout, and a purchase is made after each.

    update_case.py [--debs DIR] [--every N]
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import test_packages as packages
from house import ROOT, House, alone, root, until

UNITS = ("shopd.service", "counterd.service", "courierd.service")
RELEASED = ("shopkeeper-common", "shopkeeper-shop")
STATE, UPDATES, MAY = "/var/lib/shopkeeper-update", "/var/lib/shopkeeper/updates", "/run/shopkeeper/update-ok"
# Before the real ones in the script's PATH: each command is counted, and where it is its turn all is killed.
WRAP = """#!/bin/sh
n=$(($(cat /srv/cut/count) + 1)); echo $n >/srv/cut/count
[ "$n" != "$(cat /srv/cut/at)" ] || kill -9 -- -"$(cat /srv/cut/group)"
{body}
"""
# There is no service manager in here: what it is asked for is asked of the test.
ASKS = """ask=$(mktemp /srv/asked/XXXXXX)
echo "$*" >"$ask.ask"
while [ ! -e "$ask.done" ]; do sleep 0.05; done
exit "$(cat "$ask.done")"
"""


class Manager:
    """Does what systemctl is asked for: with the three programs of a shop, and with nothing else."""

    def __init__(self, case):
        self.case, self.masked, self.over = case, set(), threading.Event()
        self.asked = case.house.at("srv/asked")
        self.asked.mkdir(exist_ok=True)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.over.wait(0.02):
            for path in sorted(self.asked.glob("*.ask")):
                words = path.read_text().split()
                path.unlink()
                code = 0
                try:
                    self.do(words)
                except Exception as why:  # said in the log; the script hears that it failed
                    print(f"        systemctl {' '.join(words)}: {why}", flush=True)
                    code = 1
                path.with_suffix(".done").write_text(str(code))

    def do(self, words):
        units = [u for u in UNITS if u in words]
        house = self.case.house
        if "mask" in words or "unmask" in words:
            self.masked = self.masked | set(units) if "mask" in words else self.masked - set(units)
        elif "stop" in words or "restart" in words:
            for unit in reversed(units):
                if unit in house.programs:
                    house.stop(unit)
            for unit in units if "restart" in words else ():
                if unit not in self.masked:
                    house.start(unit, self.case.socket.fileno() if unit.startswith("counterd") else None)


class Updates:
    """The script and what it finds."""

    def __init__(self, case):
        self.case, self.house = case, case.house
        self.cut = self.house.at("srv/cut")
        self.cut.mkdir(exist_ok=True)
        (self.cut / "at").write_text("0\n")
        (self.cut / "count").write_text("0\n")
        for name in ("dpkg", "dpkg-query", "dpkg-deb", "shopctl"):
            self.wrap(name, f'exec /usr/bin/{name} "$@"')
        self.wrap("systemctl", ASKS)
        self.manager = Manager(case)
        key = self.house.at("srv/release.key")
        if not key.exists():
            self.house.ours("shopctl", "root", "key", "/srv/release.key")
        public = self.house.ours("shopctl", "root", "public", "/srv/release.key").split()[-1]
        self.house.at("etc/shopkeeper/release.keys").write_text(public + "\n")

    def wrap(self, name, body):
        path = self.house.at(f"usr/sbin/{name}")
        path.write_text(WRAP.format(body=body))
        path.chmod(0o755)

    def release(self, version, spoil=None):
        """The installed packages as this version, signed, where courierd would leave them."""
        shutil.rmtree(self.house.at("srv/release"), ignore_errors=True)
        self.house.at("srv/release").mkdir()
        with tempfile.TemporaryDirectory() as folder:
            for deb in self.case.debs:
                name = deb.name.split("_")[0]
                if name not in RELEASED:
                    continue
                to = pathlib.Path(folder) / name
                subprocess.run(["dpkg-deb", "-R", deb, to], check=True)
                control = to / "DEBIAN/control"
                text = control.read_text()
                was = re.search(r"^Version: (.*)$", text, re.M)[1]
                control.write_text(text.replace(was, version))
                if spoil and name == "shopkeeper-shop":
                    (to / "usr/bin/shopd").write_text(spoil)
                out = self.house.at(f"srv/release/{name}_{version}.deb")
                subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", to, out], check=True,
                               stdout=subprocess.DEVNULL)
        self.house.ours("shopctl", "release", "sign", "--key", "/srv/release.key", "--version", version,
                        "--arch", self.case.arch, "/srv/release")

    def offer(self):
        for path in self.house.at("srv/release").glob("*.deb"):
            shutil.copy2(path, self.house.at(UPDATES))
        shutil.copy2(self.house.at("srv/release/manifest"), self.house.at(f"{UPDATES}/ready"))

    def run(self, at=0):
        """One run, killed at command `at`: what it said."""
        (self.cut / "at").write_text(f"{at}\n")
        (self.cut / "count").write_text("0\n")
        # a folder of that name, which shopd cannot take away: there is always somebody inside here
        may = self.house.at(MAY)
        if not may.is_dir():
            may.unlink(missing_ok=True)
            may.mkdir()
        os.utime(may)
        return self.house.run("setsid", "-w", "sh", "-c",
                              "echo $$ >/srv/cut/group; SHOPKEEPER_WELL_S=30 exec /usr/lib/shopkeeper/update",
                              good=False)

    def commands(self):
        return int((self.cut / "count").read_text())

    def settle(self):
        for _ in range(3):
            if not self.house.at(f"{STATE}/phase").exists() and not self.house.at(f"{STATE}/facts").exists():
                return
            said = self.run()
        assert not self.house.at(f"{STATE}/phase").exists(), said

    def version(self):
        """The one that is installed, whole."""
        found = {self.house.run("/usr/bin/dpkg-query", "-W", "-f=${Version} ${Status}", name) for name in RELEASED}
        assert len(found) == 1, found
        version, status = found.pop().split(" ", 1)
        assert status == "install ok installed", status
        for name in RELEASED:
            assert self.house.run("/usr/bin/dpkg", "--verify", name) == "", name
        return version

    def result(self):
        path = self.house.at(f"{STATE}/result")
        return path.read_text().strip() if path.exists() else ""

    def open(self, key):
        """The shop is open: somebody buys something."""
        until(lambda: self.up(), what="the shop after an update")
        self.case.buy(key)
        assert self.case.shopctl("ledger", "verify")["ok"]

    def up(self):
        with contextlib.suppress(AssertionError):
            now = self.case.shopctl("status")
            return now["counter_connected"] and now["courier_connected"]
        return False

    def end(self):
        self.manager.over.set()
        self.manager.thread.join(5)
        for name in ("dpkg", "dpkg-query", "dpkg-deb", "shopctl", "systemctl"):
            self.house.at(f"usr/sbin/{name}").unlink()


def test_goes_in(c):
    """a signed release, with the ledger in use"""
    u = c.updates = Updates(c)
    c.first = u.version()
    u.release(c.first + "+1")
    u.offer()
    said = u.run()
    assert u.version() == c.first + "+1" and u.result() == f"done {c.first}+1", (u.result(), said[-1500:])
    u.open("updated")


def test_taken_back(c):
    """a release whose shopd does not start"""
    u = c.updates
    u.release(c.first + "+2", spoil="#!/bin/sh\nexit 1\n")
    u.offer()
    said = u.run()
    assert u.version() == c.first + "+1" and u.result() == f"back {c.first}+2", (u.result(), said[-1500:])
    u.open("back")


def test_cut(c):
    """killed at step after step: whole old, or whole new"""
    u, now = c.updates, c.updates.version()
    at, turn = 1, 3
    while True:
        version = f"{c.first}+{turn}"
        u.release(version)
        u.offer()
        u.run(at)
        reached = u.commands() >= at
        u.settle()
        assert u.version() in (now, version), (at, u.version(), u.result())
        now = u.version()
        u.open(f"cut-{at}")
        if not reached:
            break
        at, turn = at + c.every, turn + 1
    u.end()


STEPS = [packages.test_installs, packages.test_configured, packages.test_runs, packages.test_purchase,
         test_goes_in, test_taken_back, test_cut]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--debs", default=ROOT / "build/deb", type=pathlib.Path)
    parser.add_argument("--every", default=5, type=int)
    options = parser.parse_args()
    debs = packages.five(options.debs, "amd64")
    alone()
    case = packages.Case(House(root.made("plain", ["amd64"]), "updates"), debs, "amd64")
    case.every = options.every
    sys.exit(1 if packages.steps(case, STEPS) else 0)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    main()

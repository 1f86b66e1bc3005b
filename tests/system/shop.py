"""shop.py: a whole running shop in a test's hands.

How a system test is written
----------------------------
A file tests/system/test_NAME.py holds functions `test_*(shop)`, run in the order in which they
stand. Each is told one Shop, fails by raising (plain `assert` with a message is best), and leaves
the shop as it found it: door closed, strike off, alarms acknowledged, programs up. It makes its own
member and its own keys, so that the order of files does not matter.

    from shop import main, until

    def test_unknown_route(shop):
        status, problem = shop.api("GET", "/v1/nothing")
        assert status == 404 and problem["code"] == "not_found", (status, problem)

    if __name__ == "__main__":
        main(globals())

`run_system.py` starts one shop a file and runs them all. `test_NAME.py RUN_JSON` runs one file
against a shop that runs already (`make run`). A function that must break what others use (kill
shopd, fill its disk) takes `start` in place of `shop`: a factory that makes a Shop of its own with
run.py's options and ends it: `with start("--small-disk") as shop:`.

Nothing sleeps. `until(condition, seconds, what)` waits for a condition and names what did not come;
an Eye wakes with each change on the simulated chip.
"""

import contextlib
import csv
import datetime
import http.client
import inspect
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUNNER = ROOT / "tests" / "standin" / "run.py"
PYTHON = "/usr/bin/python3"
sys.path.insert(0, str(ROOT / "tests" / "phone"))
sys.path.insert(0, str(ROOT / "tests" / "standin"))
from office import Operator, read_key  # noqa: E402
from phone import Phone  # noqa: E402


class Late(AssertionError):
    """What a test waited for did not come."""


def until(condition, seconds=5.0, what="condition"):
    """The first true value of condition(), or Late after `seconds`. The only wait by polling."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Late(f"{what}: not within {seconds:g} s")
        time.sleep(0.01)  # a poll, bounded above


def alive(pid):
    """Whether a process runs (a zombie does not)."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


class Eye:
    """Watches the simulated chip from outside shopd: what the strike really does, and when.

    The words are those of src/device/simchip.h.
    """

    HEAD = struct.Struct("=HHIIIqI17s111s")
    LINE = struct.Struct("=32sB3x")
    VERSION, ASK, LEVELS, WATCH, SEEN = 1, 5, 6, 7, 8

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(5)
        self.sock.connect(str(path))
        self.seen = []  # (name, level, at_us) since the eye opened
        self.levels = {}
        self._say(self.WATCH)
        self.refresh()

    def _say(self, what):
        self.sock.send(self.HEAD.pack(self.VERSION, what, 0, 0, 0, 0, 0, b"", b""))

    def _take(self):
        """Reads one packet, and keeps what it says: which kind it is."""
        data = self.sock.recv(4096)
        if not data:
            raise ConnectionError("the chip is gone")
        _, say, _, level, _, at_us, lines, _, text = self.HEAD.unpack_from(data)
        if say == self.LEVELS:
            for i in range(lines):
                name, _ = self.LINE.unpack_from(data, self.HEAD.size + i * self.LINE.size)
                self.levels[name.split(b"\0")[0].decode()] = bool(level >> i & 1)
        elif say == self.SEEN:
            name = text.split(b"\0")[0].decode()
            self.levels[name] = bool(level)
            self.seen.append((name, bool(level), at_us))
        return say

    def refresh(self):
        """Asks the chip for all its levels now."""
        self._say(self.ASK)
        while self._take() != self.LEVELS:
            pass
        return self.levels

    def strike(self, door="front"):
        return self.refresh()[f"{door}-strike"]

    def wait(self, name, level, seconds=5.0):
        """Waits for the next change of line `name` to `level`: when it was, in µs (monotonic)."""
        start = len(self.seen)
        end = time.monotonic() + seconds
        while True:
            for seen, was, at_us in self.seen[start:]:
                if seen == name and was == level:
                    return at_us
            start = len(self.seen)
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                raise Late(f"{name} did not become {level} within {seconds:g} s")
            self._take()

    def close(self):
        self.sock.close()


class Member:
    """A phone in a member's hand. `purpose` is a door's name, till, owner …"""

    def __init__(self, shop, phone=None):
        self.shop, self.phone, self.customer = shop, phone or Phone(), None

    def audience(self, purpose):
        return f"{self.shop.name}/{purpose}"

    def token(self, purpose="front", **claims):
        """Bytes of a good token, as a phone posts it."""
        return self.phone.token(self.audience(purpose), **claims)

    def qr(self, purpose="front", **claims):
        """The same as the text of a QR code."""
        return self.phone.qr(self.audience(purpose), **claims)


class Shop:
    """A running shop, known by its run.json."""

    def __init__(self, run_json, runner=None):
        self.run_json = pathlib.Path(run_json)
        self.run = json.loads(self.run_json.read_text())
        self.state = self.run_json.parent
        self.runner = runner  # Popen of run.py, when this process started it
        self.name, self.door = self.run["shop"], self.run["door"]
        host = self.run["api"].split("//")[1].rstrip("/")
        self.host, port = host.rsplit(":", 1)
        self.port = int(port)

    # --- HTTP

    def api(self, method, path, body=None, bearer=None, headers=None, raw=False):
        """(status, JSON) of one request; `body` is bytes (a token) or a JSON value.
        raw=True: (status, headers, bytes)."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        send = dict(headers or {})
        if isinstance(body, (bytes, bytearray)):
            send.setdefault("Content-Type", "application/cose")
        elif body is not None:
            body = json.dumps(body).encode()
            send.setdefault("Content-Type", "application/json")
        if bearer:
            send["Authorization"] = "Bearer " + bearer
        try:
            connection.request(method, path, body, send)
            answer = connection.getresponse()
            data = answer.read()
            if raw:
                return answer.status, answer.headers, data
            return answer.status, json.loads(data) if data else None
        finally:
            connection.close()

    def answer(self, text, sender=None):
        """A text from the owner's phone, or another's, comes in at the gateway."""
        address = urllib.parse.urlsplit(self.run["sms_inbox"])
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=5)
        connection.request("PUT", address.path, json.dumps(
            {"from": sender or self.run["owner_phone"], "text": text}))
        assert connection.getresponse().status == 200
        connection.close()

    # --- the head office (start("--office", "beside") or "enrol")

    @property
    def office(self):
        """Its operator: shop.office.ask("GET", "/v1/shops") -> (status, JSON)."""
        return Operator(self.run["office"],
                        read_key(pathlib.Path(self.run["operator_key"]), Phone))

    def enrol(self, exits=0):
        """Joins the office with a fresh claim code: what shopctl said."""
        return self.shopctl("enrol", self.run["office"], self.office.claim(self.name),
                            exits=exits, timeout=60)

    def carried(self, seconds=10.0):
        """Waits until the office has acknowledged every entry that there is now: that seq."""
        head = self.head()
        def ready():
            return (self.shopctl("status")["office"] or {}).get("acked_seq", 0) >= head
        until(ready, seconds, f"entry {head} acknowledged by the office")
        return head

    # --- shopctl

    def shopctl_raw(self, *args, timeout=30):
        """CompletedProcess of shopctl --json."""
        return subprocess.run([*self.run["shopctl"], "--json", *map(str, args)],
                              capture_output=True, text=True, timeout=timeout, check=False)

    def shopctl(self, *args, exits=0, timeout=30):
        """shopctl's JSON; fails unless it exits with `exits`."""
        done = self.shopctl_raw(*args, timeout=timeout)
        assert done.returncode == exits, (args, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def hand(self, what, door=None):
        """Moves the simulated door: open close force rex tamper untamper."""
        done = subprocess.run([*self.run["shopctl"], "sim", what, door or self.door],
                              capture_output=True, text=True, timeout=10, check=False)
        assert done.returncode == 0, (what, done.returncode, done.stdout, done.stderr)

    def door_now(self, door=None):
        """The row of `shopctl door`."""
        return next(d for d in self.shopctl("door") if d["door"] == (door or self.door))

    def door_until(self, seconds=5.0, **want):
        """Waits until the door's row has these values: door_until(physical="open")."""
        def ready():
            row = self.door_now()
            return row if all(row[k] == v for k, v in want.items()) else None
        return until(ready, seconds, f"door {want}")

    def log(self, after=0):
        """Rows of `shopctl log` with seq > after, oldest first."""
        rows = [r for r in self.shopctl("log", "--after", after) if r["seq"] > after]
        return sorted(rows, key=lambda r: r["seq"])

    def head(self):
        """The newest row's seq."""
        return self.shopctl("status")["head_seq"]

    def row_until(self, after, seconds=5.0, **want):
        """Waits for a row after seq `after` that has these values."""
        def ready():
            for row in self.log(after):
                if all(row.get(k) == v for k, v in want.items()):
                    return row
            return None
        return until(ready, seconds, f"row {want}")

    def alarm_until(self, seconds=5.0, **want):
        """Waits for an alarm that has these values."""
        def ready():
            for alarm in self.shopctl("alarm", "list"):
                if all(alarm.get(k) == v for k, v in want.items()):
                    return alarm
            return None
        return until(ready, seconds, f"alarm {want}")

    def quiet(self):
        """Ends what a test began: door closed and locked, alarms acknowledged."""
        until(lambda: self.door_now()["physical"] in ("closed", "unknown") or self.hand("close"),
              5, "door closed")
        for alarm in self.shopctl("alarm", "list"):
            if not alarm.get("acknowledged_by"):
                self.shopctl("alarm", "ack", alarm["alarm"])
        self.door_until(30, mode="locked", strike="off", alarm="normal")
        until(lambda: self.still_for() > 1.2, 5, "the door settled")  # contracts 2: settle 1 s

    def still_for(self):
        """Seconds since anything of the door changed."""
        now = datetime.datetime.now(datetime.timezone.utc)
        return (now - datetime.datetime.fromisoformat(self.door_now()["since"])).total_seconds()

    # --- people

    def member(self, *options):
        """A new member with a phone (tests/phone/phone.py), known to the shop; `options` are those of
        `shopctl member add`. With an office it is that which takes him, and the feed brings him."""
        member = Member(self)
        if "operator_key" in self.run and self.shopctl("status")["office"]:
            options += ("--operator", self.run["operator_key"])
            members = self.shopctl("status")["members"]
            member.customer = self.shopctl("member", "add", "--key", member.phone.cose_key_hex,
                                           *options)["customer"]
            until(lambda: self.shopctl("status")["members"] > members, 10, "the member by the feed")
            return member
        member.customer = self.shopctl("member", "add", "--key", member.phone.cose_key_hex,
                                       *options)["customer"]
        return member

    def gtins(self):
        """Every GTIN of the demo catalogue, in its order."""
        goods = ROOT / "tests" / "data" / "products-se.csv"
        with open(goods, encoding="utf-8", newline="") as file:
            return [row["gtin"] for row in csv.DictReader(file)]

    def scan(self, data, till=False):
        """Bytes as from the scanner at the door (or the till); CR ends a frame, and is added to
        what ends with neither CR nor LF, unless `data` is bytes."""
        if isinstance(data, str):
            data = data.encode() + b"\r"
        fd = os.open(self.run["till_scanner" if till else "scanner"], os.O_WRONLY | os.O_NOCTTY)
        try:
            while data:
                data = data[os.write(fd, data):]
        finally:
            os.close(fd)

    def texts(self):
        """The text messages that the owner got: [{at, to, from, text}]."""
        try:
            lines = pathlib.Path(self.run["sms"]).read_text().splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines]

    def text_until(self, words, already=0, seconds=10.0):
        """Waits for a text past the first `already` that holds `words` (any case)."""
        def ready():
            for text in self.texts()[already:]:
                if words.lower() in text["text"].lower():
                    return text
            return None
        return until(ready, seconds, f"a text with {words!r}")

    def eye(self):
        """An Eye on the chip (use with contextlib.closing)."""
        return contextlib.closing(Eye(self.state / "run" / "sim.sock"))

    # --- programs

    def pids(self):
        """{program: pid} as run.py keeps it: simdoor smsgateway officed shopd counterd courierd."""
        return json.loads((self.state / "run" / "pids.json").read_text())

    def kill(self, program, how=signal.SIGKILL):
        """Kills one program and waits until run.py has started it again: the new pid."""
        old = self.pids()[program]
        os.kill(old, how)
        return until(lambda: self.pids().get(program) not in (None, old) and self.pids()[program],
                     15, f"{program} started again")

    def console(self, program):
        """What a program has said so far (its log)."""
        return (self.state / "log" / f"{program}.log").read_text(errors="replace")

    def memory(self, program):
        """PSS in bytes."""
        rollup = pathlib.Path(f"/proc/{self.pids()[program]}/smaps_rollup").read_text()
        return 1024 * int(next(line for line in rollup.splitlines()
                               if line.startswith("Pss:")).split()[1])

    def stop(self, how=signal.SIGTERM):
        """Ends the shop as a person would; fails when a process stays or the end is not clean."""
        pids = self.pids()
        self.runner.send_signal(how)
        status = self.runner.wait(20)
        left = [f"{name} ({pid})" for name, pid in pids.items() if alive(pid)]
        assert status == 0 and not left, (status, left)


@contextlib.contextmanager
def start(*options, build=None, env=None):
    """A Shop of its own in a new folder, ended and removed with the block."""
    state = tempfile.mkdtemp(prefix="shop-")
    build = build or os.environ.get("SHOP_BUILD", "build/gcc")
    log = open(os.path.join(state, "console"), "wb")
    runner = subprocess.Popen([PYTHON, str(RUNNER), "--state", state, "--port", "0",
                               "--build", str(build), *options],
                              stdout=log, stderr=subprocess.STDOUT, cwd=ROOT,
                              env={**os.environ, **(env or {})})
    run_json = os.path.join(state, "run.json")
    try:
        until(lambda: os.path.exists(run_json) or runner.poll() is not None, 60, "run.json")
        if runner.poll() is not None:
            raise AssertionError(pathlib.Path(state, "console").read_text(errors="replace"))
        shop = Shop(run_json, runner)
        yield shop
        if runner.poll() is None:
            shop.stop()
    except BaseException:
        report(state)
        raise
    finally:
        if runner.poll() is None:
            runner.terminate()
            try:
                runner.wait(20)
            except subprocess.TimeoutExpired:
                runner.kill()
        log.close()
        subprocess.run(["umount", "-q", os.path.join(state, "data")], check=False)
        shutil.rmtree(state, ignore_errors=True)


def report(state):
    """Shows the last lines of each program, when a test failed."""
    for log in [pathlib.Path(state, "console"), *sorted(pathlib.Path(state, "log").glob("*.log"))]:
        if log.exists():
            lines = log.read_text(errors="replace").splitlines()[-15:]
            print(f"--- {log.name}", *lines, sep="\n    ", flush=True)


def tests_in(names):
    """The test functions of a module, in the order in which they stand."""
    found = [f for name, f in names.items() if name.startswith("test_") and callable(f)]
    return sorted(found, key=lambda f: f.__code__.co_firstlineno)


def run_tests(functions, shop, prefix=""):
    """Runs them, prints a line each: (passed, failed)."""
    passed = failed = 0
    for function in functions:
        wants_start = "start" in inspect.signature(function).parameters
        began = time.monotonic()
        try:
            function(start if wants_start else shop)
            passed += 1
            print(f"ok      {prefix}{function.__name__} ({time.monotonic() - began:.1f} s)",
                  flush=True)
        except Exception:  # a test may fail in any way
            failed += 1
            print(f"FAILED  {prefix}{function.__name__} ({time.monotonic() - began:.1f} s)")
            traceback.print_exc(file=sys.stdout)
            if shop and not wants_start:
                report(shop.state)
            sys.stdout.flush()
    return passed, failed


def proof(function):
    """Marks a test that takes longer than `make check` has time for: `make proof` runs it, and so
    does whoever names it."""
    function.proof = True
    return function


def main(names, options=()):
    """`test_X.py [RUN_JSON] [test_name…]`: one file against a running shop, or one of its own, started
    with `options`. SHOP_PROOF=1 in the environment runs what is marked @proof as well."""
    args = sys.argv[1:]
    run_json = args.pop(0) if args and args[0].endswith(".json") else None
    functions = [f for f in tests_in(names) if f.__name__ in args or not args and (
        os.environ.get("SHOP_PROOF") or not getattr(f, "proof", False))]
    if run_json:
        passed, failed = run_tests(functions, Shop(run_json))
    elif any("start" not in inspect.signature(f).parameters for f in functions):
        with start(*options) as shop:
            passed, failed = run_tests(functions, shop)
    else:
        passed, failed = run_tests(functions, None)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)

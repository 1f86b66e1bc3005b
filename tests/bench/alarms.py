"""alarms.py: how fast an alarm is at the gateway, and how many texts a storm makes (the owner's promise).

A real shop with eight contacts on one step and a gateway of our own on loopback, which notes when
each request has come whole, on the same monotonic clock as the simulated chip notes its edges. The
threshold is the edge and the door's own debounce (for a forced door its grace, too): what is measured
is all that comes after it, through shopd, courierd and HTTP.
"""

import contextlib
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

from shop import Eye, until  # tests/system

PEOPLE = ["owner", "keyholder", "neighbour", "anna", "bo", "carin", "dan", "eva"]
SHOPS = 10  # each gives three alarms to eight people; more would be told together
DEBOUNCE_MS, REX_GRACE_MS = 30, 700
P99_MS = 250
STORM_S, STORM_EVENTS = 60, 10000
TEXTS_AN_HOUR = 6
GRAVER_MS = 10000  # a graver alarm is told within this, whatever else goes on
HAND, OK, SENSE = 4, 9, 11  # simchip.h
TAMPER, UNTAMPER, FORCE, CLOSE = 5, 6, 3, 2


class Requests(http.server.BaseHTTPRequestHandler):
    """46elks' shape: every text is taken, and delivered."""

    protocol_version = "HTTP/1.1"
    texts = None  # of the server: [(monotonic ns, to, message)]

    def log_message(self, *_):
        pass

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        at = time.monotonic_ns()
        form = dict(urllib.parse.parse_qsl(body.decode()))
        with self.server.lock:
            self.server.texts.append((at, form["to"], form["message"]))
            name = f"s{len(self.server.texts):032x}"
        self.answer({"id": name, "status": "created"})

    def do_GET(self):
        self.answer({"data": []} if "?" in self.path else {"status": "delivered"})


class Gateway(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # eight connections at once: a full queue would cost each a second

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Requests)
        self.texts, self.lock = [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()


@contextlib.contextmanager
def silent_port():
    """A port that takes connections and never says anything: a hanging camera."""
    server = socket.create_server(("127.0.0.1", 0), backlog=128)
    kept = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                kept.append(server.accept()[0])
    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        for peer in kept:
            peer.close()


def options(gateway, cameras=None):
    given = [f"courierd:gateway:url=http://127.0.0.1:{gateway.server_port}/a1/sms"]
    for n, name in enumerate(PEOPLE):
        given += [f"courierd:contact {name}:phone=+4670000000{n}", f"courierd:contact {name}:step=1"]
    if cameras:
        for n in range(8):
            given += [f"courierd:camera cam{n}:url=http://127.0.0.1:{cameras}/{n}.jpg"]
    return [word for value in given for word in ("--set", value)]


def hand(chip, what, door="front"):
    chip.send(Eye.HEAD.pack(Eye.VERSION, HAND, 0, 0, what, 0, 0, door.encode(), b""))


def chip_of(run):
    chip = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    chip.settimeout(5)
    chip.connect(str(run["state"] / "run" / "sim.sock"))
    return chip


def came(gateway, since, people):
    """When each of so many people had the next text, in ns."""
    def all_there():
        with gateway.lock:
            new = [text for text in gateway.texts if text[0] >= since]
        first = {}
        for at, to, _ in new:
            first.setdefault(to, at)
        return len(first) >= people and sorted(first.values())
    return until(all_there, 20, f"texts to {people} people")


def one_shop(bench, gateway, cameras, office_away):
    """Milliseconds from threshold to request, of three alarms to each."""
    found = []
    with bench.shop(*options(gateway, cameras), *(["--office", "enrol"] if office_away else [])) as run:
        eye, chip = Eye(run["state"] / "run" / "sim.sock"), chip_of(run)
        office = run["pids"].get("officed")
        if office_away:
            os.kill(office, signal.SIGSTOP)
        try:
            for what, line, after_ms in ((TAMPER, "front-tamper", DEBOUNCE_MS),
                                         (FORCE, "front-contact", DEBOUNCE_MS + REX_GRACE_MS)):
                hand(chip, what)
                edge_ns = eye.wait(line, True) * 1000
                found += [(at - edge_ns) / 1e6 - after_ms for at in came(gateway, edge_ns, len(PEOPLE))]
        finally:
            if office_away:
                os.kill(office, signal.SIGCONT)
            eye.close()
            chip.close()
    return found


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * q))]


def latency(bench, row, what, cameras, office_away):
    gateway, found = Gateway(), []
    for _ in range(SHOPS):
        found += one_shop(bench, gateway, cameras, office_away)
    gateway.shutdown()
    p99 = quantile(found, 0.99)
    row(f"threshold passed -> request at the gateway, {len(found)} texts, {what}",
        f"p50 {quantile(found, 0.5):.1f} ms, p99 {p99:.1f} ms", f"p99 <= {P99_MS} ms", p99 <= P99_MS)


# --- the storm ------------------------------------------------------------------------------------

def sense(chip, name, value):
    chip.send(Eye.HEAD.pack(Eye.VERSION, SENSE, 0, 1, 0, value, 0, name.encode(), b""))


def storm_sensors():
    given = []
    for n in range(6):
        given += [f"shopd:sensor damp{n}:kind=humidity", f"shopd:sensor damp{n}:source=sim",
                  f"shopd:sensor damp{n}:debounce=0 s"]
    for n in range(4):
        given += [f"shopd:sensor freezer{n}:kind=freezer", f"shopd:sensor freezer{n}:source=sim",
                  f"shopd:sensor freezer{n}:debounce=0 s"]
    return [word for value in given for word in ("--set", value)]


def storm_event(chip, i, phase):
    """The i-th event; in later phases ever graver ones are among them."""
    up = i // 16 % 2
    which = i % (1 + phase)
    if which == 0:
        sense(chip, f"damp{i % 6}", 95000 if up else 40000)
    elif which == 1:
        sense(chip, f"freezer{i % 4}", 5000 if up else -20000)
    else:
        hand(chip, (TAMPER, UNTAMPER)[up])
    chip.recv(4096)


def bench_storm(bench, row):
    gateway, begun, sent = Gateway(), {}, 0
    with bench.shop(*options(gateway), *storm_sensors()) as run:
        chip = chip_of(run)
        start = time.monotonic()
        while sent < STORM_EVENTS:
            phase = min(2, sent * 3 // STORM_EVENTS)
            begun.setdefault(phase, time.monotonic_ns())
            storm_event(chip, sent, phase)
            sent += 1
            behind = start + sent * STORM_S / STORM_EVENTS - time.monotonic()
            if behind > 0:
                time.sleep(behind)
        took = time.monotonic() - start
        until(lambda: time.monotonic() - gateway.texts[-1][0] / 1e9 > 12 if gateway.texts else False,
              60, "the last text")
        chip.close()
    texts = list(gateway.texts)
    gateway.shutdown()
    people = {}
    for _, to, _ in texts:
        people[to] = people.get(to, 0) + 1
    row(f"{sent} events in {took:.0f} s: texts a person", f"{max(people.values())} at most, {len(texts)} to "
        f"{len(people)} people", f"<= {TEXTS_AN_HOUR}", max(people.values()) <= TEXTS_AN_HOUR)
    late = []
    for phase, words in ((1, "frys"), (2, "SABOTAGE")):
        told = [at for at, _, text in texts if words in text and at >= begun[phase]]
        late.append((min(told) - begun[phase]) / 1e6 if told else float("inf"))
    row("the first alarm of each graver degree, told after", ", ".join(f"{ms:.0f} ms" for ms in late),
        f"<= {GRAVER_MS} ms", max(late) <= GRAVER_MS)


def bench_silence(bench, row):
    """The simulation's own verdicts: thirty days of heartbeats, and a line that is cut."""
    said = subprocess.run([str(bench.build / "sim_pulse"), "--days", "30"], capture_output=True,
                          text=True, timeout=600, check=False).stdout
    for line in said.splitlines():
        good, _, what = line.partition("  ")
        if "packet loss" in what:
            days, _, found = what.partition(": ")
            row(f"heartbeats of {days}", found.split(" (")[0], "called silent 0 times", good == "ok")
        elif "cuts" in what:
            row("the line is cut, 500 times: the office's text", what.split(", the ")[1].split(" (")[0],
                "<= 60 s", good == "ok")


def bench_alarms(bench, row):
    print(f"alarms: {SHOPS} shops, twice, and a storm of a minute", flush=True)
    latency(bench, row, "all well", None, False)
    with silent_port() as port:
        latency(bench, row, "8 cameras hanging, the office away", port, True)
    bench_storm(bench, row)
    bench_silence(bench, row)


if __name__ == "__main__":
    sys.exit("run.py alarms")

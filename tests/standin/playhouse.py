"""playhouse.py: what the playground can see and do in a running shop (run.json): the door's parts as
the simulated chip shows them, what shopctl says, the texts; and hands for all that a shopper, a burglar,
the weather and the owner do.

Nothing here is known to the shop by another way than it would be in a village: the chip is moved, the
scanners' ptys are written to, a text is answered to the gateway, a member is made with shopctl.
"""

import json
import os
import pathlib
import re
import select
import signal
import socket
import struct
import subprocess
import threading
import urllib.request

import office

HANDS = ("open", "close", "force", "rex", "exit", "tamper", "untamper", "fire", "unfire")
PARTS = ("contact", "rex", "tamper", "fire", "strike", "buzzer", "light_yes", "light_no")
ROLES = ("member", "owner", "staff", "delivery")
KEY = re.compile(r"[0-9a-fA-F]{120,200}")
SCAN_MAX = 512      # bytes of a scanner's frame (contracts 1)
TEXTS_SHOWN = 30
LOG_SHOWN = 60
LOOK_S = 1.0        # how often shopctl is asked while somebody looks
BOX = ("shopd", "counterd", "courierd")
NET = ("officed", "smsgateway")
SHOPCTL_S = 15


class Refused(Exception):
    """Why something cannot be done, as a sentence."""


def part(row, *names):
    """What does not change by itself of a row, as an age does."""
    return {name: row[name] for name in names}


class Chip:
    """The levels of the simulated chip's lines (src/device/simchip.h), as they change."""

    HEAD = struct.Struct("=HHIIIqI17s111s")
    LINE = struct.Struct("=32sB3x")
    VERSION, ASK, LEVELS, WATCH, SEEN = 1, 5, 6, 7, 8

    def __init__(self, path, changed):
        self.path, self.changed = path, changed
        self.levels, self.names = {}, []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        """For ever: connects, listens, connects again once the chip is back."""
        while True:
            try:
                with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
                    sock.connect(self.path)
                    for say in (self.WATCH, self.ASK):
                        sock.send(self.HEAD.pack(self.VERSION, say, 0, 0, 0, 0, 0, b"", b""))
                    while data := sock.recv(4096):
                        self.take(data)
            except OSError:
                pass
            select.select([], [], [], 1)  # the chip is gone: a second, and another try

    def take(self, data):
        _, say, line, level, _, _, lines, _, _ = self.HEAD.unpack_from(data)
        if say == self.LEVELS:
            self.names = [self.LINE.unpack_from(data, self.HEAD.size + i * self.LINE.size)[0]
                          .split(b"\0")[0].decode() for i in range(lines)]
            self.levels = {name: bool(level >> i & 1) for i, name in enumerate(self.names)}
        elif say == self.SEEN and line < len(self.names):
            self.levels[self.names[line]] = bool(level)
        self.changed()


class House:
    """One shop in a player's hands."""

    def __init__(self, run_json):
        self.run_json = pathlib.Path(run_json)
        self.change = threading.Condition()
        self.changes = 0
        self.lookers = 0
        self.away = set()  # programs that stand still
        self.known = set()  # kids that were let in
        self.facts_ = None
        self.seen = {"door": None, "alarms": [], "sensors": [], "log": [], "status": None}
        self.chip = None
        threading.Thread(target=self.look_on, daemon=True).start()

    # --- what there is

    def facts(self):
        """run.json, once it is there: the playground may be asked before the shop is open."""
        if self.facts_ is None:
            try:
                self.facts_ = json.loads(self.run_json.read_text())
            except FileNotFoundError as error:
                raise Refused("The shop is starting; try again in a moment.") from error
            run = self.facts_["shopctl"][self.facts_["shopctl"].index("--run") + 1]
            self.chip = Chip(f"{run}/sim.sock", self.changed)
            self.pids = pathlib.Path(run) / "pids.json"
        return self.facts_

    def changed(self):
        with self.change:
            self.changes += 1
            self.change.notify_all()

    def shopctl(self, *args):
        """What it prints, of --json; Refused, in its own words, where it does not succeed."""
        done = subprocess.run([*self.facts()["shopctl"], "--json", *args], capture_output=True,
                              text=True, timeout=SHOPCTL_S, check=False, stdin=subprocess.DEVNULL)
        try:
            said = json.loads(done.stdout)
        except ValueError:
            said = None
        if done.returncode:
            raise Refused(done.stderr.strip().removeprefix("shopctl: ") or str(said))
        return said

    def texts(self):
        try:
            lines = pathlib.Path(self.facts()["sms"]).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines[-TEXTS_SHOWN:] if line]

    def look(self):
        """Asks shopctl for what only shopd knows. Keeps what it said last while it is away."""
        try:
            status = self.shopctl("status")
            self.seen = {"door": self.shopctl("door")[0], "alarms": self.open_alarms(),
                         "sensors": [part(s, "sensor", "kind", "state", "value_milli", "unit", "on")
                                     for s in self.shopctl("sensor")],
                         "log": self.newest_log(status["head_seq"]), "status": status}
        except (Refused, OSError, subprocess.SubprocessError, IndexError):
            self.seen = {**self.seen, "status": None}

    def open_alarms(self):
        return [part(a, "alarm", "code", "condition", "door", "state", "severity",
                     "acknowledged_by")
                for a in self.shopctl("alarm", "list") if not a["over"]][:10]

    def newest_log(self, head):
        rows = self.shopctl("log", "--after", str(max(0, head - LOG_SHOWN)))
        return [part(row, "seq", "at", "kind", "text") for row in rows]

    def look_on(self):
        """While somebody looks: once a second, and at once after the chip has moved."""
        last, texts = 0, None
        while True:
            with self.change:
                self.change.wait_for(lambda: self.lookers, None)
                self.change.wait_for(lambda: self.changes != last, LOOK_S)
            last, before = self.changes, self.shown()
            self.look()
            now = self.texts()
            if before != self.shown() or now != texts:
                self.changed()
                last = self.changes
            texts = now

    def shown(self):
        """What of it a page would show."""
        return {**self.seen, "status": self.seen["status"] is not None}

    def state(self):
        """All that the page shows."""
        facts = self.facts()
        door = facts["door"]
        levels = self.chip.levels
        status = self.seen["status"]
        return {
            "shop": facts["shop"], "door": door,
            "links": {"phone": facts["api"] + "/", "kiosk": facts["api"] + "/kiosk",
                      "owner": facts["api"] + "/owner",
                      "office": facts["office"] + "/" if "office" in facts else None},
            "enrolled": bool(status and status.get("office")),
            "up": status is not None,
            "office_there": "office" in facts, "net": not self.away,
            "parts": {part: levels.get(f"{door}-{part}", False) for part in PARTS},
            "says": self.seen["door"], "alarms": self.seen["alarms"],
            "sensors": self.seen["sensors"], "log": self.seen["log"], "texts": self.texts(),
            "owner_phone": facts["owner_phone"],
        }

    # --- what can be done: each a name of POST /do, with its members

    def do_hand(self, hand):
        if hand not in HANDS:
            raise Refused("There is no such hand.")
        self.shopctl("sim", hand, self.facts()["door"])

    def do_sensor(self, sensor, value):
        if sensor not in [s["sensor"] for s in self.seen["sensors"]]:
            raise Refused("There is no such sensor.")
        self.shopctl("sim", "sensor", sensor, value)

    def do_scan(self, at, text):
        """Bytes as the scanner at the door or the till would send them."""
        data = text.strip().encode()
        if not data or len(data) > SCAN_MAX or min(data) < 0x1d:
            raise Refused(f"A scanner reads 1 to {SCAN_MAX} characters.")
        path = self.facts()["scanner" if at == "door" else "till_scanner"]
        fd = os.open(path, os.O_WRONLY | os.O_NOCTTY)
        try:
            data += b"\r"
            while data:
                data = data[os.write(fd, data):]
        finally:
            os.close(fd)

    def do_anna(self, at):
        """A member without a browser: she is let in the first time, and shows a fresh code."""
        facts = self.facts()
        file = self.run_json.parent / "anna.key"
        if not file.exists():
            office.write_secret(file, office.Phone().cose_secret.hex())
        anna = office.read_key(file, office.Phone)
        if anna.kid not in self.known:
            customer = self.do_let_in(anna.cose_key_hex, "member")["customer"]
            for _ in range(50):  # an office's word comes by the feed
                if any(m["customer"] == customer for m in self.shopctl("member", "list")):
                    break
                threading.Event().wait(0.1)
            self.known.add(anna.kid)
        self.do_scan(at, anna.qr(f"{facts['shop']}/{facts['door'] if at == 'door' else 'till'}"))

    def do_answer(self, text):
        """The owner's phone answers a text."""
        body = json.dumps({"from": self.facts()["owner_phone"], "text": text[:160]}).encode()
        ask = urllib.request.Request(self.facts()["sms_inbox"], body, method="PUT")
        with urllib.request.urlopen(ask, timeout=5):
            pass

    def do_let_in(self, key, role):
        """A key as a phone shows it (or a line with it) becomes a member, or the owner."""
        found = KEY.search("".join(key.split()))
        if role not in ROLES or not found:
            raise Refused("That holds no key: copy what the phone shows.")
        more = ["--operator", self.facts()["operator_key"]] if self.state()["enrolled"] else []
        made = self.shopctl("member", "add", "--key", found.group(), "--role", role, *more)
        return {"customer": made["customer"]}

    def do_invite(self, role):
        """A code by which a phone registers at the office, or somebody works there."""
        facts = self.facts()
        if "office" not in facts or (role in ROLES and not self.state()["enrolled"]):
            raise Refused("This shop belongs to no office: let the phone in by its key.")
        desk = office.Operator(facts["office"], office.read_key(
            pathlib.Path(facts["operator_key"]), office.Phone))
        if role == "operator":
            made = desk.must("POST", "/v1/operators", {
                "name": f"play-{os.urandom(3).hex()}", "rights": office.RIGHTS.split(),
                "shops": ["*"]})
            return {"code": made["code"], "link": f"{facts['office']}/#/operator/{made['code']}"}
        if role not in ROLES:
            raise Refused("There is no such role.")
        made = desk.must("POST", "/v1/invitations", {"shop": facts["shop"], "role": role,
                                                     "uses": 1, "approved": True})
        page = "owner" if role == "owner" else ""
        return {"code": made["code"], "link": f"{facts['api']}/{page}#/join/{made['code']}"}

    def do_net(self, on):
        """The office and the gateway stand still, as if the line were cut; or go on."""
        self.signal(NET, signal.SIGCONT if on else signal.SIGSTOP)
        self.away = set() if on else set(NET)

    def do_power(self):
        """The box loses its power, and has it again: what runs it ends without a word."""
        self.signal(BOX, signal.SIGKILL)

    def signal(self, names, number):
        for name, pid in json.loads(self.pids.read_text()).items():
            if name in names:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass  # it is being started again at this moment

    def close(self):
        """Nothing is left standing still."""
        if self.away:
            self.do_net(True)

"""courierhouse.py: the real courierd between a shopd that is ours and a gateway that is ours.

The shopd here is a socket that speaks the packets of src/wire/message.h, written from that header in
this language; so a field that moves by mistake is seen. The gateway writes down each request as it
came. Every courier has a folder, a gateway and a shopd of its own.
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time

from shop import PYTHON, ROOT, until

GATEWAY = ROOT / "tests" / "standin" / "smsgateway.py"
HEADER = ROOT / "src" / "wire" / "message_type.h"
BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
PASSWORD = "hush-hush"
ANNA, BO, CARIN = "+46701234567", "+46709876543", "+46705550123"
NUMBER = "+46766861000"
AT_MS = 1795355104123  # 2026-11-22 14:45:04 in the shop's own time

VERSION = int(re.search(r"#define MESSAGE_VERSION (\d+)", HEADER.read_text())[1])
RAISED, OVER, TAKEN, GROUP = range(4)  # enum text_kind
LEFT, DELIVERED, STUCK = range(3)  # enum text_outcome
BY_GATEWAY, BY_MODEM = range(2)  # enum sms_road
CONDITIONS = {word: number for word, number in re.findall(
    r"CONDITION_(\w+) = (\d+)", (ROOT / "src/base/words.h").read_text())}
HELD_OPEN, FORCED, LEDGER_FAILING = (int(CONDITIONS[word]) for word in (
    "HELD_OPEN", "FORCED", "LEDGER_FAILING"))
CAMERA_LOST, ROAD_FAILING = int(CONDITIONS["CAMERA_LOST"]), int(CONDITIONS["ROAD_FAILING"])

HEAD = "@HHI"
LAYOUT = {  # type: (name, format after the head, fields)
    1: ("hello", "I65s0I", "role program"),
    2: ("bye", "128s", "why"),
    48: ("notify", "QIIIIIIIIqq17s17s17s65s0q", "alarm kind again code condition severity open_s "
         "count value_known value at_ms contact place shop by"),
    49: ("notified", "QIIII17s0q", "alarm kind outcome road texts contact"),
    50: ("notice", "65s400s0I", "contact text"),
    57: ("contact", "IIIIIIIHH17s0I",
         "number count roads role step least on_duty open close name"),
    58: ("reply", "II17s0I", "code road contact"),
    59: ("fault", "II17s0I", "condition failing place"),
    60: ("reading", "Iq17s0q", "lost value sensor"),
    61: ("enough", "Q", "alarm"),
    62: ("picture", "IQ", "kind ref"),
}
NUMBERS = {name: number for number, (name, _, _) in LAYOUT.items()}
COURIER = 2  # enum message_role


def packed(name, **fields):
    number = NUMBERS[name]
    _, form, names = LAYOUT[number]
    values = [fields.pop(field, b"" if "s" in kind else 0)
              for field, kind in zip(names.split(), re.findall(r"(?<!0)(\d+s|[A-Za-z])", form))]
    assert not fields, fields
    return struct.pack(HEAD + form, VERSION, number, 0, *(
        value.encode() if isinstance(value, str) else value for value in values))


class Shopd:
    """The other end of courier.sock."""

    def __init__(self, run):
        self.path = str(run / "courier.sock")
        self.peer, self.kept = None, []
        self.listen()

    def listen(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.server.bind(self.path)
        self.server.listen(1)
        self.server.settimeout(10)

    def greet(self):
        self.peer, _ = self.server.accept()
        self.kept = []
        hello = self.hear("hello", 40)
        assert hello["role"] == COURIER and hello["program"] == "courierd", hello
        self.say("hello", role=COURIER, program="shopd")

    def leave(self):
        self.peer.close()
        self.server.close()

    def say(self, name, **fields):
        self.peer.send(packed(name, **fields))

    def notify(self, alarm, condition=HELD_OPEN, kind=RAISED, code=471100, severity=2, open_s=8,
               place="front", at_ms=AT_MS, contact="anna", **more):
        self.say("notify", alarm=alarm, condition=condition, kind=kind, code=code,
                 severity=severity, open_s=open_s, place=place, at_ms=at_ms, contact=contact,
                 shop="viken", **more)

    def read(self, seconds):
        """The next packet, as (name, fields)."""
        self.peer.settimeout(max(seconds, 0.001))
        packet = self.peer.recv(2000)
        version, number, _ = struct.unpack_from(HEAD, packet)
        assert version == VERSION, version
        if number not in LAYOUT:
            return str(number), {}
        name, form, names = LAYOUT[number]
        values = struct.unpack(HEAD + form, packet)[3:]
        return name, {field: value.split(b"\0")[0].decode() if isinstance(value, bytes) else value
                      for field, value in zip(names.split(), values)}

    def hear(self, name, seconds=5.0, **fields):
        """The next message of this name with these fields; what else comes is kept for later."""
        end = time.monotonic() + seconds
        looked = 0
        while True:
            for i, (kind, said) in enumerate(self.kept[looked:], looked):
                if kind == name and all(said[field] == fields[field] for field in fields):
                    del self.kept[i]
                    return said
            looked = len(self.kept)
            try:
                self.kept.append(self.read(end - time.monotonic()))
            except (TimeoutError, BlockingIOError) as late:
                raise AssertionError(f"no {name} {fields} within {seconds} s: {self.kept}") from late

    def notified(self, seconds=5.0, **fields):
        """The next (alarm, kind, outcome) that courierd says."""
        said = self.hear("notified", seconds, **fields)
        return said["alarm"], said["kind"], said["outcome"]

    def quiet(self, name, seconds):
        """Asserts that no message of this name comes for so long."""
        try:
            said = self.hear(name, seconds)
        except AssertionError:
            return
        raise AssertionError(f"{name} {said}")


class Courier:
    """courierd, its configuration, its gateway and its shopd."""

    def __init__(self, folder, preset="46elks", url=None, contacts=None, faults="", language="sv",
                 user="u1234", sender=NUMBER, more=""):
        self.folder, self.out, self.asked = folder, folder / "sms.jsonl", folder / "asked.jsonl"
        self.deaf = folder / "deaf"
        port_file = folder / "port"
        self.gateway = subprocess.Popen(
            [PYTHON, str(GATEWAY), "--out", str(self.out), "--port-file", str(port_file),
             "--requests", str(self.asked), "--user", user, "--password", PASSWORD,
             "--number", NUMBER, "--deaf", str(self.deaf), "--faults", faults],
            stdout=subprocess.DEVNULL)
        until(port_file.exists, 10, "the gateway's port")
        self.port = int(port_file.read_text())
        password = folder / "password"
        password.write_text(PASSWORD + "\n")
        people = contacts or {"anna": ANNA}
        self.conf = folder / "courierd.conf"
        self.conf.write_text(
            f"shop = viken\nrun = {folder}\nstate = {folder}\nlanguage = {language}\n"
            f"timezone = Europe/Stockholm\n"
            f"[gateway]\npreset = {preset}\nurl = {url or f'http://127.0.0.1:{self.port}'}\n"
            f"user = {user}\npassword_file = {password}\nfrom = {sender}\n"
            + "".join(f"[contact {name}]\nphone = {phone}\n" for name, phone in people.items())
            + more)
        self.shopd = Shopd(folder)
        self.log_path = folder / "log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(BUILD / "courierd"), "--config", str(self.conf)],
                                            stdout=log, stderr=log)
        self.shopd.greet()

    def log(self):
        return self.log_path.read_text()

    def texts(self):
        """What has come to phones by the gateway."""
        return [json.loads(line) for line in self.out.read_text().splitlines()] \
            if self.out.exists() else []

    def asked_all(self):
        return [json.loads(line) for line in self.asked.read_text().splitlines()] \
            if self.asked.exists() else []

    def requests(self):
        """The texts that left for the gateway, whatever became of them: requests with a body."""
        return [asked for asked in self.asked_all() if asked["body"]]

    def put(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("PUT", path, body)
        assert connection.getresponse().status == 200
        connection.close()

    def faults(self, plan):
        self.put("/faults", plan)

    def comes_in(self, text, sender=ANNA, **more):
        self.put("/inbox", json.dumps({"from": sender, "text": text, **more}))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(10)
        assert status == 0, (status, self.log())


@contextlib.contextmanager
def courier(**options):
    with tempfile.TemporaryDirectory(prefix="sms-") as folder:
        c = None
        try:
            c = Courier(pathlib.Path(folder), **options)
            yield c
            c.end()
        except BaseException:
            if c:
                print(c.log())
            raise
        finally:
            for process in (c.process, c.gateway) if c else ():
                process.kill()
                process.wait()

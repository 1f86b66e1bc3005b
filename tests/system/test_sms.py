"""test_sms.py: the real courierd between a shopd that is ours and a gateway that is ours.

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
import ssl
import struct
import subprocess
import tempfile
import threading
import time

from shop import PYTHON, ROOT, main, until

GATEWAY = ROOT / "tests" / "standin" / "smsgateway.py"
HEADER = ROOT / "src" / "wire" / "message.h"
BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
PASSWORD = "hush-hush"
ANNA, BO = "+46701234567", "+46709876543"
AT_MS = 1795355104123  # 2026-11-22 14:45:04 in the shop's own time
HELD_OPEN, FORCED, LEDGER_FAILING = 1, 2, 4


class Shopd:
    """The other end of courier.sock."""

    HELLO_FORMAT, NOTIFY_FORMAT, NOTIFIED_FORMAT = "@HHII65s0I", "@HHIQIIIIIq17s17s0q", "@HHIQII"
    VERSION = int(re.search(r"#define MESSAGE_VERSION (\d+)", HEADER.read_text())[1])
    HELLO, NOTIFY, NOTIFIED, COURIER = 1, 48, 49, 2

    def __init__(self, run):
        self.path = str(run / "courier.sock")
        self.peer = None
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
        self.peer.settimeout(40)
        version, kind, _, role, program = struct.unpack(self.HELLO_FORMAT, self.peer.recv(2000))
        assert (version, kind, role) == (self.VERSION, self.HELLO, self.COURIER)
        assert program.split(b"\0")[0] == b"courierd", program
        self.peer.send(struct.pack(self.HELLO_FORMAT, self.VERSION, self.HELLO, 0, self.COURIER,
                                   b"shopd"))

    def leave(self):
        self.peer.close()
        self.server.close()

    def notify(self, alarm, condition=HELD_OPEN, cleared=0, code=4711, severity=2, open_s=8,
               place=b"front", at_ms=AT_MS):
        self.peer.send(struct.pack(self.NOTIFY_FORMAT, self.VERSION, self.NOTIFY, 0, alarm, code,
                                   condition, severity, cleared, open_s, at_ms, place, b"viken"))

    def notified(self, seconds=5.0):
        """The next (alarm, cleared, sent) that courierd says."""
        self.peer.settimeout(seconds)
        version, kind, _, alarm, cleared, sent = struct.unpack(self.NOTIFIED_FORMAT,
                                                               self.peer.recv(2000))
        assert (version, kind) == (self.VERSION, self.NOTIFIED)
        return alarm, cleared, sent


class Courier:
    """courierd, its configuration, its gateway and its shopd."""

    def __init__(self, folder, preset="46elks", url=None, contacts=None, faults="", language="sv",
                 user="u1234"):
        self.folder, self.out, self.asked = folder, folder / "sms.jsonl", folder / "asked.jsonl"
        port_file = folder / "port"
        self.gateway = subprocess.Popen(
            [PYTHON, str(GATEWAY), "--out", str(self.out), "--port-file", str(port_file),
             "--requests", str(self.asked), "--user", user, "--password", PASSWORD,
             "--faults", faults], stdout=subprocess.DEVNULL)
        until(port_file.exists, 10, "the gateway's port")
        self.port = int(port_file.read_text())
        password = folder / "password"
        password.write_text(PASSWORD + "\n")
        people = contacts or {"anna": ANNA}
        conf = folder / "courierd.conf"
        conf.write_text(
            f"shop = viken\nrun = {folder}\nlanguage = {language}\ntimezone = Europe/Stockholm\n"
            f"[gateway]\npreset = {preset}\nurl = {url or f'http://127.0.0.1:{self.port}'}\n"
            f"user = {user}\npassword_file = {password}\nfrom = Viken\n"
            + "".join(f"[contact {name}]\nphone = {phone}\n" for name, phone in people.items()))
        self.shopd = Shopd(folder)
        self.log_path = folder / "log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(BUILD / "courierd"), "--config", str(conf)],
                                            stdout=log, stderr=log)
        self.shopd.greet()

    def log(self):
        return self.log_path.read_text()

    def texts(self):
        return [json.loads(line) for line in self.out.read_text().splitlines()] \
            if self.out.exists() else []

    def requests(self):
        return [json.loads(line) for line in self.asked.read_text().splitlines()] \
            if self.asked.exists() else []

    def faults(self, plan):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("PUT", "/faults", plan)
        assert connection.getresponse().status == 200
        connection.close()

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


def test_46elks_to_the_byte(start):
    with courier() as c:
        c.shopd.notify(1)
        assert c.shopd.notified() == (1, 0, 1)
        (asked,) = c.requests()
        assert asked["path"] == "/a1/sms", asked
        assert asked["headers"]["Content-Type"] == "application/x-www-form-urlencoded"
        assert asked["headers"]["Authorization"] == "Basic dTEyMzQ6aHVzaC1odXNo"
        assert asked["body"] == (
            "from=Viken&to=%2B46701234567&message=viken%3A%20d%C3%B6rren%20front%20st%C3%A5r%20"
            "%C3%B6ppen%20sedan%2014%3A44%3A56%20%2822%2F11%29.%20G%C3%A5%20dit%20eller%20ring%20"
            "n%C3%A5gon%20som%20kan%20st%C3%A4nga.%20Kvittera%3A%204711"), asked["body"]


def test_twilio_to_the_byte(start):
    with courier(preset="twilio", language="en", user="AC0123") as c:
        c.shopd.notify(2, FORCED, code=8)
        assert c.shopd.notified() == (2, 0, 1)
        (asked,) = c.requests()
        assert asked["path"] == "/2010-04-01/Accounts/AC0123/Messages.json", asked
        assert asked["headers"]["Content-Type"] == "application/x-www-form-urlencoded"
        assert asked["headers"]["Authorization"] == "Basic QUMwMTIzOmh1c2gtaHVzaA=="
        assert asked["body"] == (
            "From=Viken&To=%2B46701234567&Body=viken%3A%20BREAK-IN%3F%20Door%20front%20was%20opened"
            "%2014%3A45%3A04%20%2822%20Nov%29%20and%20nobody%20had%20been%20let%20in.%20Look%2C%20"
            "call%20112%20if%20it%20goes%20on.%20Acknowledge%3A%208"), asked["body"]


def test_every_contact_once_however_often_it_is_asked(start):
    with courier(contacts={"anna": ANNA, "bo": BO}) as c:
        for _ in range(3):
            c.shopd.notify(3)
        until(lambda: len(c.texts()) == 2, 5, "two texts")
        assert c.shopd.notified() == (3, 0, 1)
        c.shopd.notify(3)
        assert c.shopd.notified() == (3, 0, 1), "a repeat is answered again"
        c.shopd.notify(4, LEDGER_FAILING, place=b"", severity=3)
        until(lambda: len(c.texts()) == 4, 5, "the next alarm's texts")
        assert sorted(t["to"] for t in c.texts()) == sorted([ANNA, BO] * 2), c.texts()
        assert "disken" in c.texts()[-1]["text"], c.texts()


def test_trouble_is_tried_again(start):
    with courier(faults="500,503") as c:
        c.shopd.notify(5)
        assert c.shopd.notified(15) == (5, 0, 1)
        assert len(c.requests()) == 3 and len(c.texts()) == 1, c.requests()
        c.faults("429:2")
        began = time.monotonic()
        c.shopd.notify(6)
        assert c.shopd.notified(15) == (6, 0, 1)
        assert time.monotonic() - began >= 2, "Retry-After was not kept"
        assert len(c.texts()) == 2


def test_a_refusal_is_final(start):
    with courier() as c:
        for alarm in (7, 8, 9):
            c.faults({7: "400", 8: "403", 9: "302"}[alarm])
            c.shopd.notify(alarm)
            assert c.shopd.notified() == (alarm, 0, 0)
        assert len(c.requests()) == 3 and not c.texts(), c.requests()


def test_over_never_overtakes_raised(start):
    with courier(faults="500") as c:
        c.shopd.notify(10)
        c.shopd.notify(10, cleared=1, open_s=75, at_ms=AT_MS + 75000)
        assert [c.shopd.notified(10) for _ in range(2)] == [(10, 0, 1), (10, 1, 1)]
        first, second = [t["text"] for t in c.texts()]
        assert "står öppen" in first and "över" in second and "75 s" in second, c.texts()


def test_shopd_comes_back(start):
    with courier(faults="500,500") as c:
        c.shopd.notify(11)
        until(c.requests, 5, "the first try")
        c.shopd.leave()
        until(c.texts, 15, "the text, though shopd is gone")
        c.shopd.listen()
        c.shopd.greet()
        assert c.shopd.notified(10) == (11, 0, 1), "what could not be said is said now"
        assert len(c.texts()) == 1


def test_the_text_leaves_at_once(start):
    with courier() as c:
        took = []
        for alarm in range(20, 30):
            began = time.monotonic()
            c.shopd.notify(alarm, at_ms=AT_MS + alarm)
            assert c.shopd.notified() == (alarm, 0, 1)
            took.append(time.monotonic() - began)
        print(f"        NOTIFY -> gateway -> NOTIFIED: median {sorted(took)[5] * 1000:.1f} ms")
        assert sorted(took)[5] < 0.25, took


def test_neither_number_nor_password_is_told(start):
    with courier(faults="500,400") as c:
        c.shopd.notify(12)
        assert c.shopd.notified(10) == (12, 0, 0)
        argv = pathlib.Path(f"/proc/{c.process.pid}/cmdline").read_bytes().decode()
        for secret in (PASSWORD, ANNA, ANNA[1:], "dTEyMzQ6"):
            assert secret not in c.log() and secret not in argv, (secret, c.log())
        assert "anna" in c.log() and "status 500" in c.log(), c.log()


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unknown_tls(folder):
    """A TLS server whose certificate nobody knows: (port, list of what it was told in it)."""
    key, cert, heard = folder / "key", folder / "cert", []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert,
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            with contextlib.suppress(OSError):
                with context.wrap_socket(server.accept()[0], server_side=True) as peer:
                    heard.append(peer.recv(1000))
    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1], heard


def test_a_gateway_that_is_not_there(start):
    """Four kinds of it side by side, for each takes its time: shopd hears within 30 s."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tls-")))
        port, heard = unknown_tls(folder)
        gone = stack.enter_context(courier(url=f"http://127.0.0.1:{closed_port()}"))
        strange = stack.enter_context(courier(url=f"https://127.0.0.1:{port}"))
        silent = stack.enter_context(courier(faults=",".join(["hang"] * 9)))
        broken = stack.enter_context(courier(faults=",".join(["502"] * 9)))
        mute = stack.enter_context(courier(faults="mute"))
        cut = stack.enter_context(courier(faults="cut,hang"))
        began = time.monotonic()
        for alarm, c in enumerate((gone, strange, silent, broken, mute, cut), 40):
            c.shopd.notify(alarm)
        assert mute.shopd.notified(12) == (44, 0, 1), "2xx has taken it, whatever came after"
        assert cut.shopd.notified(25) == (45, 0, 1), "a cut and a silent answer are tried again"
        for alarm, c in enumerate((gone, strange, silent, broken), 40):
            assert c.shopd.notified(35) == (alarm, 0, 0)
        took = time.monotonic() - began
        print(f"        all heard after {took:.1f} s")
        assert took < 35 and not heard, (took, heard)
        assert len(broken.requests()) == 5 and 3 <= len(silent.requests()) <= 4
        assert len(mute.texts()) == 1 and len(cut.texts()) == 1 and not strange.texts()
        assert re.search("certificate", strange.log()), strange.log()


def test_a_wrong_configuration_is_told(start):
    with tempfile.TemporaryDirectory(prefix="sms-") as folder:
        conf, password = pathlib.Path(folder, "courierd.conf"), pathlib.Path(folder, "password")
        password.write_text(PASSWORD)
        good = (f"shop = viken\n[gateway]\npreset = 46elks\nuser = u\npassword_file = {password}\n"
                f"from = Viken\n[contact anna]\nphone = {ANNA}\n")
        for change, words in (
                (("", ""), None),
                (("preset = 46elks", "preset = 46elk"), ["courierd.conf:3", "46elks"]),
                (("phone =", "fone ="), ["courierd.conf:8", "did you mean 'phone'"]),
                ((ANNA, "0701234567"), ["courierd.conf:8", "+46"]),
                (("from = Viken", "from = Byabutiken Viken"), ["courierd.conf:6"]),
                (("user = u", "user = u\nurl = http://sms.example"), ["courierd.conf:5", "https"]),
                (("password_file = ", "password_file = /nowhere"), ["password_file"]),
                (("[contact anna]", "[contakt anna]"), ["courierd.conf:7", "[contact]"]),
                ((f"[contact anna]\nphone = {ANNA}\n", ""), ["[contact NAME]"])):
            conf.write_text(good.replace(*change) if change[0] else good)
            for option in ("--check", "--config") if words else ("--check",):
                done = subprocess.run([str(BUILD / "courierd"), option, str(conf)], timeout=10,
                                      capture_output=True, text=True, check=False)
                assert done.returncode == (1 if words else 0), (change, done)
                assert all(word in done.stderr for word in words or []), (change, done.stderr)
                assert "0701234567" not in done.stderr
        done = subprocess.run([str(BUILD / "courierd")], capture_output=True, text=True,
                              timeout=10, check=False)
        assert done.returncode == 2 and "usage" in done.stderr


if __name__ == "__main__":
    main(globals())

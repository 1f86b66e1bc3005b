"""modem.py: a GSM modem of AT commands with a SIM in it, for the real ModemManager to talk to.

    modem.py --name NAME --folder FOLDER [--pin 1234] [--slots 20] [--set '{"sim": "none"}']

It listens on the abstract socket "abstract:NAME", as ModemManager's virtual ports are called. FOLDER gets
    texts.jsonl  {"at", "to", "text", "parts"}: each text that was sent, decoded from the bytes of its
                 AT+CMGS; one of several parts is one line, when its last part has left
    at.jsonl     {"at", "way": "in" | "out", "bytes"}: every byte on the port, as latin-1
    control      a socket: one line of JSON a request, one as the answer (class Modem speaks it)

A request is {"set": {…}}, {"receive": {…}}, {"plug": true | false} or {}. The answer is how things
stand: {"plugged", "connected", "slots", "stored", "pins", "sim", "commands", …}. What can be set:
    sim         ok | none | pin | puk | broken     none: +CME ERROR: 10
    network     home | roaming | searching | none | denied     (+CREG 1, 5, 2, 0, 3; no signal with the last)
    answers     ok | silent | garbage              silent: takes every byte and says nothing
    cmgs        ok | error | silent | late         late: says OK after `late_s` (20)
    signal      0 … 31
    cmti        ok | none                          none: nobody is told of what comes in

SMS and its PDUs are done here once more, after 3GPP TS 23.040 and 23.038, so that what the shop sends is
read by somebody else. {"receive": {"from": "+46701234567", "text": "…"}} makes a text come in, from
any sender, with any words, in as many parts as it takes; "order" says in which order they come, and
which: [2, 0] loses the second of three. {"receive": {"pdu": hex}} puts those very bytes on the card.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import re
import selectors
import socket
import sys
import time

BASIC = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
         "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
EXTENDED = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~",
            0x3E: "]", 0x40: "|", 0x65: "€"}
SEPTETS = {c: bytes([i]) for i, c in enumerate(BASIC)} | {
    c: bytes([0x1B, i]) for i, c in EXTENDED.items()}
IMEI, IMSI, ICCID = "354123000000019", "240991234567890", "89461234567890123456"
OPERATOR = "24099"
PART_S = 0.15


# --- the alphabets and the packing of 23.038


def to_septets(text):
    """The text in the GSM alphabet, or None when it has no letters for it."""
    if any(c not in SEPTETS or c == "\x1b" for c in text):
        return None
    return b"".join(SEPTETS[c] for c in text)


def from_septets(septets):
    out, escape = [], False
    for s in septets:
        if escape:
            out.append(EXTENDED.get(s, " "))
        elif s != 0x1B:
            out.append(BASIC[s])
        escape = not escape and s == 0x1B
    return "".join(out)


def pack(septets, head=b""):
    """Octets of user data: a header, fill bits up to a septet, the septets."""
    fill = -8 * len(head) % 7
    bits = sum(s << 7 * i for i, s in enumerate(septets)) << fill
    return head + bits.to_bytes((fill + 7 * len(septets) + 7) // 8, "little")


def unpack(octets, count, skip_bits):
    bits = int.from_bytes(octets, "little") >> skip_bits
    return bytes(bits >> 7 * i & 0x7F for i in range(count))


def swapped(digits):
    digits += "F" * (len(digits) % 2)
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


# --- PDUs of 23.040


def address(number):
    """TP-OA: a number with or without a plus, or up to 11 letters."""
    if re.fullmatch(r"\+?[0-9]{1,20}", number):
        digits = number.lstrip("+")
        return bytes([len(digits), 0x91 if number[0] == "+" else 0x81]) + swapped(digits)
    letters = pack(to_septets(number))
    return bytes([2 * len(letters), 0xD0]) + letters


def stamp(now):
    return swapped(now.strftime("%y%m%d%H%M%S")) + b"\0"


def deliver(sender, text, now, reference=0, order=None):
    """The PDUs (TPDU behind an empty SMSC) that bring `text`, one a part."""
    septets = to_septets(text)
    units = [SEPTETS[c] for c in text] if septets is not None else [
        c.encode("utf-16-be") for c in text]
    room = (160, 153) if septets is not None else (140, 134)
    whole, parts = b"".join(units), []
    if len(whole) <= room[0]:
        parts = [whole]
    else:
        for unit in units:  # a character is never cut in two
            if not parts or len(parts[-1]) + len(unit) > room[1]:
                parts.append(b"")
            parts[-1] += unit
    made = []
    for i, part in enumerate(parts):
        head = b"" if len(parts) == 1 else bytes([5, 0, 3, reference, len(parts), i + 1])
        if septets is not None:
            data = pack(part, head)
            length = len(part) + (8 * len(head) + 6) // 7
        else:
            data, length = head + part, len(head) + len(part)
        made.append(b"\0" + bytes([0x44 if head else 0x04]) + address(sender) + b"\0" +
                    bytes([0 if septets is not None else 8]) + stamp(now) + bytes([length]) + data)
    return [made[i] for i in (order if order is not None else range(len(made)))]


def read_submit(pdu):
    """{"to", "text", "part": (reference, of, number) | None} of what AT+CMGS was given."""
    at = 1 + pdu[0]
    first = pdu[at]
    if first & 3 != 1:
        raise ValueError("not a SUBMIT")
    digits, kind = pdu[at + 2], pdu[at + 3]
    at += 4
    number = "".join(f"{b & 15:x}{b >> 4:x}" for b in pdu[at:at + (digits + 1) // 2])[:digits]
    at += (digits + 1) // 2
    coding = pdu[at + 1]
    at += 2 + {0: 0, 1: 7, 2: 1, 3: 7}[first >> 3 & 3]
    length, data = pdu[at], pdu[at + 1:]
    head = data[:data[0] + 1] if first & 0x40 else b""
    part = None
    if head:
        elements, i = {}, 1
        while i < len(head):
            elements[head[i]] = head[i + 2:i + 2 + head[i + 1]]
            i += 2 + head[i + 1]
        if 0 in elements:
            part = tuple(elements[0])
        elif 8 in elements:
            part = (int.from_bytes(elements[8][:2], "big"), *elements[8][2:])
    if coding & 0x0C == 0x08:
        if len(data) != length:
            raise ValueError("its length is not what it says")
        text = data[len(head):].decode("utf-16-be")
    elif coding & 0x0C == 0:
        if len(data) != (7 * length + 7) // 8:
            raise ValueError("its length is not what it says")
        before = (8 * len(head) + 6) // 7
        text = from_septets(unpack(data, length, 0)[before:])
    else:
        raise ValueError("8-bit data")
    return {"to": ("+" if kind >> 4 & 7 == 1 else "") + number, "text": text, "part": part}


# --- the modem


class Refused(Exception):
    """What a command is answered with in place of OK."""


class At:
    """The commands. What a method returns is the lines before OK."""

    def __init__(self, options, say_texts):
        self.say_texts = say_texts
        self.pin = options.pin
        self.pins = 3
        self.set = {"sim": "ok", "network": "home", "answers": "ok", "cmgs": "ok", "late_s": 20,
                    "signal": 20, "cmti": "ok"}
        self.store = {}
        self.slots = options.slots
        self.parts = {}
        self.reference = 0
        self.power_on()

    def power_on(self):
        self.echo, self.creg, self.cnmi = True, {"CREG": 0, "CGREG": 0}, False
        self.unlocked = False
        self.memory = "SM"
        self.taking = None

    def sim(self):
        """How the card stands now."""
        if self.set["sim"] == "pin" and self.unlocked:
            return "ok"
        return self.set["sim"]

    def need_sim(self, unlocked=True):
        stands = self.sim()
        if stands == "none":
            raise Refused("+CME ERROR: 10")
        if stands == "broken":
            raise Refused("+CME ERROR: 13")
        if unlocked and stands != "ok":
            raise Refused("+CME ERROR: 11" if stands == "pin" else "+CME ERROR: 12")

    def registered(self):
        return {"home": 1, "roaming": 5, "searching": 2, "none": 0, "denied": 3}[
            self.set["network"]] if self.sim() == "ok" else 0

    def answer(self, line):
        """All of "AT+A;+B": lines, the last of them the result."""
        said = []
        try:
            for command in re.findall(r'(?:"[^"]*"|[^;"])+', line[2:].strip()) or [""]:
                said += self.one(command.strip())
        except Refused as no:
            return said + [str(no)]
        return said + ["OK"] if self.taking is None else []

    def one(self, command):
        upper = command.upper()
        if not upper.startswith("+"):
            return self.basic(upper)
        name, what, value = re.fullmatch(r"\+([A-Z0-9]+)(=\?|\?|=)?(.*)", command, re.S | re.I).groups()
        method = getattr(self, "do_" + name.lower(), None)
        if not method:
            raise Refused("ERROR")
        return method(what or "", value) or []

    def basic(self, upper):
        if upper in ("E0", "E1"):
            self.echo = upper == "E1"
        if upper == "I":
            return ["Stand-in", "AT modem", "Revision: 1"]
        return []

    # --- who it is

    def do_cgmi(self, what, _):
        return [] if what == "=?" else ["Stand-in"]

    def do_cgmm(self, what, _):
        return [] if what == "=?" else ["AT modem"]

    def do_cgmr(self, what, _):
        return [] if what == "=?" else ["1"]

    def do_cgsn(self, what, _):
        return [] if what == "=?" else [IMEI]

    def do_gcap(self, *_):
        return ["+GCAP: +CGSM"]

    def do_cmee(self, *_):
        return []

    def do_cfun(self, what, _):
        return {"?": ["+CFUN: 1"], "=?": ["+CFUN: (0,1,4),(0,1)"]}.get(what, [])

    def do_cscs(self, what, _):
        return {"?": ['+CSCS: "IRA"'], "=?": ['+CSCS: ("IRA","UCS2","GSM")']}.get(what, [])

    # --- the card

    def do_cpin(self, what, value):
        self.need_sim(unlocked=False)
        if what == "=?":
            return []
        if what == "?":
            return ["+CPIN: " + {"ok": "READY", "pin": "SIM PIN", "puk": "SIM PUK"}[self.sim()]]
        if self.sim() != "pin":
            raise Refused("+CME ERROR: 3")
        if value.strip('"') == self.pin:
            self.pins, self.unlocked = 3, True
            return []
        self.pins -= 1
        if self.pins == 0:
            self.set["sim"] = "puk"
        raise Refused("+CME ERROR: 16")

    def do_csim(self, _, value):
        self.need_sim(unlocked=False)
        tries = {"0020000100": self.pins}.get(value.split(",")[1].strip('"'), 3)
        return [f'+CSIM: 4,"63C{tries}"']

    def do_cimi(self, what, _):
        self.need_sim()
        return [] if what == "=?" else [IMSI]

    def do_crsm(self, _, value):
        self.need_sim(unlocked=False)
        if value.startswith("176,12258"):
            return [f'+CRSM: 144,0,"{swapped(ICCID).hex().upper()}"']
        raise Refused("ERROR")

    def do_cnum(self, *_):
        self.need_sim()
        return []

    # --- the network

    def do_creg(self, what, value, name="CREG"):
        if what == "=?":
            return [f"+{name}: (0-2)"]
        if what == "?":
            return [self.registration(name, self.creg[name])]
        self.creg[name] = int(value or "0")
        return []

    def do_cgreg(self, what, value):
        return self.do_creg(what, value, "CGREG")

    def registration(self, name, mode=None):
        """The line that tells it; without `mode` as it comes by itself."""
        where = ',"0001","00000001"' if self.creg[name] == 2 and self.registered() in (1, 5) else ""
        return f"+{name}: " + (f"{mode}," if mode is not None else "") + str(self.registered()) + where

    def do_cops(self, what, value):
        self.need_sim()
        if what == "?":
            return [f'+COPS: 0,2,"{OPERATOR}"' if self.registered() in (1, 5) else "+COPS: 0"]
        if what == "=?":
            return [f'+COPS: (1,"Stand-in","SI","{OPERATOR}")']
        return []

    def do_csq(self, what, _):
        if what == "=?":
            return ["+CSQ: (0-31,99),(0-7,99)"]
        lost = self.set["network"] in ("none", "denied", "searching")
        return [f"+CSQ: {99 if lost else self.set['signal']},99"]

    def do_ctzu(self, *_):
        return []

    def do_cclk(self, what, _):
        if what != "?":
            return []
        return [f'+CCLK: "{datetime.datetime.now(datetime.timezone.utc):%y/%m/%d,%H:%M:%S}+00"']

    # --- texts

    def do_cmgf(self, what, value):
        if what == "=?":
            return ["+CMGF: (0)"]
        if what == "?":
            return ["+CMGF: 0"]
        if value != "0":
            raise Refused("+CMS ERROR: 303")
        return []

    def do_cpms(self, what, value):
        self.need_sim()
        used = f"{len(self.store)},{self.slots}"
        if what == "=?":
            return ['+CPMS: ("SM"),("SM"),("SM")']
        if what == "?":
            return ["+CPMS: " + ",".join(f'"SM",{used}' for _ in range(3))]
        if set(re.findall(r'"(\w+)"', value)) - {"SM"}:
            raise Refused("+CMS ERROR: 302")
        return [f"+CPMS: {used},{used},{used}"]

    def do_cnmi(self, what, value):
        if what == "=?":
            return ["+CNMI: (0-2),(0-1),(0),(0-1),(0)"]
        if what == "=":
            self.cnmi = value.split(",")[1:2] == ["1"]
        return []

    def do_cmgl(self, what, _):
        self.need_sim()
        said = []
        for slot, pdu in sorted(self.store.items()):
            said.append(f"+CMGL: {slot},1,,{len(pdu) - 1 - pdu[0]}\r\n{pdu.hex().upper()}")
        return said if what == "=" else []

    def do_cmgr(self, _, value):
        self.need_sim()
        pdu = self.store.get(int(value))
        if pdu is None:
            raise Refused("+CMS ERROR: 321")
        return [f"+CMGR: 0,,{len(pdu) - 1 - pdu[0]}\r\n{pdu.hex().upper()}"]

    def do_cmgd(self, what, value):
        self.need_sim()
        if what == "=":
            self.store.pop(int(value.split(",")[0]), None)
        return []

    def do_csca(self, what, _):
        self.need_sim()
        return ['+CSCA: "+46700000000",145'] if what == "?" else []

    def do_cmgs(self, what, value):
        if what == "=?":
            return []
        self.need_sim()
        if self.set["cmgs"] == "error":
            raise Refused("+CMS ERROR: 500")
        if self.registered() not in (1, 5):
            raise Refused("+CMS ERROR: 331")
        self.taking = int(value)
        return []

    def take_pdu(self, data):
        """The bytes after the prompt: the lines to answer, and after how many seconds."""
        length, self.taking = self.taking, None
        try:
            pdu = bytes.fromhex(data.decode("ascii"))
            if len(pdu) - 1 - pdu[0] != length:
                raise ValueError("not as long as it was said to be")
            self.sent(read_submit(pdu))
        except (ValueError, IndexError, KeyError) as wrong:
            print(f"modem: a PDU that makes no sense: {wrong}", file=sys.stderr, flush=True)
            return ["+CMS ERROR: 304"], 0
        self.reference = self.reference % 255 + 1
        after = {"late": self.set["late_s"], "silent": None}.get(self.set["cmgs"], 0)
        return [f"+CMGS: {self.reference}", "OK"], after

    def sent(self, submit):
        part = submit.pop("part")
        if part is None:
            return self.say_texts(submit["to"], submit["text"], 1)
        reference, of, number = part
        have = self.parts.setdefault((submit["to"], reference, of), {})
        have[number] = submit["text"]
        if len(have) == of:
            self.say_texts(submit["to"], "".join(have[i + 1] for i in range(of)), of)
            del self.parts[submit["to"], reference, of]
        return None

    def receive(self, what):
        """Puts it on the card: the slots."""
        if "pdu" in what:
            pdus = [bytes.fromhex(what["pdu"])]
        else:
            now = datetime.datetime.now(datetime.timezone.utc)
            self.reference = self.reference % 255 + 1
            pdus = deliver(what["from"], what["text"], now, self.reference, what.get("order"))
        slots = []
        for pdu in pdus:
            free = [i for i in range(1, self.slots + 1) if i not in self.store]
            if not free:
                break  # a full card: the network keeps it and tries again some day
            self.store[free[0]] = pdu
            slots.append(free[0])
        return slots


class Port:
    """The socket, the log, the clock."""

    def __init__(self, options):
        self.folder = pathlib.Path(options.folder)
        self.address = "\0abstract:" + options.name
        self.selector = selectors.DefaultSelector()
        self.at = At(options, self.text)
        self.at.set.update(json.loads(options.set))
        self.random = random.Random(1)
        self.listener = self.peer = None
        self.waiting, self.later, self.commands = b"", [], 0
        self.told_at = 0.0
        control = self.folder / "control"
        control.unlink(missing_ok=True)
        self.control = socket.socket(socket.AF_UNIX)
        self.control.bind(str(control))
        self.control.listen(8)
        self.plug(True)
        self.selector.register(self.control, selectors.EVENT_READ, self.on_control)

    def log(self, name, value):
        value["at"] = datetime.datetime.now(datetime.timezone.utc).isoformat(
            timespec="milliseconds").replace("+00:00", "Z")
        with open(self.folder / name, "a", encoding="utf-8") as out:
            out.write(json.dumps(value, ensure_ascii=False) + "\n")  # never half a line

    def text(self, to, text, parts):
        self.log("texts.jsonl", {"to": to, "text": text, "parts": parts})

    # --- plugging

    def plug(self, there):
        self.leave()
        if self.listener:
            self.selector.unregister(self.listener)
            self.listener.close()
            self.listener = None
        if there:
            self.at.power_on()
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.address)
            self.listener.listen(1)
            self.selector.register(self.listener, selectors.EVENT_READ, self.on_opened)

    def leave(self):
        if self.peer:
            self.selector.unregister(self.peer)
            self.peer.close()
        self.peer, self.waiting, self.later = None, b"", []

    def on_opened(self):
        self.leave()  # one at a time, as a serial port has one wire
        self.peer, _ = self.listener.accept()
        self.at.taking = None
        self.selector.register(self.peer, selectors.EVENT_READ, self.on_bytes)

    # --- bytes

    def say(self, data):
        if not self.peer:
            return
        if self.at.set["answers"] == "garbage":
            data = bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 90)))
        self.log("at.jsonl", {"way": "out", "bytes": data.decode("latin-1")})
        try:
            self.peer.sendall(data)
        except OSError:
            self.leave()

    def lines(self, lines):
        if lines:
            self.say(b"".join(b"\r\n" + line.encode("latin-1") + b"\r\n" for line in lines))

    def on_bytes(self):
        try:
            data = self.peer.recv(4096)
        except OSError:
            data = b""
        if not data:
            self.leave()
            return
        self.log("at.jsonl", {"way": "in", "bytes": data.decode("latin-1")})
        if self.at.set["answers"] == "silent":
            self.waiting = b""
            return
        self.waiting += data
        while self.peer and self.take():
            pass

    def take(self):
        """One command, or one PDU, of what came in: whether there was one."""
        end = re.search(rb"[\x1a\x1b]" if self.at.taking is not None else rb"\r", self.waiting)
        if not end:
            return False
        data, self.waiting = self.waiting[:end.start()], self.waiting[end.end():].lstrip(b"\n")
        if self.at.taking is not None:
            if end[0] == b"\x1b":
                self.at.taking = None
                self.lines(["OK"])
                return True
            said, after = self.at.take_pdu(data)
            if after is not None:
                self.later.append((time.monotonic() + after, said))
            return True
        self.commands += 1
        line = data.decode("latin-1").strip()
        if self.at.echo:
            self.say(data + b"\r")
        if line.upper().startswith("AT"):
            self.lines(self.at.answer(line))
            if self.at.taking is not None:
                self.say(b"\r\n> ")
        return True

    # --- control

    def on_control(self):
        peer, _ = self.control.accept()
        peer.settimeout(5)
        with peer, peer.makefile("rw", encoding="utf-8") as lines:
            try:
                self.obey(json.loads(lines.readline()))
                lines.write(json.dumps(self.stands()) + "\n")
                lines.flush()
            except (OSError, ValueError, KeyError, TypeError) as wrong:
                print(f"modem: control: {wrong!r}", file=sys.stderr, flush=True)

    def obey(self, asked):
        before = self.at.registered()
        unknown = asked.get("set", {}).keys() - self.at.set.keys()
        if unknown:
            raise KeyError(f"nothing is called {unknown}")
        self.at.set.update(asked.get("set", {}))
        if "pins" in asked:
            self.at.pins = asked["pins"]
        if "plug" in asked:
            self.plug(asked["plug"])
        if self.at.registered() != before and self.at.set["answers"] == "ok":
            self.lines([self.at.registration(name) for name in ("CREG", "CGREG")
                        if self.at.creg[name]])
        slots = self.at.receive(asked["receive"]) if "receive" in asked else []
        if self.at.cnmi and self.at.set["answers"] == self.at.set["cmti"] == "ok":
            # some time apart, as they come by air: of two at once ModemManager 1.20 reads one
            for slot in slots:
                self.told_at = max(time.monotonic(), self.told_at + PART_S)
                self.later.append((self.told_at, [f'+CMTI: "SM",{slot}']))

    def stands(self):
        return {"plugged": self.listener is not None, "connected": self.peer is not None,
                "slots": self.at.slots, "stored": len(self.at.store), "pins": self.at.pins,
                "commands": self.commands, **self.at.set, "sim": self.at.sim()}

    def run(self):
        while True:
            due = min((at for at, _ in self.later), default=None)
            wait = None if due is None else max(0.0, due - time.monotonic())
            for key, _ in self.selector.select(wait):
                key.data()
            now = time.monotonic()
            ready = [said for at, said in self.later if at <= now]
            self.later = [(at, said) for at, said in self.later if at > now]
            for said in ready:
                self.lines(said)


class Modem:
    """The other end of the control socket, and what the modem wrote down."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def ask(self, **what):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(10)
            sock.connect(str(self.folder / "control"))
            with sock.makefile("rw", encoding="utf-8") as lines:
                lines.write(json.dumps(what) + "\n")
                lines.flush()
                line = lines.readline()
        if not line:
            raise ValueError(f"the modem did not understand {what}")
        return json.loads(line)

    def set(self, **what):
        return self.ask(set=what)

    def receive(self, sender, text, **more):
        return self.ask(receive={"from": sender, "text": text, **more})

    def read(self, name):
        path = self.folder / name
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] \
            if path.exists() else []

    def texts(self):
        return self.read("texts.jsonl")

    def payloads(self):
        """The hex that followed each AT+CMGS, in the order in which it left."""
        said = "".join(e["bytes"] for e in self.read("at.jsonl") if e["way"] == "in")
        return re.findall(r"AT\+CMGS=\d+\r\n?([0-9A-F]+)\x1a", said)


def main():
    parser = argparse.ArgumentParser(description="A GSM modem on an abstract socket.")
    parser.add_argument("--name", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--pin", default="1234")
    parser.add_argument("--slots", type=int, default=20)
    parser.add_argument("--set", default="{}")
    port = Port(parser.parse_args())
    print("ready", flush=True)
    try:
        port.run()
    except KeyboardInterrupt:
        os._exit(0)


if __name__ == "__main__":
    main()

"""camera.py: a network camera: a snapshot by HTTP with digest authentication (RFC 7616), and the part
of ONVIF that says where the snapshot is (WS-UsernameToken by digest, and HTTP digest where it is told
to want that too). Every picture is a JPEG of its own: the time drawn, and a counter in a comment.

    camera.py --port-file FILE [--user NAME --password TEXT] [--faults PLAN] [--requests FILE]

In a test it is an object: `with Camera(user="eye", password="…") as camera:`. What it does wrong:

    hang      takes the connection and never answers     drip      one byte a second
    huge      100 MB                                     html      a page in place of a picture
    refuse    401, whatever comes                        basic     401 that wants the password itself
    stale     a new nonce whenever one is used           elsewhere 302 to another host
    cut       half a JPEG, whole as HTTP                 short     less than Content-Length says
    empty     200 without a byte                         500, 503  that status

A plan is "hang" (from now on) or "500,hang,-" (one answer each, "-" a good one, then good ones).
"""

import argparse
import base64
import contextlib
import datetime
import hashlib
import itertools
import json
import pathlib
import re
import secrets
import socket
import socketserver
import struct
import threading
import xml.etree.ElementTree as ElementTree

REALM = "camera"
SKEW_S = 5  # between a proof's time and the camera's clock
SNAPSHOT, DEVICE, MEDIA = "/snapshot.jpg?channel=1&q=2", "/onvif/device_service", "/onvif/media_service"
HUGE = 100 * 1000 * 1000
FONT = {"0": (7, 5, 5, 5, 7), "1": (2, 6, 2, 2, 7), "2": (7, 1, 7, 4, 7), "3": (7, 1, 7, 1, 7),
        "4": (5, 5, 7, 1, 1), "5": (7, 4, 7, 1, 7), "6": (7, 4, 7, 5, 7), "7": (7, 1, 1, 1, 1),
        "8": (7, 5, 7, 5, 7), "9": (7, 5, 7, 1, 7), ":": (0, 2, 0, 2, 0), ".": (0, 0, 0, 0, 2)}


# --- a JPEG whose blocks of 8 × 8 are each of one grey: nothing but their first coefficient is coded

def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def coded(blocks):
    """The scan of grey levels, row by row."""
    bits, before = [], 0
    for grey in blocks:
        step, before = grey - 128 - before, grey - 128
        size = abs(step).bit_length()
        bits.append(f"{size:04b}")
        if size:
            bits.append(f"{step if step > 0 else step + (1 << size) - 1:0{size}b}")
        bits.append("0")  # the end of the block
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8)).replace(b"\xff", b"\xff\0")


def jpeg(text, comment=b"", weight=0):
    """`text` of digits, ':' and '.', light on dark; `weight` bytes more, in comments."""
    width, height = 4 * len(text) + 3, 9
    blocks = [40] * (width * height)
    for n, letter in enumerate(text):
        for row, dots in enumerate(FONT[letter]):
            for column in range(3):
                if dots >> (2 - column) & 1:
                    blocks[(row + 2) * width + 2 + 4 * n + column] = 230
    return b"".join([
        b"\xff\xd8", segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), segment(0xFE, comment),
        segment(0xFE, bytes(60000)) * (weight // 60000), segment(0xFE, bytes(weight % 60000)),
        segment(0xDB, b"\0" + bytes([8] * 64)),
        segment(0xC0, struct.pack(">BHHB", 8, 8 * height, 8 * width, 1) + b"\1\x11\0"),
        segment(0xC4, b"\0" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))),
        segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        segment(0xDA, b"\1\1\0\0\x3f\0"), coded(blocks), b"\xff\xd9"])


# --- ONVIF

ENVELOPE = ('<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope '
            'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
            'xmlns:tt="http://www.onvif.org/ver10/schema" '
            'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
            'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
            'xmlns:ter="http://www.onvif.org/ver10/error">'
            '<SOAP-ENV:Body>{}</SOAP-ENV:Body></SOAP-ENV:Envelope>')
FAULT = ('<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value>'
         '<SOAP-ENV:Subcode><SOAP-ENV:Value>ter:NotAuthorized</SOAP-ENV:Value></SOAP-ENV:Subcode>'
         '</SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text>no</SOAP-ENV:Text></SOAP-ENV:Reason>'
         '</SOAP-ENV:Fault>')


def local(element):
    return element.tag.rpartition("}")[2]


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


class Handler(socketserver.StreamRequestHandler):
    """One connection: requests one after the other."""

    def handle(self):
        self.camera = self.server.camera
        with contextlib.suppress(OSError, ValueError):
            while self.one():
                pass

    def one(self):
        line = self.rfile.readline(8192)
        if not line.endswith(b"\r\n"):
            return False
        raw, headers = [line], {}
        while (header := self.rfile.readline(8192)) not in (b"\r\n", b""):
            raw.append(header)
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        method, path, _ = line.decode("latin-1").split(" ", 2)
        self.camera.heard(method, path, headers, b"".join(raw) + b"\r\n" + body)
        if path in (DEVICE, MEDIA):
            return self.soap(path, headers, body)
        return self.picture(method, path, headers)

    def answer(self, status, body=b"", kind="text/plain", more=(), length=None):
        head = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}",
                f"Content-Length: {len(body) if length is None else length}", *more]
        self.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        return True

    def challenge(self, stale=False):
        return self.answer(401, more=[self.camera.challenge(stale)])

    # --- the snapshot

    def picture(self, method, path, headers):
        fault = self.camera.fault()
        if fault:
            return self.wrong(fault, method, headers)
        if self.camera.password and not self.camera.proven(method, path, headers):
            self.camera.put_back(fault)
            return self.challenge()
        if path != self.camera.snapshot:
            return self.answer(404)
        return self.answer(200, self.camera.picture(), "image/jpeg")

    def wrong(self, fault, method, headers):
        camera, half = self.camera, camera_half(self.camera)
        if fault == "hang":
            self.camera.ended.wait()
            return False
        if fault == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")
            for i in half:
                self.wfile.write(bytes([i]))
                if camera.ended.wait(1):
                    break
            return False
        if fault == "huge":
            self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {HUGE}\r\n\r\n".encode())
            for _ in range(HUGE // 100000):
                self.wfile.write(b"\xff\xd8" * 50000)
            return False
        if fault == "stale" and "authorization" not in headers:
            camera.put_back(fault)
        return {
            "refuse": lambda: self.challenge(),
            "stale": lambda: self.challenge(stale=True),
            "basic": lambda: self.answer(401, more=[f'WWW-Authenticate: Basic realm="{REALM}"']),
            "html": lambda: self.answer(200, b"<html><body>hello</body></html>", "text/html"),
            "elsewhere": lambda: self.answer(302, more=[f"Location: {camera.elsewhere}"]),
            "cut": lambda: self.answer(200, half, "image/jpeg"),
            "short": lambda: self.answer(200, half, "image/jpeg", length=len(half) + 100) and False,
            "empty": lambda: self.answer(200, kind="image/jpeg"),
        }.get(fault, lambda: self.answer(int(fault)))()

    # --- ONVIF's services

    def soap(self, path, headers, body):
        camera = self.camera
        if camera.onvif_fault == "hang":
            camera.ended.wait()
            return False
        if camera.soap_digest and not camera.proven("POST", path, headers):
            return self.challenge()
        try:
            envelope = ElementTree.fromstring(body)
        except ElementTree.ParseError:
            return self.answer(400)
        names = [local(e) for e in envelope.iter()]
        request = names[names.index("Body") + 1]
        if camera.password and request != "GetSystemDateAndTime" and not camera.signed(envelope):
            return self.say(FAULT, 400)
        return self.say({
            "GetSystemDateAndTime": camera.clock_is, "GetCapabilities": camera.capabilities,
            "GetProfiles": camera.profiles, "GetSnapshotUri": lambda: camera.snapshot_is(envelope),
        }.get(request, lambda: FAULT)())

    def say(self, text, status=200):
        if self.camera.onvif_fault == "entities":
            return self.answer(200, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
        if self.camera.onvif_fault == "garbage":
            return self.answer(200, b"\0\1<not>xml")
        return self.answer(status, ENVELOPE.format(text).encode(), "application/soap+xml")


def camera_half(camera):
    whole = camera.picture(count=False)
    return whole[:len(whole) // 2]


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # whoever asked has hung up


class Camera:
    """A camera of its own port on loopback."""

    def __init__(self, user="", password="", faults="", algorithm="MD5", soap_digest=False,
                 clock_ahead_s=0, snapshot=SNAPSHOT, elsewhere="http://127.0.0.1:9/",
                 requests=None, port=0, weight=0):
        self.user, self.password, self.algorithm = user, password, algorithm
        self.soap_digest, self.snapshot, self.elsewhere = soap_digest, snapshot, elsewhere
        self.clock_ahead = datetime.timedelta(seconds=clock_ahead_s)
        self.weight = weight
        self.says = None  # in place of its own address, where ONVIF's answers name one
        self.onvif_fault = ""
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.plan, self.for_ever = [], ""
        self.nonces, self.proofs = {}, set()
        self.requests, self.file = [], requests
        self.taken, self.numbers = [], itertools.count(1)
        self.faults(faults)
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.camera = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self):
        return self.origin + self.snapshot

    @property
    def onvif(self):
        return self.origin + DEVICE

    # --- what it is told, and what it heard

    def faults(self, plan):
        with self.lock:
            parts = [p for p in plan.split(",") if p]
            self.for_ever = parts[0] if len(parts) == 1 else ""
            self.plan = parts if len(parts) > 1 else []

    def fault(self):
        with self.lock:
            fault = self.plan.pop(0) if self.plan else self.for_ever
            return "" if fault == "-" else fault

    def put_back(self, fault):
        """A challenge was no answer: what was planned is still to come."""
        with self.lock:
            if self.plan or (fault and not self.for_ever):
                self.plan.insert(0, fault or "-")

    def heard(self, method, path, headers, raw):
        with self.lock:
            self.requests.append((method, path, headers, raw))
            if self.file:
                with open(self.file, "a", encoding="utf-8") as out:
                    out.write(json.dumps({"method": method, "path": path}) + "\n")

    def count(self, path=None):
        with self.lock:
            return sum(path in (None, p) for _, p, _, _ in self.requests)

    def wire(self):
        """Every byte that was said to it."""
        with self.lock:
            return b"".join(raw for _, _, _, raw in self.requests)

    def picture(self, count=True):
        now = datetime.datetime.now()
        number = next(self.numbers) if count else 0
        made = jpeg(now.strftime("%H:%M:%S.") + f"{now.microsecond // 1000:03}",
                    f"picture {number} of {self.port}".encode(), self.weight)
        if count:
            with self.lock:
                self.taken.append(made)
        return made

    # --- digest authentication

    def challenge(self, stale=False):
        nonce = secrets.token_hex(16)
        with self.lock:
            self.nonces[nonce] = 0
        return (f'WWW-Authenticate: Digest realm="{REALM}", nonce="{nonce}", qop="auth", '
                f'algorithm={self.algorithm}, opaque="o"' + (", stale=true" if stale else ""))

    def hash(self, text):
        name = {"MD5": "md5", "SHA-256": "sha256"}[self.algorithm]
        return hashlib.new(name, text.encode()).hexdigest()

    def proven(self, method, path, headers):
        text = headers.get("authorization", "")
        if not text.startswith("Digest "):
            return False
        said = {name: quoted or plain for name, quoted, plain in
                re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]*))', text[len("Digest "):])}
        nonce, count = said.get("nonce", ""), int(said.get("nc", "0"), 16)
        with self.lock:
            if nonce not in self.nonces or count <= self.nonces[nonce]:
                return False  # not ours, or heard before
            self.nonces[nonce] = count
        right = self.hash(":".join([
            self.hash(f"{self.user}:{REALM}:{self.password}"), nonce, said["nc"], said["cnonce"],
            said["qop"], self.hash(f"{method}:{path}")]))
        return (said["qop"], said["uri"], said["username"], said["response"], said["realm"]) == \
            ("auth", path, self.user, right, REALM)

    def signed(self, envelope):
        """WS-UsernameToken: a fresh time by the camera's clock, a nonce of its own, the digest."""
        said = {local(e): e.text or "" for e in envelope.iter()}
        kinds = [e.get("Type", "") for e in envelope.iter() if local(e) == "Password"]
        if said.get("Username") != self.user or not kinds or \
                not kinds[0].endswith("#PasswordDigest"):
            return False
        nonce = base64.b64decode(said["Nonce"], validate=True)
        created = datetime.datetime.fromisoformat(said["Created"].replace("Z", "+00:00"))
        right = hashlib.sha1(nonce + said["Created"].encode() + self.password.encode()).digest()
        with self.lock:
            if nonce in self.proofs or len(nonce) < 16:
                return False
            self.proofs.add(nonce)
        return abs((created - self.now()).total_seconds()) <= SKEW_S and \
            base64.b64decode(said["Password"]) == right

    # --- what ONVIF's answers say

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.clock_ahead

    def clock_is(self):
        t = self.now()
        return ("<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual"
                "</tt:DateTimeType><tt:UTCDateTime>"
                f"<tt:Time><tt:Hour>{t.hour}</tt:Hour><tt:Minute>{t.minute}</tt:Minute>"
                f"<tt:Second>{t.second}</tt:Second></tt:Time>"
                f"<tt:Date><tt:Year>{t.year}</tt:Year><tt:Month>{t.month}</tt:Month>"
                f"<tt:Day>{t.day}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
                "</tds:GetSystemDateAndTimeResponse>")

    def capabilities(self):
        origin = self.says or self.origin
        return ("<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media>"
                f"<tt:XAddr>{origin}{MEDIA}</tt:XAddr></tt:Media></tds:Capabilities>"
                "</tds:GetCapabilitiesResponse>")

    def profiles(self):
        return ('<trt:GetProfilesResponse><trt:Profiles fixed="true" token="Main&amp;1">'
                '<tt:Name>main</tt:Name></trt:Profiles><trt:Profiles token="Sub"/>'
                "</trt:GetProfilesResponse>")

    def snapshot_is(self, envelope):
        token = [e.text for e in envelope.iter() if local(e) == "ProfileToken"]
        if token != ["Main&1"]:
            return FAULT
        origin = self.says or self.origin
        return ("<trt:GetSnapshotUriResponse><trt:MediaUri>"
                f"<tt:Uri>{escaped(origin + self.snapshot)}</tt:Uri>"
                "<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetSnapshotUriResponse>")


def closed_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port-file", type=pathlib.Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--faults", default="")
    parser.add_argument("--requests")
    options = parser.parse_args()
    camera = Camera(options.user, options.password, options.faults, requests=options.requests,
                    port=options.port)
    fresh = options.port_file.with_suffix(".new")
    fresh.write_text(f"{camera.port}\n")
    fresh.replace(options.port_file)
    with contextlib.suppress(KeyboardInterrupt):
        camera.ended.wait()


if __name__ == "__main__":
    main()

"""office.py: a head office beside the shop: its keys, its configuration, and how an operator asks it.

The keys are made once a state folder: root, signing key and the root's word on it by `shopctl root`,
as an owner would; the operator's by the second implementation of tests/phone. The office keeps its
port over restarts, for a shop that was enrolled has pinned its address.
"""

import base64
import http.client
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "phone"))
from phone import (Key, Phone, array, bstr, integer, protected_header,  # noqa: E402
                   sign1, to_be_signed, tstr)

OPERATOR = "owner"
RIGHTS = "fleet members goods remote money pull"


def write_secret(path, text):
    """A file that its owner alone may read."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(fd, "w", encoding="ascii") as file:
        file.write(text + "\n")


def read_key(path, kind=Key):
    """A key from a file of 64 hex digits (or of a COSE_Key with its private part)."""
    return kind(int(path.read_text().strip()[-64:], 16))


def keys_statement(root, keys, version, at_ms=None):
    """What the root says about the set (contracts 5): ["keys", version, at, [x ‖ y, …]], signed."""
    at_ms = int(time.time() * 1000) if at_ms is None else at_ms
    payload = array(tstr("keys"), integer(version), integer(at_ms),
                    array(*[bstr(key.x + key.y) for key in keys]))
    header = protected_header(root.kid)
    return sign1(header, payload, root.sign(to_be_signed(header, payload)))


class Files:
    """The files of one office, made where they are not there yet."""

    def __init__(self, folder, shopctl):
        self.folder, self.shopctl = folder, shopctl
        folder.mkdir(mode=0o700, exist_ok=True)
        self.root_file, self.key_file = folder / "root.key", folder / "office.key"
        self.operator_file, self.keys_file = folder / "operator.key", folder / "office.keys"
        for path, what in ((self.root_file, "make"), (self.key_file, "key")):
            if not path.exists():
                self.make("root", what, path)
        if not self.operator_file.exists():
            write_secret(self.operator_file, Phone().cose_secret.hex())
        self.root, self.key = read_key(self.root_file), read_key(self.key_file)
        self.operator = read_key(self.operator_file, Phone)
        if not self.keys_file.exists():
            self.make("root", "sign", "--root", self.root_file, "--version", "1",
                      "--out", self.keys_file, (self.key.x + self.key.y).hex())

    def make(self, *args):
        subprocess.run([self.shopctl, *map(str, args)], check=True, capture_output=True)

    def port(self, free_port):
        """The port it had before, if it can be had, else any."""
        kept = self.folder / "port"
        wanted = int(kept.read_text()) if kept.exists() else 0
        port = free_port(wanted)
        kept.write_text(f"{port}\n")
        return port

    def conf(self, port, gateway, database=None):
        """Its configuration, in sections; `gateway`: that of courierd.conf."""
        return {
            "": {"listen": f"127.0.0.1:{port}", "url": f"http://127.0.0.1:{port}",
                 "database": database or self.folder / "office.db", "key_file": self.key_file,
                 "keys_file": self.keys_file, "root": (self.root.x + self.root.y).hex(),
                 "shops_max": 100},
            f"operator {OPERATOR}": {"key": self.operator.cose_key_hex, "rights": RIGHTS,
                                     "shops": '*'},
            "gateway": {**gateway, "from": "Office"},
        }


class Operator:
    """A person who signs with a key of officed.conf."""

    def __init__(self, url, key):
        self.url, self.key = url, key
        host = url.split("//")[1].rstrip("/")
        self.host, port = host.rsplit(":", 1)
        self.port = int(port)

    def ask(self, method, path, body=None, headers=None, raw=False, timeout=15, authorization=None):
        """(status, JSON) of one request, signed for itself alone (aud office/admin); `authorization`
        replaces it, "" leaves it out. raw=True: (status, headers, bytes)."""
        send = dict(headers or {})
        if authorization is None:
            token = base64.urlsafe_b64encode(self.key.token("office/admin")).decode().rstrip("=")
            authorization = "SK1 " + token
        if authorization:
            send["Authorization"] = authorization
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body).encode()
            send.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, path, body, send)
            answer = connection.getresponse()
            data = answer.read()
            if raw:
                return answer.status, answer.headers, data
            return answer.status, json.loads(data) if data else None
        finally:
            connection.close()

    def must(self, method, path, body=None, also=(), **more):
        """The same, where nothing but success (or a status of `also`) is expected: the answer."""
        status, answer = self.ask(method, path, body, **more)
        if not 200 <= status < 300 and status not in also:
            raise OSError(f"{method} {path} -> {status} {answer}")
        return answer

    def furnish(self, shop, phone, goods):
        """What an office has before a shop joins: the shop's name, whom to tell, articles (a path)."""
        self.must("POST", "/v1/shops", {"shop": shop}, also=(409,))
        self.must("PUT", f"/v1/shops/{shop}/contacts/{OPERATOR}", {"phone": phone})
        if goods:
            self.must("POST", "/v1/products/import?rule=1", goods.read_bytes(), timeout=60,
                      headers={"Content-Type": "text/csv"})

    def claim(self, shop):
        """A claim code for a shop, which is made known to the office where it is not."""
        self.must("POST", "/v1/shops", {"shop": shop}, also=(409,))
        return self.must("POST", f"/v1/shops/{shop}/claims", {})["code"]

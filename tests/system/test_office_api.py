"""The running officed against include/api/office.yaml: every operation is asked, through Stoplight's
Prism, which holds each answer to the file; Redocly's linter holds the file to OpenAPI 3.1. Both are
installed by npm into the build folder, once.

What a box says and hears is CBOR and COSE, which Prism cannot look into: those go to officed itself,
and their statuses are held to the file here.
"""

import atexit
import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from openapi import Api
from shop import ROOT, main, until

sys.path[:0] = [str(ROOT / "tests" / "standin"), str(ROOT / "tests" / "phone")]
from office import Files, Operator, write_secret  # noqa: E402
from phone import Phone, array, bstr, integer, tstr  # noqa: E402

API_FILE = ROOT / "include" / "api" / "office.yaml"
API = Api(API_FILE)
BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
TOOLS = ROOT / "build" / "office-api"
PACKAGES = ["@stoplight/prism-cli@5.14.2", "@redocly/cli@1.34.5"]
SECRET = "what the books pull with"
PARTY = {"name": "Anna Ek", "street": "Storgatan 1", "postcode": "26362", "city": "Viken",
         "country": "SE", "email": "anna@example.com"}
GTIN = "7310865004703"


def tool(name):
    """The program of a package; npm fetches what is not there yet."""
    path = TOOLS / "node_modules" / ".bin" / name
    if not path.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        (TOOLS / ".npmrc").write_text("omit-lockfile-registry-resolved=true\naudit=false\n"
                                      "fund=false\nignore-scripts=true\nupdate-notifier=false\n")
        (TOOLS / "package.json").write_text('{"private": true}\n')
        subprocess.run(["npm", "install", "--no-progress", "--save-exact", *PACKAGES], cwd=TOOLS,
                       check=True, capture_output=True, timeout=300)
    return str(path)


def free_port(wanted=0):
    with socket.socket() as s:
        s.bind(("127.0.0.1", wanted))
        return s.getsockname()[1]


def wait_for(port, process, path="/healthz", seconds=30):
    """Until it answers 200."""

    def answers():
        assert process.poll() is None, f"it ended with {process.returncode}"
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            return connection.getresponse().status == 200
        return False

    until(answers, seconds)


class Office:
    """An officed of one's own, and Prism in front of it."""

    def __init__(self, folder):
        self.files = Files(folder / "office", BUILD / "shopctl")
        self.port, self.proxy_port = free_port(), free_port()
        password = folder / "password"
        write_secret(password, "hush")
        conf = self.files.conf(self.port, {"preset": "46elks", "url": "http://127.0.0.1:9",
                                           "user": "u", "password_file": password})
        conf["client books"] = {"secret_sha256": hashlib.sha256(SECRET.encode()).hexdigest(),
                                "shops": "*"}
        conf["operator limited"] = {"key": Phone(7).cose_key_hex, "rights": "fleet",
                                    "shops": "falun"}
        text = "".join((f"[{name}]\n" if name else "") +
                       "".join(f"{word} = {value}\n" for word, value in section.items())
                       for name, section in conf.items())
        path = folder / "officed.conf"
        path.write_text(text)
        self.log = open(folder / "log", "wb")
        self.office = subprocess.Popen([BUILD / "officed", "--config", path], stderr=self.log)
        atexit.register(self.office.kill)  # of no effect on one that has ended
        self.prism = subprocess.Popen(
            [tool("prism"), "proxy", str(API_FILE), f"http://127.0.0.1:{self.port}", "--port",
             str(self.proxy_port), "--host", "127.0.0.1"], stdout=self.log, stderr=self.log,
            start_new_session=True)
        atexit.register(self.prism.kill)
        wait_for(self.port, self.office)
        wait_for(self.proxy_port, self.prism)
        self.seen = set()
        self.direct = Operator(f"http://127.0.0.1:{self.port}", self.files.operator)
        self.proxied = Operator(f"http://127.0.0.1:{self.proxy_port}", self.files.operator)
        self.box = Phone()

    def close(self):
        os.killpg(self.prism.pid, signal.SIGTERM)
        self.prism.wait(10)
        self.office.terminate()
        status = self.office.wait(20)
        self.log.close()
        assert status == 0, f"officed ended with {status}"

    # --- asking

    def note(self, method, path, status, values):
        """The operation of the file that this was; its status has to stand there."""
        for known, verb, operation in API.operations():
            pattern = re.sub(r"\{\w+\}", "[^/]+", known)
            if verb == method and re.fullmatch(pattern, path.split("?")[0]):
                assert str(status) in operation["responses"], (method, path, status, values)
                self.seen.add((known, method))
                return
        raise AssertionError(f"{method} {path} is not in the file")

    def ask(self, method, path, want, body=None, headers=None, authorization=None):
        """One request through Prism; the answer is held to the file by both."""
        status, got, data = self.proxied.ask(method, path, body, headers, raw=True,
                                             authorization=authorization)
        violations = json.loads(got.get("sl-violations") or "[]")
        wrong = [v for v in violations if v.get("location", [""])[0] == "response"]
        assert not wrong, (method, path, status, wrong, data)
        assert status == want, (method, path, status, data)
        if status < 300:
            asked = [v for v in violations if v.get("location", [""])[0] == "request"]
            assert not asked, (method, path, asked)
        self.note(method, path, status, data)
        return json.loads(data) if data and "json" in got.get("Content-Type", "") else data

    def signed(self, purpose, key=None, **claims):
        token = (key or self.box).token(f"office/{purpose}", **claims)
        return "SK1 " + base64.urlsafe_b64encode(token).decode().rstrip("=")

    def say(self, method, path, purpose, want, body=None, kind="application/cbor", **claims):
        """One request of the box, to officed itself."""
        headers = {"Content-Type": kind} if body is not None else {}
        status, got, data = self.direct.ask(method, path, body, headers, raw=True,
                                            authorization=self.signed(purpose, **claims))
        assert status == want, (method, path, status, data)
        self.note(method, path, status, data)
        return got, data


OFFICE = None


def office():
    """One for the whole file."""
    global OFFICE
    if OFFICE is None:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="office-api-"))
        OFFICE = Office(folder)
        OFFICE.folder = folder
    return OFFICE


def heartbeat():
    """A box's: epoch, head, acked, feed, clock, three truths, up, visits, alarms, doors, version."""
    now = int(time.time() * 1000)
    true = b"\xf5"
    door = array(tstr("front"), integer(0), integer(2), integer(0), b"\xf4")
    return array(tstr("heartbeat"), integer(1), integer(0), integer(0), integer(0), integer(now), true, true, true,
                 integer(1000), integer(0), integer(0), array(door), tstr("1.0"))


# --- tests, in the order of a shop's life


def test_the_file_is_openapi(start):
    done = subprocess.run([tool("redocly"), "lint", "--format=stylish", str(API_FILE)],
                          capture_output=True, text=True, timeout=120, check=False, cwd=TOOLS,
                          env={**os.environ, "REDOCLY_TELEMETRY": "off"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_shops_and_claims(start):
    o = office()
    o.ask("GET", "/healthz", 200, authorization="")
    assert o.ask("GET", "/v1/place", 200, authorization="")["here"] == "office"
    o.ask("GET", "/v1/shops", 401, authorization="")
    o.ask("GET", "/v1/shops", 200)
    o.ask("POST", "/v1/shops", 201, {"shop": "viken", "title": "Vikens lanthandel"})
    o.ask("POST", "/v1/shops", 201, {"shop": "falun", "language": "en", "currency": "SEK"})
    o.ask("POST", "/v1/shops", 409, {"shop": "viken"})
    o.ask("POST", "/v1/shops", 400, {"shop": "Viken"})
    o.ask("GET", "/v1/shops/viken", 200)
    o.ask("GET", "/v1/shops/nowhere", 404)
    o.ask("PATCH", "/v1/shops/viken", 200, {"title": "Lanthandeln", "language": "sv"})
    o.ask("PATCH", "/v1/shops/viken", 422, {"seller": {"name": "A"}})
    o.ask("PUT", "/v1/shops/viken/contacts/anna", 200, {"phone": "+46701234567"})
    o.ask("PUT", "/v1/shops/viken/contacts/anna", 400, {"phone": "0701234567"})
    o.ask("GET", "/v1/shops/viken/contacts", 200)
    o.ask("DELETE", "/v1/shops/viken/contacts/anna", 204)
    o.ask("DELETE", "/v1/shops/viken/contacts/anna", 404)
    o.ask("POST", "/v1/shops/nowhere/claims", 404, {})
    o.code = o.ask("POST", "/v1/shops/viken/claims", 201, {"restore": False})["code"]


def test_who_may(start):
    o = office()
    limited = o.signed("admin", Phone(7))
    assert [s["shop"] for s in o.ask("GET", "/v1/shops", 200, authorization=limited)["shops"]] == [
        "falun"]
    o.ask("GET", "/v1/shops/viken", 403, authorization=o.signed("admin", Phone(7)))
    o.ask("GET", "/v1/members", 403, authorization=o.signed("admin", Phone(7)))
    o.ask("GET", "/v1/shops", 401, authorization=o.signed("admin", Phone()))
    once = o.signed("admin", o.files.operator)
    o.ask("POST", "/v1/shops/falun/claims", 201, {}, authorization=once)
    answer = o.ask("POST", "/v1/shops/falun/claims", 401, {}, authorization=once)
    assert answer["code"] == "used", answer
    answer = o.ask("GET", "/v1/shops", 401,
                   authorization=o.signed("admin", o.files.operator, iat=1000, exp=1060))
    assert answer["code"] == "stale", answer
    nonce = bytes.fromhex(answer["nonce"])
    fresh = o.signed("admin", o.files.operator, iat=1000, exp=1060, nonce=nonce)
    o.ask("GET", "/v1/shops", 200, authorization=fresh)
    o.ask("GET", "/v1/shops", 401, authorization=fresh)


def test_a_box(start):
    o = office()
    enrolment = array(tstr("enrol"), tstr(o.code), bstr(o.box.x + o.box.y), tstr("1.0"))
    o.say("POST", "/v1/shops/viken/heartbeat", "heartbeat", 401, b"\x80")
    o.say("POST", "/v1/shops/viken/enrol", "enrol", 200, enrolment)
    o.say("POST", "/v1/shops/viken/enrol", "enrol", 200, enrolment)
    thief = Phone()
    stolen = array(tstr("enrol"), tstr(o.code), bstr(thief.x + thief.y), tstr("1.0"))
    o.say("POST", "/v1/shops/viken/enrol", "enrol", 403, stolen, key=thief)
    o.say("GET", f"/v1/shops/viken/time?nonce={'ab' * 16}", "time", 200)
    o.say("GET", "/v1/shops/viken/time?nonce=ab", "time", 400)
    o.say("GET", "/v1/shops/viken/keys", "keys", 200)
    o.say("GET", "/v1/shops/viken/keys", "time", 401)
    o.say("POST", "/v1/shops/viken/heartbeat", "heartbeat", 400, b"\x80")
    o.say("POST", "/v1/shops/viken/heartbeat", "time", 401, b"\x80")
    o.say("POST", "/v1/shops/viken/heartbeat", "heartbeat", 204, heartbeat())
    until(lambda: o.ask("GET", "/v1/shops/viken", 200)["seen"]["said"] is not None, 20)
    o.say("GET", "/v1/shops/viken/entries?after=0", "entries", 200)
    o.say("POST", "/v1/shops/viken/entries?epoch=1", "entries", 400, b"\x00",
          kind="application/cbor-seq")
    o.say("GET", "/v1/shops/viken/feed?after=0&wait=1", "feed", 409)
    o.say("GET", "/v1/shops/viken/feed?snapshot=1", "feed", 200)
    feed = o.ask("GET", "/v1/shops/viken", 200)["feed"]["to"]
    o.say("GET", f"/v1/shops/viken/feed?after={feed}&wait=1", "feed", 204)
    ask = array(tstr("epoch"), integer(1), integer(0), bstr(bytes(32)))
    o.say("POST", "/v1/shops/viken/epoch", "epoch", 200, ask)
    again = array(tstr("epoch"), integer(2), integer(0), bstr(bytes(32)))
    o.say("POST", "/v1/shops/viken/epoch", "epoch", 409, again)
    o.ask("POST", "/v1/shops/viken/allow-epoch", 200)
    o.say("POST", "/v1/shops/viken/epoch", "epoch", 200, again)


def test_a_poll_is_woken_by_a_change(start):
    o = office()
    feed = o.ask("GET", "/v1/shops/viken", 200)["feed"]["to"]
    connection = http.client.HTTPConnection("127.0.0.1", o.port, timeout=60)
    connection.request("GET", f"/v1/shops/viken/feed?after={feed}&wait=55",
                       headers={"Authorization": o.signed("feed")})
    o.ask("PUT", f"/v1/products/{GTIN}", 200, {"name": "Mjölk", "vat": "food",
                                              "price_minor": 1790})
    began = time.monotonic()
    answer = connection.getresponse()
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/cose"
    assert time.monotonic() - began < 2, "the price is to reach a shop within 2 s"
    connection.close()


def test_goods(start):
    o = office()
    o.ask("GET", "/v1/products", 200)
    o.ask("GET", "/v1/products?shop=viken&limit=10", 200)
    o.ask("GET", f"/v1/products/{GTIN}", 200)
    o.ask("GET", "/v1/products/123", 400)
    o.ask("PUT", f"/v1/products/{GTIN}", 422, {"vat": "much"})
    price = o.ask("PUT", f"/v1/products/{GTIN}/prices", 200,
                  {"scope": "shop:viken", "price_minor": 1690,
                   "valid_from": "2031-01-01T00:00:00Z"})
    o.ask("DELETE", f"/v1/products/{GTIN}/prices?scope=shop:viken"
                    f"&valid_from={price['valid_from']}", 204)
    o.ask("POST", "/v1/products/import?dry_run=1", 200,
          f"gtin,name,price,vat\n{GTIN},Mjölk,17.90,food\n".encode(),
          {"Content-Type": "text/csv"})
    o.ask("POST", "/v1/products/import?file=list.csv", 200,
          f"gtin,name,price,vat\n{GTIN},Mjölk,17.90,food\n".encode(),
          {"Content-Type": "text/csv"})
    assert o.ask("GET", "/v1/products/imports", 200)["imports"][0]["file"] == "list.csv"
    o.ask("PUT", "/v1/groups/skane", 200)
    o.ask("GET", "/v1/groups", 200)
    o.ask("PUT", "/v1/shops/viken/group", 200, {"group": "skane"})
    o.ask("DELETE", "/v1/groups/skane", 409)
    o.ask("PUT", "/v1/shops/viken/group", 200, {"group": ""})
    o.ask("DELETE", "/v1/groups/skane", 204)
    o.ask("PUT", "/v1/policy/all/occupancy_max", 200, {"value": "20"})
    o.ask("PUT", "/v1/policy/all/occupancy_max", 422, {"value": "many"})
    o.ask("GET", "/v1/policy", 200)
    o.ask("GET", "/v1/shops/viken/policy", 200)
    o.ask("DELETE", f"/v1/products/{GTIN}", 204)


def test_people(start):
    o = office()
    made = o.ask("POST", "/v1/members", 201, {"shop": "viken", "key": Phone().cose_key_hex,
                                             "party": PARTY})
    path = f"/v1/members/{made['member']}"
    o.ask("GET", "/v1/members?shop=viken", 200)
    o.ask("GET", path, 200)
    o.ask("GET", "/v1/members/0011223344556677", 404)
    o.ask("PUT", path, 200, {"credit_limit_minor": 50000, "mail_invoices": True})
    o.ask("POST", path + "/block", 200)
    o.ask("POST", path + "/unblock", 200)
    o.ask("POST", path + "/approve", 200)
    o.ask("POST", path + "/decline", 409)
    phone = Phone()
    o.ask("POST", path + "/keys", 200, {"key": phone.cose_key_hex, "label": "new"})
    card = {"kid": "00c0ffee00c0ffee", "kind": "card", "label": "on the ring"}
    o.ask("POST", path + "/keys", 422, {**card, "kind": "watch"})
    o.ask("POST", path + "/keys", 422, {**card, "kid": "00c0ffee00c0ff"})
    o.ask("POST", path + "/keys", 422, {**card, "key": Phone().cose_key_hex})
    o.ask("POST", path + "/keys", 422, {**card, "kind": "phone"})
    o.ask("POST", path + "/keys", 200, card)
    keys = o.ask("GET", path + "/keys", 200)["keys"]
    assert sorted((k["kind"], k["label"]) for k in keys) == [
        ("card", "on the ring"), ("phone", ""), ("phone", "new")], keys
    o.ask("DELETE", f"{path}/keys/{phone.kid.hex()}", 204)
    left = o.ask("GET", path + "/keys", 200)["keys"]
    assert sorted(k["kind"] for k in left if not k.get("removed_at")) == ["card", "phone"], left
    o.ask("PUT", path + "/shops/falun", 200)
    o.ask("DELETE", path + "/shops/falun", 200)
    o.ask("GET", path + "/view", 200)
    o.ask("GET", path + "/looks", 200)
    o.ask("GET", path + "/export", 200)
    invited = o.ask("POST", "/v1/invitations", 201, {"shop": "viken", "uses": 2, "approved": True})
    o.ask("GET", "/v1/invitations", 200)
    new = Phone()
    token = base64.urlsafe_b64encode(new.token("office/register")).decode().rstrip("=")
    form = {"code": invited["code"], "key": new.cose_key_hex, "token": token, "party": PARTY}
    o.ask("POST", "/v1/register", 201, form, authorization="")
    token = base64.urlsafe_b64encode(new.token("office/register")).decode().rstrip("=")
    o.ask("POST", "/v1/register", 200, {**form, "token": token}, authorization="")
    other = Phone()
    token = base64.urlsafe_b64encode(other.token("office/register")).decode().rstrip("=")
    o.ask("POST", "/v1/register", 403, {**form, "code": "AAAAAAAAAAAA", "token": token,
                                        "key": other.cose_key_hex}, authorization="")
    o.ask("DELETE", f"/v1/invitations/{invited['invitation']}", 204)
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    made_pass = o.ask("POST", "/v1/passes", 201, {"shop": "viken", "member": made["member"],
                                                 "expires_at": expires})
    o.ask("GET", "/v1/passes", 200)
    o.ask("PUT", f"/v1/passes/{made_pass['pass']}/pin?shop=viken", 204, {"pin": "471100"})
    o.ask("DELETE", f"/v1/passes/{made_pass['pass']}?shop=viken", 204)
    o.ask("DELETE", path, 200)


def test_a_member_about_herself(start):
    o = office()
    phone = Phone()
    made = o.ask("POST", "/v1/members", 201, {"shop": "viken", "key": phone.cose_key_hex,
                                             "party": PARTY})

    def mine(method, path, want, body=None):
        return o.ask(method, path, want, body, authorization=o.signed("me", key=phone))

    assert mine("GET", "/v1/me", 200)["member"] == made["member"]
    o.ask("GET", "/v1/me", 401, authorization=o.signed("me", key=Phone()))
    mine("PUT", "/v1/me", 200, {"language": "en", "email": None})
    mine("PUT", "/v1/me", 422, {"mail_invoices": True})
    mine("GET", "/v1/me/view", 200)
    mine("GET", "/v1/me/view?month=2026-10", 200)
    mine("GET", "/v1/me/invoices", 200)
    mine("GET", "/v1/me/invoices/viken/VIKEN-2026-000001", 404)
    (kid,) = [key["kid"] for key in mine("GET", "/v1/me/keys", 200)["keys"]]
    mine("DELETE", f"/v1/me/keys/{kid}", 409)
    mine("DELETE", "/v1/me/keys/0011223344556677", 204)
    mine("POST", "/v1/me/invitation", 201)
    mine("GET", "/v1/me/export", 200)
    o.ask("POST", "/v1/recover", 503, {"email": "anna@example.com"}, authorization="")
    mine("DELETE", "/v1/me", 200)
    mine("GET", "/v1/me", 401)


def test_operators(start):
    o = office()
    assert o.ask("GET", "/v1/whoami", 200)["kind"] == "operator"
    made = o.ask("POST", "/v1/operators", 201, {"name": "bo", "rights": ["members", "pull"],
                                               "shops": ["viken", "falun"]})
    o.ask("POST", "/v1/operators", 409, {"name": "bo", "rights": ["pull"], "shops": ["*"]})
    phone = Phone()
    form = {"code": made["code"], "key": phone.cose_key_hex}
    for want in (201, 200):
        form["token"] = o.signed("operator", key=phone).split()[1]
        o.ask("POST", "/v1/operators/enrol", want, form, authorization="")
    o.ask("GET", "/v1/operators", 403, authorization=o.signed("admin", key=phone))
    o.ask("GET", "/v1/whoami", 200, authorization=o.signed("admin", key=phone))
    assert len(o.ask("GET", "/v1/operators", 200)["operators"]) == 3
    o.ask("DELETE", "/v1/operators/bo", 204)
    o.ask("DELETE", "/v1/operators/bo", 404)
    o.ask("DELETE", "/v1/operators/owner", 409)


def test_an_owner_far_from_her_shop(start):
    o = office()
    ulla = Phone()
    o.ask("POST", "/v1/members", 201, {"shop": "viken", "key": ulla.cose_key_hex, "role": "owner",
                                      "party": PARTY})
    path = "/v1/shops/viken/timeline"
    assert o.ask("GET", path, 200, authorization=o.signed("admin", key=ulla))["rows"] == []
    o.ask("GET", path + "?before=now", 400, authorization=o.signed("admin", key=ulla))
    o.ask("GET", path + "/0000000000000001", 404, authorization=o.signed("admin", key=ulla))
    o.ask("GET", path, 403)
    o.ask("GET", "/v1/shops?q=vik", 200)


def test_commands(start):
    o = office()
    command = {"verb": "release", "door": "front", "expires_s": 60, "key": "k1"}
    made = o.ask("POST", "/v1/shops/viken/commands", 201, command)
    o.ask("POST", "/v1/shops/viken/commands", 200, command)
    o.ask("POST", "/v1/shops/viken/commands", 422, {**command, "verb": "lock"})
    o.ask("POST", "/v1/shops/viken/commands", 422, {"verb": "lock", "alarm": 3})
    o.ask("POST", "/v1/shops/viken/commands", 400, {"verb": "acknowledge", "alarm": 0})
    o.ask("POST", "/v1/shops/viken/commands", 201, {"verb": "acknowledge", "alarm": 3})
    o.ask("GET", "/v1/shops/viken/alarms?open=1&limit=5", 200)
    o.ask("GET", "/v1/shops/nowhere/alarms", 404)
    o.ask("POST", "/v1/shops/falun/commands", 409, {"verb": "lock"})
    o.ask("GET", "/v1/shops/viken/commands", 200)
    o.ask("GET", f"/v1/shops/viken/commands/{made['command']}", 200)
    o.ask("GET", "/v1/shops/viken/commands/999", 404)


def test_pulling(start):
    o = office()
    for path in ("/v1/invoices", "/v1/sales", "/v1/stock"):
        o.ask("GET", path, 200, authorization="Bearer " + SECRET)
        o.ask("GET", path, 401, authorization="Bearer nobody")
        o.ask("GET", path + "?limit=0", 400)
    status, got, _ = o.direct.ask("GET", "/v1/invoices", raw=True)
    assert status == 200 and got["ETag"]
    status, _, data = o.direct.ask("GET", "/v1/invoices", raw=True,
                                   headers={"If-None-Match": got["ETag"]})
    assert (status, data) == (304, b"")
    o.ask("GET", "/v1/sales?by=day&shop=viken&from=2026-10-01&to=2026-10-31", 200)
    o.ask("GET", "/v1/shops", 401, authorization="Bearer " + SECRET)


def test_money(start):
    o = office()
    o.ask("GET", "/v1/bundles", 200)
    o.ask("GET", "/v1/bundles/1", 404)
    o.ask("POST", "/v1/bundles/1/mail", 409)
    o.ask("GET", "/v1/unbilled", 200)
    o.ask("POST", "/v1/unbilled/retry", 200)
    o.ask("GET", "/v1/shops/viken/invoices/VIKEN-2026-000001", 404)
    o.ask("POST", "/v1/payments/import", 422, b"no bank file",
          {"Content-Type": "application/octet-stream"})
    o.ask("GET", "/v1/payments?unclaimed=1", 200)
    o.ask("GET", "/v1/payments/imports?limit=2", 200)
    o.ask("POST", "/v1/payments/nothing/assign", 422, {"shop": "viken",
                                                       "number": "FALUN-2026-000001"})
    o.ask("GET", "/v1/reminders", 200)
    o.ask("GET", "/v1/bundles?newest=1&limit=2", 200)
    o.ask("GET", "/v1/bills", 200)
    o.ask("GET", "/v1/bills?state=overdue&number=VIKEN-2026-000123", 200)
    o.ask("GET", "/v1/bills?number=VIKEN", 400)
    made = o.ask("POST", "/v1/webhooks", 201, {"url": "https://books.example/hook"})
    path = f"/v1/webhooks/{made['webhook']}"
    o.ask("GET", "/v1/webhooks", 200)
    o.ask("POST", path + "/rotate", 200)
    o.ask("POST", path + "/enable", 200)
    o.ask("DELETE", path, 204)
    o.ask("DELETE", path, 404)


def test_revocation_and_notices(start):
    o = office()
    o.ask("POST", "/v1/shops/viken/revoke", 200, {"reason": "stolen"})
    o.say("GET", "/v1/shops/viken/feed?after=1&wait=1", "feed", 403)
    o.ask("GET", "/v1/notices", 200)
    o.ask("GET", "/v1/alarms?open=1", 200)
    o.ask("GET", "/v1/alarms?after=x", 400)
    notices = o.ask("GET", "/v1/shops/viken/notices?open=1", 200)["notices"]
    assert {"enrolled", "epoch", "revoked"} <= {n["kind"] for n in notices}
    o.ask("POST", f"/v1/shops/viken/notices/{notices[0]['n']}/acknowledge", 204)
    o.ask("POST", "/v1/shops/viken/notices/99/acknowledge", 404)


def test_what_cannot_be_asked(start):
    o = office()
    status, got, _ = o.direct.ask("PUT", "/v1/shops", {}, raw=True)
    assert status == 405 and set(got["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    for path in ("//", "/v1", "/v1/shops/", "/v1/shops//feed", "/v1/shops/../healthz"):
        assert o.direct.ask("GET", path)[0] == 404, path
    assert o.direct.ask("GET", "/v1/shops?limit=1&limit=2")[0] == 400
    assert o.direct.ask("GET", "/v1/shops?after=%ff")[0] == 400
    assert o.direct.ask("POST", "/v1/shops", b"{}", {"Content-Type": "text/plain"})[0] == 415
    assert o.direct.ask("POST", "/v1/shops", b"x" * 9000,
                        {"Content-Type": "application/json"})[0] == 413
    assert o.direct.ask("POST", "/v1/shops", b"not zstd", {
        "Content-Type": "application/json", "Content-Encoding": "zstd"})[0] == 400


def test_every_operation_was_asked(start):
    o = office()
    operations = {(path, method) for path, method, _ in API.operations()}
    assert operations - o.seen == set(), sorted(operations - o.seen)


def test_it_ends(start):
    o = office()
    o.close()
    shutil.rmtree(o.folder)


if __name__ == "__main__":
    main(globals())

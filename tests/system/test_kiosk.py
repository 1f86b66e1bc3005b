"""The screens beside doors and tills: their stream, the till's visit, the PIN, the door's code, the
basket that a phone shows, and the price list that a phone keeps. All as a screen meets it: bytes at
the scanners, HTTP at the counter; every answer and every event is held against include/api/shop.yaml.
"""

import base64
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import select
import signal
import socket
import time

from shop import Late, main, until  # first: it says where the others are
from phone import Office, array, base45_encode, bstr, challenge_parse, head, integer
from test_http import API, KIOSK, Caller, raw

HERE = {"Sec-Fetch-Site": "same-origin"}
PROXIED = {"X-Forwarded-For": "192.0.2.1"}
TILL = "till1"
SCHEMA = {"place": "KioskPlace", "door": "KioskDoor", "challenge": "Challenge",
          "verdict": "KioskVerdict", "visit": "KioskVisit", "line": "KioskLine"}
LINES = "/v1/visits/{visit}/lines/{key}"


class Kiosk:
    """A screen that listens: every event is read as a browser would, and held against the file."""

    def __init__(self, shop):
        self.events, self.raw, self.text, self.at = [], b"", b"", 0
        self.sock = socket.create_connection((shop.host, shop.port), 10)
        self.sock.sendall(b"GET /v1/kiosk/events HTTP/1.1\r\nHost: localhost\r\n"
                          b"Accept: text/event-stream\r\n\r\n")
        while b"\r\n\r\n" not in self.raw:
            self.raw += self.sock.recv(4096)
        first, _, self.raw = self.raw.partition(b"\r\n\r\n")
        lines = first.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        API.answer("/v1/kiosk/events", "GET", int(lines[0].split()[1]), headers, b"")
        assert headers["Transfer-Encoding"] == "chunked", headers

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def dechunk(self):
        """What of the body is whole so far (RFC 9112 7.1)."""
        while b"\r\n" in self.raw:
            size, _, rest = self.raw.partition(b"\r\n")
            length = int(size, 16)
            assert length > 0, "the stream ended"
            if len(rest) < length + 2:
                break
            self.text, self.raw = self.text + rest[:length], rest[length + 2:]

    def pull(self, seconds):
        """Waits for something; False when nothing came."""
        if not select.select([self.sock], [], [], seconds)[0]:
            return False
        data = self.sock.recv(65536)
        assert data, "the stream ended"
        self.raw += data
        self.read()
        return True

    def read(self):
        self.dechunk()
        while b"\n\n" in self.text:
            block, self.text = self.text.split(b"\n\n", 1)
            fields = dict(line.split(": ", 1) for line in block.decode().splitlines()
                          if line and not line.startswith(":"))
            if "event" in fields:
                name, value = fields["event"], json.loads(fields["data"])
                if name == "away":
                    assert value == {}, value
                else:
                    API.check(value, {"$ref": f"#/components/schemas/{SCHEMA[name]}"}, name)
                assert "id" not in fields and "customer" not in block.decode(), block
                self.events.append((name, value))

    def next(self, name, seconds=5.0, **want):
        """The next event of this name with these values; what came before it is passed over."""
        end = time.monotonic() + seconds
        self.read()
        while True:
            while self.at < len(self.events):
                self.at += 1
                got, value = self.events[self.at - 1]
                if got == name and all(value.get(k) == v for k, v in want.items()):
                    return value
            if not self.pull(max(0, end - time.monotonic())) and time.monotonic() > end:
                raise Late(f"{name} {want}: not within {seconds:g} s, but {self.events}")

    def names(self, names, count, seconds=5.0):
        """The next `count` events of these names, and nothing else of them before."""
        got, end = [], time.monotonic() + seconds
        while len(got) < count:
            while self.at < len(self.events) and len(got) < count:
                self.at += 1
                if self.events[self.at - 1][0] in names:
                    got.append(self.events[self.at - 1])
            if len(got) < count and not self.pull(max(0, end - time.monotonic())):
                assert time.monotonic() < end, (names, got)
        return got


@contextlib.contextmanager
def beeps(shop):
    """Hears the till's scanner: a function that gives the next beep, True for yes."""
    fd = os.open(shop.run["till_scanner"], os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)

    def heard(seconds=5.0):
        assert select.select([fd], [], [], seconds)[0], "no beep"
        return os.read(fd, 2) == b"\a"  # two are a no
    try:
        with contextlib.suppress(BlockingIOError):
            while os.read(fd, 4096):
                pass
        yield heard
    finally:
        os.close(fd)


def basket(*lines):
    """The text that a phone shows: (key bytes, gtin, quantity, scanned at) each."""
    items = [array(bstr(key), integer(int(gtin)), integer(quantity), integer(at))
             for key, gtin, quantity, at in lines]
    return "SKB1:" + base45_encode(array(*items))


def text_of(key):
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def stand(shop, kiosk, member=None):
    """A member shows their code at the till: the member, and the visit."""
    member = member or shop.member()
    shop.scan(member.qr("till"), till=True)
    kiosk.next("verdict", till=TILL, verdict="admitted", text=None)
    return member, kiosk.next("visit", till=TILL)["visit"]


def till_call(shop, bearer, visit):
    call = Caller(shop)
    call.visit, call.bearer = visit, bearer
    return call


def leave(shop):
    Caller(shop)("DELETE", "/v1/till/{till}/visit", 204, headers=HERE, till=TILL)


# --- the stream


def test_who_comes_is_told_how_everything_stands(shop):
    with Kiosk(shop) as kiosk:
        place = kiosk.next("place")
        assert place["doors"] == [{"door": shop.door, "mode": "locked", "physical": "closed",
                                   "alarm": "normal"}], place
        assert place["tills"] == [{"till": TILL, "visit": None, "silence_ms": 90000}], place
        assert [name for name, _ in kiosk.events][0] == "place"
        code = kiosk.next("challenge", door=shop.door)
        assert challenge_parse(code["challenge"])[0] == f"{shop.name}/{shop.door}"
        _, visit = stand(shop, kiosk)
        with Kiosk(shop) as second:  # a page that is loaded anew
            assert second.next("place")["tills"][0]["visit"] == visit
            assert second.next("challenge")["challenge"] == code["challenge"]
        leave(shop)
        assert kiosk.next("visit", till=TILL)["visit"] is None


def test_a_visit_from_the_door_to_the_street(shop):
    """What the screen by the door shows: the verdict, and the door itself."""
    with Kiosk(shop) as kiosk, Kiosk(shop) as other:
        kiosk.next("place"), other.next("place")
        member = shop.member()
        shop.scan(member.qr())
        for screen in (kiosk, other):
            screen.next("verdict", door=shop.door, verdict="admitted")
            screen.next("door", door=shop.door, mode="accessed")
        shop.hand("open")
        kiosk.next("door", physical="open")
        shop.hand("close")
        kiosk.next("door", mode="locked", physical="closed", alarm="normal")
        shop.scan("nonsense")
        refused = kiosk.next("verdict", door=shop.door, verdict="malformed")
        assert refused["text"]["sv"] and refused["text"]["en"] != refused["text"]["sv"], refused
        shop.scan(member.qr("till"))
        kiosk.next("verdict", verdict="wrong_audience")
        shop.quiet()
        shop.hand("force")
        try:
            kiosk.next("door", alarm="forced")
        finally:
            shop.quiet()


def test_goods_at_the_till(shop):
    milk = shop.gtins()[0]
    with Kiosk(shop) as kiosk, beeps(shop) as beep:
        kiosk.next("place")
        shop.scan(milk, till=True)
        line = kiosk.next("line", till=TILL)
        assert (line["visit"], line["key"], line["gtin"], line["code"]) == \
            (None, None, milk, "no_visit"), line
        assert line["text"]["en"] and not beep()
        _, visit = stand(shop, kiosk)
        assert beep()
        shop.scan(milk, till=True)
        line = kiosk.next("line")
        assert line["visit"] == visit and line["gtin"] == milk and line["key"], line
        assert line["code"] is None and line["text"] is None and beep()
        shop.scan("4006381333931", till=True)
        line = kiosk.next("line")
        assert (line["code"], line["key"], line["visit"]) == ("unknown_article", None, visit), line
        shop.scan("no goods at all", till=True)
        assert kiosk.next("line")["gtin"] is None
        shop.scan("SKB1:no basket", till=True)
        assert kiosk.next("line")["code"] == "malformed"
        leave(shop)


def test_what_is_too_dear(shop):
    dear = shop.gtins()[0]
    with Kiosk(shop) as kiosk:
        kiosk.next("place")
        stand(shop, kiosk, shop.member("--limit", "1"))
        shop.scan(dear, till=True)
        assert kiosk.next("line")["code"] == "credit_exhausted"
        leave(shop)


# --- the till's visit


def test_the_screen_speaks_for_who_stands_there(shop):
    path, call = "/v1/till/{till}/visit", Caller(shop)
    goods = shop.gtins()
    with Kiosk(shop) as kiosk:
        kiosk.next("place")
        assert call("POST", path, 404, headers=HERE, till=TILL)["code"] == "no_visit"
        member, visit = stand(shop, kiosk)
        opened = call("POST", path, 200, headers=HERE, till=TILL)
        assert opened["visit"] == visit and opened["credit_left_minor"] is None, opened
        assert call("POST", path, 200, {}, headers=HERE, till=TILL) == opened  # the same: one a till
        till = till_call(shop, opened["bearer"], visit)
        till("PUT", LINES, 201, {"gtin": goods[0]}, key="touched")
        till("PUT", LINES, 200, {"gtin": goods[0]}, key="touched")
        shop.scan(goods[1], till=True)
        key = kiosk.next("line", code=None)["key"]
        assert till("DELETE", LINES, 200, key=key)["voided"] is True  # what was scanned can be taken back
        shown = till("GET", "/v1/visits/{visit}", 200)
        assert [(line["key"], line["voided"]) for line in shown["lines"]] == \
            [("touched", False), (key, True)], shown
        other, its = stand(shop, kiosk)  # the next in the queue
        second = call("POST", path, 200, headers=HERE, till=TILL)
        assert second["visit"] == its and second["bearer"] != opened["bearer"]
        till("PUT", LINES, 401, {"gtin": goods[0]}, key="late")  # the one before has ended
        assert call("POST", "/v1/visits", 200, member.token("till"))["visit"] == visit
        call("DELETE", path, 204, headers=HERE, till=TILL)
        assert kiosk.next("visit")["visit"] is None
        call("DELETE", path, 204, {}, headers=HERE, till=TILL)
        assert call("POST", path, 404, headers=HERE, till=TILL)["code"] == "no_visit"
        its = till_call(shop, second["bearer"], its)
        assert its("POST", "/v1/visits/{visit}/close", 200)["state"] == "closed"
        assert its("GET", "/v1/visits/{visit}/receipt", 200)["lines"] == []
        assert other.customer


def test_a_till_in_a_full_visit(shop):
    """Eight friends' phones and none of the member's own: the till finds no room, and says so."""
    path, call = "/v1/till/{till}/visit", Caller(shop)
    with Kiosk(shop) as kiosk:
        kiosk.next("place")
        host, visit = stand(shop, kiosk)
        opened = call("POST", path, 200, headers=HERE, till=TILL)
        till = till_call(shop, opened["bearer"], visit)
        codes = [till("POST", "/v1/visits/{visit}/invite", 200)["code"] for _ in range(8)]
        for code in codes[:7]:
            call("POST", "/v1/visits", 200, shop.member().token("till"), query=f"?join={code}")
        stand(shop, kiosk)  # somebody else: the till's word for the first visit ends
        call("POST", path, 200, headers=HERE, till=TILL)
        call("POST", "/v1/visits", 200, shop.member().token("till"), query=f"?join={codes[7]}")
        stand(shop, kiosk, host)
        assert call("POST", path, 409, headers=HERE, till=TILL)["code"] == "visit_full"
        leave(shop)


def test_a_closed_visit_leaves_the_till(shop):
    with Kiosk(shop) as kiosk:
        kiosk.next("place")
        _, visit = stand(shop, kiosk)
        opened = Caller(shop)("POST", "/v1/till/{till}/visit", 200, headers=HERE, till=TILL)
        till_call(shop, opened["bearer"], visit)("POST", "/v1/visits/{visit}/close", 200)
        assert kiosk.next("visit")["visit"] is None


# --- the PIN of a pass


def test_a_pass_with_a_pin(start):
    with start() as shop, Kiosk(shop) as kiosk:
        call, office, member = Caller(shop), Office(), shop.member()
        kiosk.next("place")
        shop.shopctl("pass", "key", "--key", office.cose_key.hex())
        cti = os.urandom(16)
        code = office.qr_of(office.pass_token(shop.name, member.customer, cti=cti))
        shop.shopctl("pass", "pin", cti.hex(), "4711")
        door, till = "/v1/door/{door}/pin", "/v1/till/{till}/pin"
        for path in (door, till):
            assert call("POST", path, 409, {"pin": "4711"}, headers=HERE, till=TILL)["code"] == "no_pass"
        shop.scan(code)
        kiosk.next("verdict", door=shop.door, verdict="pin_required")
        call("POST", door, 204, {"pin": "0000"}, headers=HERE)
        kiosk.next("verdict", door=shop.door, verdict="pin_wrong")
        call("POST", door, 204, {"pin": "4711"}, headers=HERE)
        kiosk.next("verdict", door=shop.door, verdict="admitted")
        call("POST", door, 409, {"pin": "4711"}, headers=HERE)
        shop.scan(code, till=True)
        kiosk.next("verdict", till=TILL, verdict="pin_required")
        call("DELETE", "/v1/till/{till}/visit", 204, headers=HERE, till=TILL)
        call("POST", till, 409, {"pin": "4711"}, headers=HERE, till=TILL)  # it was let go of with the rest
        shop.scan(code, till=True)
        kiosk.next("verdict", till=TILL, verdict="pin_required")
        call("POST", till, 204, {"pin": "4711"}, headers=HERE, till=TILL)
        kiosk.next("verdict", till=TILL, verdict="admitted")
        assert kiosk.next("visit", till=TILL)["visit"]
        for path in (door, till):
            for wrong in ({}, {"pin": 4711}, {"pin": "123"}, {"pin": "123456789"}, {"pin": "12a4"},
                          {"pin": "4711", "x": 1}, [], {"pin": "47\u066111"}):
                call("POST", path, 400, wrong, headers=HERE, till=TILL)


# --- the door's code


def test_the_doors_code(shop):
    path, call = "/v1/door/{door}/challenge", Caller(shop)
    with Kiosk(shop) as kiosk:
        kiosk.next("place")
        shown = kiosk.next("challenge", door=shop.door)
        asked = call("GET", path, 200)
        assert asked["challenge"] == shown["challenge"], (asked, shown)
        assert 0 < asked["changes_in_ms"] <= shown["changes_in_ms"] <= 30000
        assert call("GET", path, 200)["challenge"] == asked["challenge"]
        own = shop.shopctl("door", "challenge")
        assert own["challenge"] != asked["challenge"], own
        audience, nonce = challenge_parse(asked["challenge"])
        member = shop.member()
        wrong_clock = int(time.time()) - 86400
        token = member.phone.token(audience, iat=wrong_clock, exp=wrong_clock + 60, nonce=nonce)
        call("POST", "/v1/door/{door}/unlock", 200, token)
        renewed = kiosk.next("challenge", door=shop.door)  # used up: the next in the queue gets another
        assert renewed["challenge"] != asked["challenge"]
        assert call("GET", path, 200)["challenge"] == renewed["challenge"]
        again = shop.member().phone.token(audience, nonce=nonce)
        assert call("POST", "/v1/door/{door}/unlock", 403, again)["code"] == "nonce_unknown"
    for door in ("back", "Front", "till1", "a" * 17):
        call("GET", path, 404, door=door)
    call("GET", path, 400, query="?x=1")
    shop.quiet()


# --- a basket off a phone


def test_a_basket(shop):
    goods, now = shop.gtins(), int(time.time())
    keys = [os.urandom(8 + n % 9) for n in range(12)]
    lines = [(key, goods[n % 5], 1000 * (n + 1), now - 60) for n, key in enumerate(keys)]
    short = [(os.urandom(8), goods[n % 5], 65000, now) for n in range(12)]
    assert len(basket(*short)) <= 512, len(basket(*short))
    with Kiosk(shop) as kiosk, beeps(shop) as beep:
        kiosk.next("place")
        shop.scan(basket(*lines[:2]), till=True)
        for name, line in kiosk.names({"line"}, 2):
            assert line["code"] == "no_visit", (name, line)
        assert not beep()
        member, visit = stand(shop, kiosk)
        assert beep()
        shop.scan(basket(*lines[:8]), till=True)
        for (key, gtin, _, _), (_, line) in zip(lines, kiosk.names({"line"}, 8)):
            assert line == {"till": TILL, "visit": visit, "key": text_of(key), "gtin": gtin,
                            "code": None, "text": None}, line
        assert beep()  # one for all
        opened = Caller(shop)("POST", "/v1/visits", 200, member.token("till"))
        phone = till_call(shop, opened["bearer"], visit)
        shown = phone("GET", "/v1/visits/{visit}", 200)
        assert [(line["key"], line["gtin"], line["quantity"]) for line in shown["lines"]] == \
            [(text_of(key), gtin, quantity) for key, gtin, quantity, _ in lines[:8]], shown
        shop.scan(basket(*lines[:8]), till=True)  # once more: the same lines
        for _, line in kiosk.names({"line"}, 8):
            assert line["code"] is None
        assert beep()
        key, gtin, quantity, _ = lines[0]  # and once more by the phone itself
        phone("PUT", LINES, 200, {"gtin": gtin, "quantity": quantity}, key=text_of(key))
        key, gtin, quantity, at = lines[8]  # the other way round
        phone("PUT", LINES, 201, {"gtin": gtin, "quantity": quantity}, key=text_of(key))
        shop.scan(basket((key, gtin, quantity, at), (keys[1], goods[4], 1000, now),
                         (keys[9], goods[0], 1000, now)), till=True)
        codes = [line["code"] for _, line in kiosk.names({"line"}, 3)]
        assert codes == [None, "key_reused", None], codes
        assert not beep()
        phone("DELETE", LINES, 200, key=text_of(keys[0]))
        shop.scan(basket(lines[0], (keys[10], "4006381333931", 1000, now)), till=True)
        assert [line["code"] for _, line in kiosk.names({"line"}, 2)] == ["voided", "unknown_article"]
        receipt = phone("POST", "/v1/visits/{visit}/close", 200)
        assert len(receipt["lines"]) == 10 and len({line["key"] for line in receipt["lines"]}) == 10
        assert kiosk.next("visit")["visit"] is None


def test_baskets_that_are_none(shop):
    now, milk = int(time.time()), shop.gtins()[0]
    good = [(os.urandom(8), milk, 1000, now)]
    whole = array(array(bstr(b"k" * 8), integer(int(milk)), integer(1000), integer(now)))
    wrong = [array(), whole + b"\0", whole[:-1], b"\x9f" + whole[1:] + b"\xff",
             b"\x98\x01" + whole[1:],
             array(array(bstr(b"k" * 7), integer(1), integer(1), integer(1))),
             array(array(bstr(b"k" * 17), integer(1), integer(1), integer(1))),
             array(array(bstr(b"k" * 8), integer(0), integer(1), integer(1))),
             array(array(bstr(b"k" * 8), integer(10 ** 14), integer(1), integer(1))),
             array(array(bstr(b"k" * 8), integer(1), integer(0), integer(1))),
             array(array(bstr(b"k" * 8), integer(1), integer(999001), integer(1))),
             array(array(bstr(b"k" * 8), integer(1), integer(-1), integer(1))),
             array(array(bstr(b"k" * 8), integer(1), integer(1), head(0, 2 ** 63))),
             array(array(bstr(b"k" * 8), integer(1), integer(1))), whole[1:]]
    with Kiosk(shop) as kiosk:
        kiosk.next("place")
        _, visit = stand(shop, kiosk)
        for data in wrong:
            shop.scan("SKB1:" + base45_encode(data), till=True)
            assert kiosk.next("line")["code"] == "malformed", data.hex()
        for text in ("SKB1:", "SKB1:A", "SKB1:::::", "SKB1:" + "a" * 60):
            shop.scan(text, till=True)
            assert kiosk.next("line")["code"] == "malformed", text
        shop.scan(basket(*good), till=True)  # nobody was sent away for it
        assert kiosk.next("line")["visit"] == visit
        shop.scan(basket(*good))  # at a door it is nothing
        kiosk.next("verdict", door=shop.door, verdict="malformed")
        leave(shop)


# --- the price list


def test_the_price_list(shop):
    call, path, got, after = Caller(shop), "/v1/products", [], None
    while True:
        page = call("GET", path, 200, query=f"?max=7&after={after}" if after else "?max=7")
        got += page["products"]
        after = page["next"]
        assert page["prices_as_of"] and len(page["products"]) <= 7
        if after is None:
            break
        assert after == page["products"][-1]["gtin"]
    assert sorted(p["gtin"] for p in got) == sorted({g.zfill(13) if len(g) == 12 else g
                                                     for g in shop.gtins()})
    numbers = [int(p["gtin"]) for p in got]
    assert numbers == sorted(set(numbers))
    for product in got[:5] + got[-5:]:
        assert call("GET", "/v1/products/{gtin}", 200, gtin=product["gtin"]) == product
    assert call("GET", path, 200)["products"] == got[:100]
    assert call("GET", path, 200, query="?after=99999999999997")["products"] == []
    for query in ("?max=0", "?max=101", "?after=1", "?x=1", "?max=1&max=1", "?after="):
        call("GET", path, 400, query=query)


# --- who may not


def test_who_may_not(shop):
    call = Caller(shop)
    call("GET", "/v1/kiosk/events", 404, headers=PROXIED)
    asks = [("POST", "/v1/till/{till}/visit", None), ("DELETE", "/v1/till/{till}/visit", None),
            ("POST", "/v1/till/{till}/pin", {"pin": "4711"}), ("POST", "/v1/door/{door}/pin", {"pin": "4711"})]
    for method, path, body in asks:
        assert call(method, path, 404, body, headers={**HERE, **PROXIED}, till=TILL)["code"] == "not_found"
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.test"}):
            assert call(method, path, 403, body, headers=headers, till=TILL)["code"] == "cross_site"
        call(method, path, 404, body, headers=HERE, till="till2", door="back")
        call(method, path, 404, body, headers=HERE, till="Till", door="Front")
        call(method, path, 400, {"x": 1}, headers=HERE, till=TILL)
        call(method, path, 415, b"{}", headers={**HERE, "Content-Type": "text/plain"}, till=TILL)
        call(method, path, 400, body, query="?x=1", headers=HERE, till=TILL)
    origin = {"Origin": f"http://{shop.host}:{shop.port}"}  # a browser that says no more than this
    call("DELETE", "/v1/till/{till}/visit", 204, headers=origin, till=TILL)


def test_what_is_refused_on_every_path(shop):
    call = Caller(shop)
    for path, method, operation in API.operations():
        if not KIOSK.match(path):
            continue
        call(method, path, 421, headers={"Host": "elsewhere.test"}, till=TILL)
        call(method, path, 413, headers={"Content-Type": "application/cose"}, body=b"x" * 20000, till=TILL)
        real = path.format(till=TILL, **call.params())
        twice = f"{method} {real} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n" \
                "Connection: close\r\n\r\n"
        assert raw(shop, twice.encode(), path, method)[0] == 400


def test_eight_screens_and_no_more(shop):
    with contextlib.ExitStack() as stack:
        screens = [stack.enter_context(Kiosk(shop)) for _ in range(8)]
        for screen in screens:
            screen.next("place")
        Caller(shop)("GET", "/v1/kiosk/events", 429)
        shop.scan("nonsense")
        for screen in screens:
            screen.next("verdict", verdict="malformed")
    with Kiosk(shop) as kiosk:  # those that have gone are noticed
        kiosk.next("place")


# --- what breaks


def test_shopd_away_and_back(start):
    goods, now = None, int(time.time())
    with start() as shop, Kiosk(shop) as kiosk:
        goods = shop.gtins()
        kiosk.next("place")
        member, visit = stand(shop, kiosk)
        opened = Caller(shop)("POST", "/v1/till/{till}/visit", 200, headers=HERE, till=TILL)
        till = till_call(shop, opened["bearer"], visit)
        key = os.urandom(9)
        shop.scan(basket((key, goods[0], 2000, now)), till=True)
        kiosk.next("line", code=None)
        shop.kill("shopd")
        kiosk.next("away", 5)
        place = kiosk.next("place", 20)
        assert place["tills"] == [{"till": TILL, "visit": None, "silence_ms": 90000}], place
        kiosk.next("challenge", 5)
        # the till has forgotten who stood there; the screen's own word still holds
        till("PUT", LINES, 201, {"gtin": goods[1]}, key="after")
        with beeps(shop) as beep:
            until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")
            # a code that was signed before an unclean stop is refused
            def again():
                shop.scan(member.qr("till"), till=True)
                return kiosk.next("verdict", till=TILL)["verdict"] == "admitted"
            until(again, 20, "the till takes the member again")
            assert kiosk.next("visit")["visit"] == visit
            while beep() is not True:
                pass
            # its book has to be read first, and then it is the same line
            shop.scan(basket((key, goods[0], 2000, now), (os.urandom(8), goods[1], 1000, now)), till=True)
            assert [line["code"] for _, line in kiosk.names({"line"}, 2)] == [None, None]
            assert beep()
        lines = till("GET", "/v1/visits/{visit}", 200)["lines"]
        assert len(lines) == 3 and lines[0]["key"] == text_of(key), lines


def test_shopd_stands_still(start):
    with start() as shop:
        call, still = Caller(shop), shop.pids()["shopd"]
        asked = [("POST", "/v1/till/{till}/visit", None), ("DELETE", "/v1/till/{till}/visit", None),
                 ("POST", "/v1/till/{till}/pin", {"pin": "4711"}),
                 ("POST", "/v1/door/{door}/pin", {"pin": "4711"}),
                 ("GET", "/v1/door/{door}/challenge", None)]
        os.kill(still, signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
                answers = [pool.submit(call, method, path, 503, body, headers=HERE, till=TILL)
                           for method, path, body in asked]
                for answer in answers:
                    assert answer.result(20)["code"] == "unavailable"
        finally:
            os.kill(still, signal.SIGCONT)
        until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")


def test_no_secret_in_the_log(shop):
    for program in ("shopd", "counterd"):
        text = (shop.state / "log" / f"{program}.log").read_text(errors="replace")
        assert "SKB1:" not in text and "SKN1:" not in text and "4711" not in text, program


def test_every_status_was_seen(shop):
    """Runs last."""
    missing = {s for s in API.statuses() if KIOSK.match(s[0])} - API.seen - {("/v1/products", "GET", 503)}
    assert not missing, sorted(missing)


if __name__ == "__main__":
    main(globals())

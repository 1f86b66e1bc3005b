"""The running counterd against include/api/shop.yaml: every answer has the form that the file gives
it, and every status of every path is brought about (but for those of ELSEWHERE).
"""

import base64
import concurrent.futures
import contextlib
import json
import os
import re
import signal
import socket

from openapi import Api
from shop import ROOT, main, until

API = Api(ROOT / "include" / "api" / "shop.yaml")
JSON = {"Content-Type": "application/json"}
# What is about money and stock has its own file, test_api_money.py; so have pictures, test_pictures.py.
PICTURES = re.compile(r"/v1/pictures")
KIOSK = re.compile(r"/v1/(kiosk|till)/|/v1/door/\{door\}/(pin|challenge)$|/v1/products$")  # test_kiosk.py
OWNER = re.compile(r"/v1/(now|timeline|sales|settings|health|first-owner)\b|/v1/stock/order$|"
                   r"/v1/door/\{door\}/commands$")  # test_owner.py, test_first.py
MONEY = re.compile(r"/v1/(invoices|stock(?!/order)|checks|reports)|.*/(credit|report)$")
SAME_SITE = {**JSON, "Sec-Fetch-Site": "same-origin"}

# The files can be read though shopd is away; tests/unit/test_counterd_routes.c plays files that can not.
ELSEWHERE = {("/v1/visits/{visit}", "GET", 503), ("/v1/visits/{visit}/receipt", "GET", 503),
             ("/v1/products/{gtin}", "GET", 503)}


class Caller:
    """Asks a shop for what stands in the file, and holds each answer against it."""

    api = API

    def __init__(self, shop):
        self.shop, self.visit, self.bearer, self.cookie = shop, None, None, None

    def params(self, **more):
        return {"door": self.shop.door, "visit": self.visit, "key": "key", "gtin": "7300156480903",
                "alarm": "1", "name": "n", **more}

    def __call__(self, method, path, want, body=None, query="", headers=None, bearer=None, **params):
        real = path.format(**self.params(**params)) + query
        own = bearer or (None if "Authorization" in (headers or {}) else self.bearer)
        status, got, data = self.shop.api(method, real, body, own, headers, raw=True)
        value = self.api.answer(path, method, status, got, data)
        assert status == want, (method, path, status, value)
        return value

    def enter(self, *options):
        """A new member with a visit of their own."""
        member = self.shop.member(*options)
        self.visit = self.bearer = None
        opened = self("POST", "/v1/visits", 201, member.token("till"))
        self.visit, self.bearer = opened["visit"], opened["bearer"]
        return member

    def log_in(self):
        owner = self.shop.member("--role", "owner")
        status, headers, data = self.shop.api("POST", "/v1/session", owner.token("owner"), raw=True)
        self.api.answer("/v1/session", "POST", status, headers, data)
        assert status == 200, (status, data)
        self.cookie = headers["Set-Cookie"].split(";")[0]
        return owner


def raw(shop, request, path, method):
    """One request, byte for byte; its answer held against the file."""
    with contextlib.closing(socket.create_connection((shop.host, shop.port), 10)) as sock:
        sock.sendall(request)
        answer = b""
        while more := sock.recv(65536):
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    status = int(lines[0].split()[1])
    return status, API.answer(path, method, status, headers, body)


def listen(shop, **headers):
    """A socket that listens to events, past its head."""
    sock = socket.create_connection((shop.host, shop.port), 10)
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    sock.sendall(f"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += sock.recv(1)
    names = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    API.answer("/v1/events", "GET", int(head.split()[1]), names, b"")
    return sock


def events(sock, enough):
    """Events until enough(events), each held against the file."""
    text, got = "", []
    while not enough(got):
        text += sock.recv(65536).decode()
        while "\n\n" in text:
            block, text = text.split("\n\n", 1)
            fields = dict(line.split(": ", 1) for line in block.splitlines()
                          if ": " in line and line.split(":")[0] in ("id", "event", "data"))
            if "data" in fields:
                event = json.loads(fields["data"])
                API.check(event, {"$ref": "#/components/schemas/Event"}, "event")
                assert fields["event"] == "entry" and int(fields["id"]) == event["seq"], block
                got.append(event)
    return got


# --- what is done


def test_door(shop):
    call, member = Caller(shop), shop.member()
    call("POST", "/v1/door/{door}/unlock", 200, member.token())
    assert call("POST", "/v1/door/{door}/unlock", 403, member.token("till"))["code"] == "wrong_audience"
    assert call("POST", "/v1/door/{door}/unlock", 403, shop.member().phone.token("x/y"))
    call("POST", "/v1/door/{door}/unlock", 400, b"\0" * 40)
    call("POST", "/v1/door/{door}/unlock", 400, b"")
    call("POST", "/v1/door/{door}/unlock", 404, member.token(), door="Front")


def test_visits(shop):
    call = Caller(shop)
    member = call.enter()
    first = call.bearer
    assert call("POST", "/v1/visits", 200, member.token("till"))["visit"] == call.visit
    assert call("POST", "/v1/visits", 403, member.token())["code"] == "wrong_audience"
    call("POST", "/v1/visits", 400, member.token("till"), query="?join=2")
    call("POST", "/v1/visits", 404, shop.member().token("till"), query="?join=22222222")
    call("POST", "/v1/visits", 400, b"\1")
    shown = call("GET", "/v1/visits/{visit}", 200)
    assert shown["state"] == "open" and shown["lines"] == [] and shown["total_minor"] == 0
    assert call("GET", "/v1/visits/{visit}/receipt", 200)["closed_at"] is None
    other = Caller(shop)
    other.enter()
    for method, path in (("GET", "/v1/visits/{visit}"), ("GET", "/v1/visits/{visit}/receipt"),
                         ("POST", "/v1/visits/{visit}/close"), ("POST", "/v1/visits/{visit}/invite")):
        other(method, path, 401, visit=call.visit)
        other(method, path, 401, visit="00000000000000ff")
        other(method, path, 404, visit="ff")
    call("GET", "/v1/visits/{visit}", 200, bearer=first)


def test_friends_join_until_it_is_full(shop):
    call = Caller(shop)
    call.enter()
    for friends in range(8):
        code = call("POST", "/v1/visits/{visit}/invite", 200)["code"]
        want = 200 if friends < 7 else 409
        joined = call("POST", "/v1/visits", want, shop.member().token("till"),
                      query=f"?join={code.lower()}")
        if want == 200:
            assert joined["visit"] == call.visit


def test_lines(shop):
    call = Caller(shop)
    call.enter("--limit", "400")
    put = "/v1/visits/{visit}/lines/{key}"
    gtin = shop.gtins()[0]
    bought = call("PUT", put, 201, {"gtin": gtin, "quantity": 2000})
    assert bought["total_minor"] == 2 * bought["unit_price_minor"]
    assert call("PUT", put, 200, {"gtin": gtin, "quantity": 2000}) == bought
    call("PUT", put, 201, {"gtin": gtin, "scanned_at": "2026-01-01T00:00:00+01:00"}, key="when")
    assert call("PUT", put, 422, {"gtin": gtin})["code"] == "key_reused"
    assert call("PUT", put, 404, {"gtin": "no code"}, key="other")["code"] == "unknown_article"
    assert call("PUT", put, 403, {"gtin": gtin, "quantity": 900000},
                key="dear")["code"] == "credit_exhausted"
    for body in ({}, {"gtin": gtin, "price": 1}, {"gtin": gtin, "quantity": 1.0}, [],
                 {"gtin": gtin, "quantity": 0}, {"gtin": gtin, "quantity": 10 ** 15}):
        call("PUT", put, 400, body, key="bad")
    call("PUT", put, 400, {"gtin": gtin}, key="a.b")
    call("PUT", put, 404, {"gtin": gtin}, visit="12")
    call("PUT", put, 401, {"gtin": gtin}, bearer="A" * 43)
    call("DELETE", put, 401, bearer="A" * 43)
    call("DELETE", put, 404, key="none")
    call("DELETE", put, 404, visit="12")
    call("DELETE", put, 400, {"why": "too dear"})
    assert call("DELETE", put, 200)["voided"] is True
    call("DELETE", put, 200)
    assert call("PUT", put, 409, {"gtin": gtin, "quantity": 2000})["code"] == "voided"
    receipt = call("POST", "/v1/visits/{visit}/close", 200)
    assert receipt["state"] == "closed" and len(receipt["lines"]) == 2
    assert [v["total_minor"] for v in receipt["vat"]] == [receipt["total_minor"]]
    assert call("POST", "/v1/visits/{visit}/close", 200, {}) == receipt
    assert call("GET", "/v1/visits/{visit}/receipt", 200) == receipt
    call("POST", "/v1/visits/{visit}/close", 400, {"now": True})
    call("POST", "/v1/visits/{visit}/invite", 400, {"now": True})
    call("POST", "/v1/visits/{visit}/invite", 409)
    call("DELETE", put, 409, key="when")


def test_products_health_metrics(shop):
    call = Caller(shop)
    product = call("GET", "/v1/products/{gtin}", 200)
    assert product["gtin"] == "7300156480903" and product["unit_price_minor"] > 0
    for gtin in ("7300156480904", "1", "'--", "7" * 500):
        call("GET", "/v1/products/{gtin}", 404, gtin=gtin)
    assert call("GET", "/v1/place", 200)["doors"] == [shop.door]
    call("GET", "/healthz", 200)
    assert "\nshopkeeper_up 1\n" in call("GET", "/metrics", 200)
    call("GET", "/metrics", 404, headers={"X-Forwarded-For": "192.0.2.1"})


def test_sessions(shop):
    call, path = Caller(shop), "/v1/session"
    owner = call.log_in()
    cookie = {"Cookie": call.cookie}
    assert call("POST", path, 403, shop.member().token("owner"))["code"] == "forbidden"
    assert call("POST", path, 403, owner.token())["code"] == "wrong_audience"
    call("POST", path, 400, b"\1")
    call("DELETE", path, 401, headers=SAME_SITE)
    call("DELETE", path, 403, headers={**cookie, **JSON})
    call("DELETE", path, 403, headers={**cookie, **JSON, "Origin": "https://elsewhere.test"})
    call("DELETE", path, 415, headers={**cookie, "Sec-Fetch-Site": "same-origin"})
    call("DELETE", path, 400, {"all": True}, headers={**cookie, **SAME_SITE})
    call("DELETE", path, 204, headers={**cookie, **SAME_SITE})
    call("DELETE", path, 401, headers={**cookie, **SAME_SITE})


def test_events(shop):
    call, path = Caller(shop), "/v1/events"
    owner = call.log_in()
    call("GET", path, 401)
    call("GET", path, 400, headers={"Cookie": call.cookie, "Last-Event-ID": "one"})
    member = shop.member()
    own = "SK1 " + base64.urlsafe_b64encode(member.token("owner")).rstrip(b"=").decode()
    assert call("GET", path, 403, headers={"Authorization": own})["code"] == "forbidden"
    with contextlib.closing(listen(shop, Cookie=call.cookie)) as sock:
        visitor = Caller(shop)
        visitor.enter()
        visitor("PUT", "/v1/visits/{visit}/lines/{key}", 201, {"gtin": shop.gtins()[0]})
        live = events(sock, lambda got: got and got[-1]["kind"] == "line")
    seqs = [event["seq"] for event in live]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), seqs
    by_token = "SK1 " + base64.urlsafe_b64encode(owner.token("owner")).rstrip(b"=").decode()
    with contextlib.closing(listen(shop, Authorization=by_token, Last_Event_ID=seqs[0])) as sock:
        assert events(sock, lambda got: len(got) >= len(live) - 1)[:len(live) - 1] == live[1:]
    with contextlib.ExitStack() as stack:
        for _ in range(32):
            stack.enter_context(contextlib.closing(listen(shop, Cookie=call.cookie)))
        call("GET", path, 429, headers={"Cookie": call.cookie})


def sk1(member):
    """The header with a token of their own."""
    token = base64.urlsafe_b64encode(member.token("owner")).rstrip(b"=").decode()
    return {"Authorization": "SK1 " + token}


def test_alarms(shop):
    """The owner sees an alarm and who was told of it, answers in the page, and is named for it."""
    call, path, already = Caller(shop), "/v1/alarms/{alarm}/acknowledge", shop.head()
    owner, staff = call.log_in(), shop.member("--role", "staff")
    cookie = {"Cookie": call.cookie}
    shop.quiet()
    shop.hand("force")
    try:
        alarm = shop.alarm_until(condition="forced", over=False)

        def told():
            row = next(a for a in call("GET", "/v1/alarms", 200, headers=cookie)["alarms"]
                       if a["alarm"] == alarm["alarm"])
            return row if row["told"] else None
        row = until(told, 10, "who was told")
        assert row["door"] == row["place"] == shop.door and row["acknowledged_by"] is None, row
        assert row["told"][0]["outcome"] in ("left", "delivered") and row["told"][0]["texts"] >= 1
        assert shop.row_until(already, kind="told")["text"].startswith(f"alarm {alarm['alarm']}: ")
        call("GET", "/v1/alarms", 200, headers=sk1(owner))
        for member in (shop.member(), shop.member("--role", "delivery")):
            assert call("POST", path, 403, member.token("owner"),
                        alarm=alarm["alarm"])["code"] == "wrong_audience"
        assert call("POST", path, 403, owner.token(), alarm=alarm["alarm"])["code"] == "wrong_audience"
        token = owner.token("owner")
        done = call("POST", path, 200, token, alarm=alarm["alarm"])
        assert done["acknowledged_by"] == "owner-" + owner.customer[:8], done
        assert call("POST", path, 403, token, alarm=alarm["alarm"])["code"] == "replayed"
        again = call("POST", path, 200, staff.token("owner"), alarm=alarm["alarm"])
        assert again["acknowledged_by"] == done["acknowledged_by"], again
        assert shop.row_until(already, kind="alarm", door=shop.door,
                              text=f"{shop.door}: alarm {alarm['alarm']} forced acknowledged, "
                                   f"{alarm['severity']}, by {done['acknowledged_by']}")
    finally:
        shop.quiet()


def test_alarms_that_are_none(shop):
    call, path = Caller(shop), "/v1/alarms/{alarm}/acknowledge"
    owner = call.log_in()
    for alarm in ("0", "01", "-1", "1x", "9223372036854775807", "9" * 40, "%0d%0a", "%E2%80%AE1"):
        call("POST", path, 404, owner.token("owner"), alarm=alarm)
    call("POST", path, 400, b"\0" * 257)
    call("POST", path, 400, b"")
    for path in ("/v1/alarms", "/v1/sensors"):
        call("GET", path, 401)
        assert call("GET", path, 403, headers=sk1(shop.member()))["code"] == "forbidden"
        call("GET", path, 400, query="?by=anna", headers=sk1(owner))
    for sensor in call("GET", "/v1/sensors", 200, headers=sk1(owner))["sensors"]:
        assert sensor["state"] != "unknown" or sensor["age_ms"] is None, sensor


# --- what is refused on every path


def test_hosts_and_bodies_on_every_path(shop):
    call = Caller(shop)
    call.enter()
    call.log_in()
    for path, method, operation in API.operations():
        if MONEY.match(path) or KIOSK.match(path) or OWNER.match(path):
            continue
        call(method, path, 421, headers={"Host": "elsewhere.test"})
        call(method, path, 413, headers={"Content-Type": "application/cose"}, body=b"x" * 20000)
        real = path.format(**call.params())
        twice = f"{method} {real} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n" \
                "Connection: close\r\n\r\n"
        assert raw(shop, twice.encode(), path, method)[0] == 400
        if "413" in operation["responses"] and "application/cose" in str(operation):
            call(method, path, 413, b"x" * 513)
        if "415" in operation["responses"] and path != "/v1/session":
            call(method, path, 415, b"{}", headers={"Content-Type": "text/plain"})
        if "401" in operation["responses"] and "bearer" in str(operation["security"]):
            for bearer in ("", "x", "A" * 42, "A" * 44):
                call(method, path, 401, headers={"Authorization": f"Bearer {bearer}"})
    call("POST", "/v1/session", 415, {"token": "x"})


def test_methods_and_unknown_paths(shop):
    item = API.file["paths"]
    for path in item:
        there = {method.upper() for method in item[path] if method != "parameters"}
        if "GET" in there and path not in ("/v1/events", "/v1/kiosk/events"):
            there.add("HEAD")
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - there:
            real = path.format(door="front", visit="0" * 15 + "1", key="k", gtin="1", number="1", alarm="1",
                               name="n", till="till1")
            status, headers, data = shop.api(method, real, raw=True)
            assert status == 405, (method, path, status)
            assert set(headers["Allow"].split(", ")) == there, (path, headers["Allow"])
            if method != "HEAD":
                API.check(json.loads(data), {"$ref": "#/components/schemas/Problem"}, path)
    for path in ("//", "/v1", "/v1/invoices/", "/v1/stocks", "/v1/visits/", "/index.html", "/..", "/%2e"):
        status, problem = shop.api("GET", path)
        assert status == 404 and problem["code"] == "not_found", (path, status, problem)
        API.check(problem, {"$ref": "#/components/schemas/Problem"}, path)


def test_sentences_in_both_languages(shop):
    said = {}
    for language in ("sv", "en"):
        _, headers, data = shop.api("POST", "/v1/door/front/unlock", b"\0",
                                    headers={"Accept-Language": language}, raw=True)
        assert headers["Content-Language"] == language
        said[language] = json.loads(data)["detail"]
    assert said["sv"] != said["en"], said


def test_shop_away(start):
    """shopd stands still: everything that it must say is 503, soon, and well again afterwards."""
    with start() as shop:
        call, member = Caller(shop), shop.member()
        call.enter()
        owner = call.log_in()
        own = "SK1 " + base64.urlsafe_b64encode(owner.token("owner")).rstrip(b"=").decode()
        line = {"gtin": shop.gtins()[0]}
        asked = [("POST", "/v1/door/{door}/unlock", member.token(), None),
                 ("POST", "/v1/visits", member.token("till"), None),
                 ("POST", "/v1/session", owner.token("owner"), None),
                 ("PUT", "/v1/visits/{visit}/lines/{key}", line, None),
                 ("DELETE", "/v1/visits/{visit}/lines/{key}", None, None),
                 ("POST", "/v1/visits/{visit}/close", None, None),
                 ("POST", "/v1/visits/{visit}/invite", None, None),
                 ("GET", "/v1/events", None, {"Authorization": own}),
                 ("GET", "/v1/alarms", None, {"Authorization": own}),
                 ("GET", "/v1/sensors", None, {"Authorization": own}),
                 ("POST", "/v1/alarms/{alarm}/acknowledge", owner.token("owner"), None),
                 ("GET", "/v1/place", None, None),
                 ("GET", "/healthz", None, None),
                 ("GET", "/metrics", None, None)]
        still = shop.pids()["shopd"]
        os.kill(still, signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
                answers = [pool.submit(call, method, path, 503, body, headers=headers)
                           for method, path, body, headers in asked]
                for answer in answers:
                    assert answer.result(20)["code"] == "unavailable"
            call("GET", "/v1/visits/{visit}", 200)  # what can be read is read
        finally:
            os.kill(still, signal.SIGCONT)
        until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")


def test_every_status_was_seen(shop):
    """Runs last: what the file promises and nobody saw is a lie, or a test that lacks."""
    missing = {s for s in API.statuses() if not MONEY.match(s[0])
               and not PICTURES.match(s[0]) and not KIOSK.match(s[0])
               and not OWNER.match(s[0])} - API.seen - ELSEWHERE
    assert not missing, sorted(missing)
    assert not (API.seen & ELSEWHERE), "ELSEWHERE is out of date"


if __name__ == "__main__":
    main(globals())

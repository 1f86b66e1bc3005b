"""The running counterd against the part of include/api/shop.yaml that is about money and stock: a
month is lived through and closed, and every status of every such path is brought about.

shopd's wall clock stands forty days back while the goods are bought, and is then put right.
"""

import base64
import concurrent.futures
import contextlib
import datetime
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import time

from openapi import Api
from shop import Member, ROOT, main, until
from phone import Phone  # found by shop
from test_http import JSON, MONEY, Caller as HttpCaller

API = Api(ROOT / "include" / "api" / "shop.yaml")
BUILD = os.environ.get("SHOP_BUILD", "build/gcc")
BACK_S = 40 * 86400
LINE = "/v1/visits/{visit}/lines/{key}"
MOVEMENTS = "/v1/stock/movements"
OPERATIONS = [(path, method, operation) for path, method, operation in API.operations()
              if MONEY.match(path)]


class Caller(HttpCaller):
    """As in test_http.py, held against this file's API."""

    api = API

    def params(self, **more):
        return super().params(**{"number": "VIKEN-2026-000001", **more})


def signed(member, **claims):
    """The header that signs one request."""
    token = base64.urlsafe_b64encode(member.token("owner", **claims)).rstrip(b"=").decode()
    return {"Authorization": "SK1 " + token}


class Books:
    """An owner's hand on the paths; each request with a token of its own."""

    def __init__(self, call, owner):
        self.call, self.owner = call, owner

    def get(self, path, want=200, query="", **params):
        return self.call("GET", path, want, query=query, headers=signed(self.owner), **params)

    def post(self, path, want, body, **params):
        return self.call("POST", path, want, body, headers={**JSON, **signed(self.owner)}, **params)


@contextlib.contextmanager
def shop_of_another_day(start):
    """A shop whose clock stands BACK_S back, and the function that puts it right."""
    with tempfile.TemporaryDirectory(prefix="day-") as folder:
        clock = pathlib.Path(folder, "clock")
        clock.write_bytes(struct.pack("q", -BACK_S * 1000))
        with start(f"--preload=shopd:{BUILD}/otherday.so", f"--env=shopd:OTHERDAY={clock}") as shop:
            def right():
                with open(clock, "r+b") as file:
                    file.write(struct.pack("q", 0))

            yield shop, right


def buy(shop, iat):
    """A visit with three lines, ended: (caller with its bearer, the lines)."""
    call, member = Caller(shop), shop.member()
    opened = call("POST", "/v1/visits", 201, member.token("till", iat=iat))
    call.visit, call.bearer = opened["visit"], opened["bearer"]
    lines = [call("PUT", LINE, 201, {"gtin": gtin, "quantity": 9000}, key=f"line-{i}")
             for i, gtin in enumerate(shop.gtins()[:3])]
    call("POST", "/v1/visits/{visit}/close", 200)
    return call, lines


# --- what is done


def stock(books, gtin):
    """Goods come in; what is asked for twice is done once."""
    day = str(datetime.date.today() + datetime.timedelta(3))
    came = {"kind": "delivery", "gtin": gtin, "quantity": 12000, "unit_cost_minor": 700,
            "lot": "L42", "use_by": day, "key": "d-1"}
    done = books.post(MOVEMENTS, 201, came)
    assert books.post(MOVEMENTS, 200, came) == done
    assert books.post(MOVEMENTS, 422, {**came, "quantity": 13000})["code"] == "key_reused"
    books.post(MOVEMENTS, 409, {"kind": "waste", "gtin": gtin, "quantity": -1, "why": "dropped",
                                "key": "w-1"})
    books.post(MOVEMENTS, 400, {"kind": "waste", "gtin": gtin, "quantity": 1000, "key": "w-1"})
    books.post(MOVEMENTS, 201, {"kind": "waste", "gtin": gtin, "quantity": 1000, "why": "dropped",
                                "key": "w-2"})
    row = books.get("/v1/stock/{gtin}", gtin=gtin)
    assert row["on_hand"] == 12000 - 9000 - 1000, row
    page = books.get("/v1/stock", query="?max=1")
    assert len(page["stock"]) == 1 and page["next"]
    rest = books.get("/v1/stock", query=f"?after={page['next']}")
    assert row in page["stock"] + rest["stock"], (row, page, rest)
    moved = books.get(MOVEMENTS, query=f"?gtin={gtin}")
    kinds = [m["kind"] for m in moved["movements"]]
    assert kinds == ["sale", "delivery", "waste"], moved
    assert sum(m["quantity"] for m in moved["movements"]) == row["on_hand"]
    more = books.get(MOVEMENTS, query=f"?gtin={gtin}&after={moved['movements'][0]['seq']}&max=1")
    assert more["movements"] == moved["movements"][1:2] and more["more"] is True
    assert books.get(MOVEMENTS, query=f"?after={moved['next']}")["movements"] == []
    books.post(MOVEMENTS, 201, {"kind": "count", "gtin": gtin, "quantity": 1000, "key": "n-1"})
    shrank = books.get("/v1/stock/shrink")["shrink"]
    assert [(s["gtin"], s["missing"], s["value_minor"]) for s in shrank] == [
        (gtin, 1000, row["value_minor"] // 2)], (shrank, row)  # one of two
    lots = books.get("/v1/stock/lots", query=f"?until={day}")
    assert [lot["lot"] for lot in lots["lots"]] == ["L42"] and lots["more"] is False
    books.get("/v1/stock/{gtin}", 404, gtin="40170725")


def report(call):
    """The shopper says what is wrong, while the visit is not a week old."""
    path, said = LINE + "/report", {"reason": "broken", "why": "flaskan läcker"}
    call("POST", path, 201, said, key="line-1")
    call("POST", path, 200, said, key="line-1")
    assert call("POST", path, 409, {"reason": "price"}, key="line-9")["code"] == "refused"
    call("POST", path, 401, {"reason": "price"}, bearer="A" * 43)
    call("POST", path, 404, {"reason": "price"}, visit="12")


def reports_and_checks(books, call):
    """The owner reads what was said, and looks at the visit."""
    waiting = books.get("/v1/reports", query="?open=true")["reports"]
    assert [(r["key"], r["reason"], r["why"]) for r in waiting] == [
        ("line-1", "broken", "flaskan läcker")], waiting
    check = "/v1/checks/{visit}"
    books.post(check, 409, {"result": "passed"}, visit="00000000000fffff")
    picked = {c["visit"] for c in books.get("/v1/checks", query="?open=true")["checks"]}
    if call.visit not in picked:
        books.post(check, 201, {"result": "picked"})
    assert call.visit in {c["visit"] for c in books.get("/v1/checks", query="?open=true")["checks"]}
    looked = {"result": "passed", "why": "allt är med på bilderna"}
    said = books.post(check, 201, looked)
    books.post(check, 200, looked)
    books.post(check, 409, {"result": "failed"})
    books.post(check, 404, looked, visit="12")
    assert books.get("/v1/reports")["reports"][0]["answered"] == said["seq"]  # by that look
    done = [c for c in books.get("/v1/checks")["checks"] if c["visit"] == call.visit]
    assert done[0]["state"] == "passed" and done[0]["why"] == looked["why"], done


def credit_before_the_close(books):
    """A line that is on no invoice yet is taken back without a credit note."""
    credit, asked = LINE + "/credit", {"reason": "broken", "key": "c-1"}
    done = books.post(credit, 201, asked, key="line-1")
    assert done["credit_note"] is None
    assert books.post(credit, 200, asked, key="line-1") == done
    books.post(credit, 409, {**asked, "key": "c-2"}, key="line-1")
    books.post(credit, 422, {**asked, "reason": "price"}, key="line-1")
    books.post(credit, 404, asked, visit="12")


def invoices(shop, books, lines, period):
    """The month is closed; its invoice bears what was bought and not taken back."""
    closed = shop.shopctl("invoice", "close", period)
    page = books.get("/v1/invoices", query=f"?period={period}")
    assert len(page["invoices"]) == 1 and page["next"] is None, (closed, page)
    invoice = page["invoices"][0]
    total = lines[0]["total_minor"] + lines[2]["total_minor"]
    assert invoice["gross_minor"] == total and invoice["payable_minor"] % 100 == 0
    number = invoice["number"]
    whole = books.get("/v1/invoices/{number}", number=number)
    assert {**invoice, "lines": whole["lines"]} == whole
    assert sum(line["goods_minor"] + line["deposit_minor"] for line in whole["lines"]) == total
    assert {line["bought"][:7] for line in whole["lines"]} == {period}
    assert books.get("/v1/invoices", query="?period=1999-12")["invoices"] == []
    books.get("/v1/invoices/{number}", 404, number="VIKEN-2026-999999")
    books.get("/v1/invoices/{number}", 404, number="1")
    credit, asked = "/v1/invoices/{number}/credit", {"reason": "goodwill", "why": "bad milk", "key": "c-9"}
    done = books.post(credit, 201, asked, number=number)
    assert books.post(credit, 200, asked, number=number) == done
    books.post(credit, 409, {**asked, "key": "c-10"}, number=number)
    books.post(credit, 422, {**asked, "why": "good milk"}, number=number)
    books.post(credit, 404, asked, number="1")
    note = books.get("/v1/invoices/{number}", number=done["credit_note"])
    assert note["kind"] == "credit_note" and note["original"] == number and note["why"] == "bad milk"
    assert note["payable_minor"] == invoice["payable_minor"] and note["vat"] == invoice["vat"]
    first = books.get("/v1/invoices", query="?max=1")
    assert first["next"] == number
    rest = books.get("/v1/invoices", query=f"?after={first['next']}")
    assert [i["number"] for i in first["invoices"] + rest["invoices"]] == [number, note["number"]]
    assert books.get("/v1/invoices/{number}", number=number)["left_minor"] == 0
    told = subprocess.run([*shop.run["shopctl"], "invoice", "list"], capture_output=True,
                          text=True, timeout=20, check=True).stdout
    row = next(line for line in told.splitlines() if line.startswith(number))
    assert row.split()[-1] == "credited", row


def office(shop, call):
    """Head office asks by a key of its own, as the owner does."""
    key = Member(shop, Phone())
    shop.shopctl("pass", "key", "--key", key.phone.cose_key_hex)
    assert Books(call, key).get("/v1/stock")["stock"]
    header = signed(key)
    call("GET", "/v1/stock", 200, headers=header)
    assert call("GET", "/v1/stock", 403, headers=header)["code"] == "replayed"
    done = Books(call, key).post(MOVEMENTS, 201, {"kind": "own_use", "gtin": shop.gtins()[0],
                                                     "quantity": 1000, "key": "office-1"})
    moved = Books(call, key).get(MOVEMENTS, query=f"?after={done['seq'] - 1}")["movements"]
    assert moved[0]["by"] == "office", moved
    late = signed(key, iat=int(time.time()) - 600)
    assert call("GET", "/v1/stock", 403, headers=late)["code"] == "expired"


def refusals(shop, call, owner):
    """Who may not, and what cannot be read: on every path, before anything is done."""
    member = shop.member()
    for path, method, operation in OPERATIONS:
        mine = "bearer" in str(operation["security"])
        own = {} if mine else signed(owner)
        call(method, path, 421, headers={"Host": "elsewhere.test"})
        call(method, path, 413, body=b"x" * 20000, headers={"Content-Type": "application/json"})
        call(method, path, 400, {} if method == "POST" else None, query="?surely=not", headers=own)
        if method == "POST":
            call(method, path, 400, {"nothing": "known"}, headers={**own, **JSON})
            call(method, path, 415, b"{}", headers={**own, "Content-Type": "text/plain"})
        if not mine:
            call(method, path, 401, body_of(operation), headers={"Authorization": "Bearer " + "A" * 43},
                 query=query_of(path, method))
            refused = call(method, path, 403, body_of(operation), query=query_of(path, method),
                           headers={**signed(member), **(JSON if method == "POST" else {})})
            assert refused["code"] in ("forbidden", "wrong_audience"), refused
    with_session = Caller(shop)
    with_session.visit = call.visit
    with_session.log_in()
    cookie = {"Cookie": with_session.cookie, **JSON, "Sec-Fetch-Site": "same-origin"}
    for path, method, operation in OPERATIONS:
        if "session" in str(operation["security"]) and "404" not in operation["responses"]:
            with_session(method, path, 200, headers=cookie, query=query_of(path, method))
        elif "machine" in str(operation["security"]) and method == "POST":
            with_session(method, path, 401, body_of(operation), headers=cookie)


def body_of(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example")


def query_of(path, method):
    return "?until=2026-10-31" if path.endswith("/lots") and method == "GET" else ""


def away(shop, call, owner):
    """shopd stands still: what it must judge is 503, soon."""
    asked = []
    for path, method, operation in OPERATIONS:
        proof = {} if "bearer" in str(operation["security"]) else signed(owner)
        asked.append((method, path, body_of(operation), {**proof, **(JSON if method == "POST" else {})}))
    still = shop.pids()["shopd"]
    os.kill(still, signal.SIGSTOP)
    try:
        with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
            answers = [pool.submit(call, method, path, 503, body, query=query_of(path, method),
                                   headers=headers) for method, path, body, headers in asked]
            for answer in answers:
                assert answer.result(20)["code"] == "unavailable"
    finally:
        os.kill(still, signal.SIGCONT)
    until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")


def test_a_month_by_http(start):
    with shop_of_another_day(start) as (shop, put_right):
        iat = int(time.time()) - BACK_S
        period = time.strftime("%Y-%m", time.localtime(iat))
        call, lines = buy(shop, iat)
        report(call)
        put_right()
        owner = shop.member("--role", "owner")
        books = Books(call, owner)
        stock(books, shop.gtins()[0])
        reports_and_checks(books, call)
        credit_before_the_close(books)
        invoices(shop, books, lines, period)
        office(shop, call)
        refusals(shop, call, owner)
        away(shop, call, owner)


def test_every_example_is_one(start):
    for path, method, operation in OPERATIONS:
        parts = [operation.get("requestBody", {}), *map(API.deref, operation["responses"].values())]
        shown = [part["content"]["application/json"] for part in parts
                 if "application/json" in part.get("content", {})]
        assert shown, (method, path)
        for content in shown:
            API.check(content["example"], content["schema"], f"{method} {path}")


def test_every_status_was_seen(start):
    """Runs last, as in test_http.py."""
    missing = {s for s in API.statuses() if MONEY.match(s[0])} - API.seen
    assert not missing, sorted(missing)


if __name__ == "__main__":
    main(globals())

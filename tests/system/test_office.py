"""test_office.py: a shop that belongs to a head office, with the real programs: enrolled, its members
registered, prices changed and doors opened from afar, its sales and invoices seen there.

On SQLite here; test_office_postgres.py runs the same on a PostgreSQL of its own.
"""

import contextlib
import http.server
import threading
import time

from shop import main, until
from headoffice import (BREAD, COFFEE, EGGS, Basket, Box, Link, Refused, Rows, admitted, agree, held,
                        invite, known, ledger_of, office_rows, on_postgres, price_until, register,
                        till, verdict)
from said import Office, claim_text

OPTIONS = ["--office", "enrol"]


def stock_of(shop, gtin):
    page, after = None, ""
    while page is None or not page["up_to_date"]:
        page = shop.office.must("GET", f"/v1/stock?shop={shop.name}{after}")
        for row in page["stock"]:
            if row["gtin"].lstrip("0") == gtin:
                return row["on_hand"]
        after = f"&after={page['next']}"
    return 0


def command(shop, **what):
    """Its number."""
    return shop.office.must("POST", f"/v1/shops/{shop.name}/commands", what)["command"]


def answered(shop, number, seconds=5):
    """What became of a command."""
    def done():
        row = shop.office.must("GET", f"/v1/shops/{shop.name}/commands/{number}")
        return row["answered"] and row["state"]
    return until(done, seconds, f"an answer to command {number}")


@contextlib.contextmanager
def false_office(root_hash=None):
    """Somebody who answers an enrolment, with keys of his own: (url, claim code)."""
    office = Office()
    at = int(time.time() * 1000)

    class Desk(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = office.enrolled("viken", 1, at, office.keys(1, at))
            self.send_response(200)
            self.send_header("Content-Type", "application/cose")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.send_error(503)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield (f"http://127.0.0.1:{server.server_address[1]}",
               claim_text("viken", bytes(10), root_hash or office.root_hash))
    finally:
        server.shutdown()
        server.server_close()


def test_another_office_is_not_believed(start):
    with start("--no-import") as shop:
        with false_office(root_hash=b"12345") as (url, code):
            said = shop.shopctl_raw("enrol", url, code, timeout=60)
            assert said.returncode == 1 and "office" in said.stderr, said
            print("        " + said.stderr.strip())
            assert not shop.shopctl("status")["office"]
        with false_office() as (url, code):  # the same, but for the code
            shop.shopctl("enrol", url, code, timeout=60)
            assert shop.shopctl("status")["office"]["url"] == url


def test_claim_codes_are_for_once(start):
    with start("--office", "beside", "--no-import") as shop:
        url, code = shop.run["office"], shop.office.claim(shop.name)
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")  # the root's hash is its end
        said = shop.shopctl_raw("enrol", url, wrong, timeout=60)
        assert said.returncode == 1, said.stderr
        assert not shop.shopctl("status")["office"]
        shop.office.must("POST", f"/v1/shops/{shop.name}/revoke", {})  # ends what is open
        said = shop.shopctl_raw("enrol", url, code, timeout=60)
        assert said.returncode == 1, said.stderr
        code = shop.office.claim(shop.name)
        shop.shopctl("enrol", url, code, timeout=60)
        shop.carried()
        used = Box(shop.name)
        try:
            used.enrol(Link(url), code)
            raise AssertionError("a code that was used enrolled another box")
        except Refused as refused:
            assert refused.status == 403, refused
        status, problem = shop.office.ask("POST", f"/v1/shops/{shop.name}/claims", {})
        assert status == 409 and problem["code"] == "needs_restore", (status, problem)
        agree(shop)


def test_enrolled_and_carried(shop):
    status = shop.shopctl("status")["office"]
    assert status["url"] == shop.run["office"] and status["epoch"] == 1, status
    head = shop.carried()
    until(lambda: shop.shopctl("status")["office"]["feed"] > 0, 10, "the feed's snapshot")
    row = shop.office.must("GET", f"/v1/shops/{shop.name}")
    assert row["state"] == "live" and row["head"]["seq"] == head, row
    assert shop.shopctl("status")["articles"] == 2379
    road = shop.shopctl("status")["office"]
    assert road["road"] == "well" and road["not_yet_up"] == 0, road


def test_an_invited_member_opens_the_door(shop):
    code = invite(shop)
    anna = register(shop, "Anna Exempla", code=code, approved=False)
    assert verdict(shop, anna) == "unknown_key"
    again = shop.office.ask("POST", "/v1/register", {
        "code": code, "key": anna.phone.cose_key_hex, "token": "AA", "party": {}}, authorization="")
    assert again[0] in (401, 422), again
    shop.office.must("POST", f"/v1/members/{anna.number}/approve")
    took = admitted(shop, anna)
    print(f"        approved -> the door opens: {took:.2f} s")
    assert took < 2, took


def test_a_price_reaches_the_next_scan(shop):
    times = []
    for price in (7777, 8888):
        shop.office.must("PUT", f"/v1/products/{COFFEE}/prices",
                         {"scope": f"shop:{shop.name}", "price_minor": price})
        times.append(price_until(shop, COFFEE, price))
    print("        price at the office -> next scan: " + ", ".join(f"{t:.2f} s" for t in times))
    assert max(times) < 2, times
    line = Basket(shop, known(shop, "Bo Prisa")).take(COFFEE)
    assert line["unit_price_minor"] == 8888, line


def test_blocked_at_the_office(shop):
    bo = known(shop, "Bo Exempla")
    shop.office.must("POST", f"/v1/members/{bo.number}/block")
    until(lambda: till(shop, bo) == "blocked", 2, "the shop refuses whom the office blocked")
    shop.office.must("POST", f"/v1/members/{bo.number}/unblock")
    until(lambda: till(shop, bo) == "joined", 2, "and lets in again")


def test_a_purchase_is_seen_once(shop):
    cecilia = known(shop, "Cecilia Exempla")
    sales = shop.office.must("GET", "/v1/sales?limit=1000")
    on_hand = stock_of(shop, EGGS)
    basket = Basket(shop, cecilia)
    basket.take(EGGS, 2000)
    kept = basket.take(BREAD)
    receipt = basket.close()
    shop.carried()
    sold = shop.office.must("GET", f"/v1/sales?limit=1000&after={sales['next']}")["sales"]
    mine = [s for s in sold if s["customer"] == cecilia.customer]
    assert sorted(s["gtin"].lstrip("0") for s in mine) == sorted([EGGS, BREAD]), sold
    assert sum(s["total_minor"] for s in mine) == receipt["total_minor"], (mine, receipt)
    assert stock_of(shop, EGGS) == on_hand - 2000
    view = shop.office.must("GET", f"/v1/members/{cecilia.number}/view")
    assert [v["lines"] for v in view["visits"]] == [2], view["visits"]
    assert kept["name"] in [p["name"] for p in view["purchases"]], view["purchases"]
    looks = shop.office.must("GET", f"/v1/members/{cecilia.number}/looks")
    assert looks["looks"] and all(k["who"] == "owner" for k in looks["looks"]), looks


def test_commands_are_done_and_answered(shop):
    door, anna = shop.door, known(shop, "Anna Fjarr")
    with shop.eye() as eye:
        unlock = command(shop, verb="unlock", door=door)
        until(lambda: eye.strike(door), 2, "the strike is on")
    assert answered(shop, unlock) == "done"
    lock = command(shop, verb="lock", door=door)
    assert answered(shop, lock) == "done"
    shop.door_until(5, mode="locked")
    prop = command(shop, verb="prop", door=door, hold_minutes=5)
    assert answered(shop, prop) == "done"
    shop.door_until(2, mode="propped")
    down = command(shop, verb="lockdown", door=door)
    assert answered(shop, down) == "done"
    shop.door_until(2, mode="lockdown")
    assert verdict(shop, anna) == "locked_down"
    assert answered(shop, command(shop, verb="lock", door=door)) == "done"
    shop.door_until(5, mode="locked")
    assert answered(shop, command(shop, verb="unlock", door="nowhere")) == "refused"
    rows = [r for r in shop.log() if r["kind"] == "command"]
    assert len(rows) == 6 and all("owner" in r["text"] for r in rows), rows


def test_an_alarm_is_seen_and_acknowledged_from_afar(shop):
    shop.hand("tamper")

    def alarms(**query):
        path = f"/v1/shops/{shop.name}/alarms" + ("?open=1" if query else "")
        return shop.office.must("GET", path)["alarms"]
    alarm = until(lambda: next((a for a in alarms(open=1) if a["condition"] == "tamper"), None), 5,
                  "the office's list")
    assert alarm["place"] == shop.door and not alarm["acknowledged_by"], alarm
    done = command(shop, verb="acknowledge", alarm=alarm["alarm"])
    assert answered(shop, done) == "done"
    here = next(a for a in shop.shopctl("alarm", "list") if a["alarm"] == alarm["alarm"])
    assert here["acknowledged_by"] == "owner", here
    until(lambda: next(a for a in alarms() if a["alarm"] == alarm["alarm"])["acknowledged_by"] == "owner",
          5, "the office has it back as an entry")
    shop.hand("untamper")
    until(lambda: not any(a["alarm"] == alarm["alarm"] for a in alarms(open=1)), 5, "over")
    assert answered(shop, command(shop, verb="acknowledge", alarm=987654321)) == "refused"
    status, said = shop.office.ask("POST", f"/v1/shops/{shop.name}/commands",
                                   {"verb": "acknowledge"})
    assert status in (400, 422), said
    status, said = shop.office.ask("POST", f"/v1/shops/{shop.name}/commands",
                                   {"verb": "lock", "alarm": 1})
    assert status == 422 and said["code"] == "bad_alarm", said


def test_the_same_command_is_done_once(shop):
    before = shop.head()
    one = command(shop, verb="prop", door=shop.door, hold_minutes=1, key="once")
    status, two = shop.office.ask("POST", f"/v1/shops/{shop.name}/commands",
                                  {"verb": "prop", "door": shop.door, "hold_minutes": 1,
                                   "key": "once"})
    assert status == 200 and two["command"] == one, (status, two)
    assert answered(shop, one) == "done"
    assert answered(shop, command(shop, verb="lock", door=shop.door)) == "done"
    rows = [r for r in shop.log(before) if r["kind"] == "command"]
    assert len(rows) == 2, rows


def test_a_command_that_came_too_late_is_not_done(shop):
    shop.door_until(20, mode="locked")
    with shop.eye() as eye:
        with held(shop, "courierd"):
            late = command(shop, verb="unlock", door=shop.door, expires_s=1)
            state = f"/v1/shops/{shop.name}/commands/{late}"
            until(lambda: shop.office.must("GET", state)["state"] == "expired", 5, "its time is over")
            assert not shop.office.must("GET", state)["answered"]
        assert answered(shop, late, 20) == "expired"
        assert not eye.strike(shop.door) and not [s for s in eye.seen if s[0].endswith("strike")]


def test_settings_hold_at_once(shop):
    anna = known(shop, "Anna Utanfor")
    policy = f"/v1/policy/shop_{shop.name}"
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    try:
        for day in days:
            shop.office.must("PUT", f"{policy}/hours_{day}", {"value": "closed"})
        until(lambda: verdict(shop, anna) == "closed_hours", 3, "the hours of the office hold")
    finally:
        for day in days:
            shop.office.must("PUT", f"{policy}/hours_{day}", {"value": ""})
    until(lambda: till(shop, anna) == "joined", 3, "the hours of the configuration hold again")
    status, problem = shop.office.ask("PUT", f"{policy}/hours_mondya", {"value": "closed"})
    assert status == 422 and "hours.monday" in problem["detail"], problem


def test_a_member_who_leaves_leaves_the_shop_too(shop):
    dora = register(shop, "Dora Exempla")
    admitted(shop, dora)
    Basket(shop, dora).take(BREAD)
    shop.carried()
    rows = Rows(ledger_of(shop))
    named = f"SELECT count(*) FROM entry WHERE kind IN (10, 11) AND instr(body, x'{dora.customer}')"
    assert int(rows.one(named)) > 0
    status, problem = shop.office.ask("DELETE", f"/v1/members/{dora.number}")
    assert status == 409, (status, problem)  # she has not paid
    answer = shop.office.must("DELETE", f"/v1/members/{dora.number}?force=1")
    assert answer["kept"] and answer["gone"], answer
    until(lambda: int(rows.one(named)) == 0, 5, "the door's log forgets her")
    shop.carried()
    theirs = office_rows(shop)
    blob = f"'\\x{dora.customer}'::bytea" if on_postgres(shop) else f"x'{dora.customer}'"
    find = "position({0} in body) > 0" if on_postgres(shop) else "instr(body, {0}) > 0"
    left = theirs.one("SELECT count(*) FROM entry WHERE kind IN (10, 11) AND " + find.format(blob))
    assert int(left) == 0, left
    assert verdict(shop, dora) == "unknown_key"
    assert shop.shopctl("ledger", "verify")["ok"]
    eve = known(shop, "Eve Exempla")  # who owes nothing: nothing stays
    answer = shop.office.must("DELETE", f"/v1/members/{eve.number}")
    assert answer["kept"] == [], answer
    party = theirs.one(f"SELECT party FROM member WHERE member = '{eve.number}'")
    assert "Eve" not in party, party
    until(lambda: till(shop, eve) == "unknown_key", 2, "the shop forgets her key")
    agree(shop)


if __name__ == "__main__":
    main(globals(), OPTIONS)

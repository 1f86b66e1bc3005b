"""test_owner.py: what the owner's page needs of the box: now, the timeline, sales, what to order,
settings, health, and a person's signed word to a door. Every status that the API names is brought about.
"""

import concurrent.futures
import datetime
import os
import signal
import time

from openapi import Api
from shop import ROOT, main, until
from test_api_money import BACK_S, buy, shop_of_another_day, signed
from test_http import JSON, OWNER, Caller as HttpCaller
from test_money import bank_file
from test_pictures import album

API = Api(ROOT / "include" / "api" / "shop.yaml")
COMMANDS, LINE = "/v1/door/{door}/commands", "/v1/visits/{visit}/lines/{key}"
NOW, TIMELINE, ONE = "/v1/now", "/v1/timeline", "/v1/timeline/{visit}"
SALES, ORDER, SETTINGS, HEALTH = "/v1/sales", "/v1/stock/order", "/v1/settings", "/v1/health"
READS = [NOW, TIMELINE, ONE, SALES, ORDER, SETTINGS, HEALTH]
TODAY = str(datetime.date.today())
DAY = f"?from={TODAY}&to={TODAY}&by="


class Caller(HttpCaller):
    api = API


def query_of(path):
    return f"{DAY}hour" if path == SALES else ""


class Owner:
    """Somebody at the owner's page: a session to read with, a key to write with."""

    def __init__(self, shop, role="owner"):
        self.call = Caller(shop)
        self.member = shop.member("--role", role)
        status, headers, data = shop.api("POST", "/v1/session", self.member.token("owner"), raw=True)
        assert status == 200, data
        self.cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def get(self, path, want=200, query=None, headers=None, **params):
        query = query_of(path) if query is None else query
        return self.call("GET", path, want, query=query, headers={**self.cookie, **(headers or {})}, **params)

    def say(self, verb, want=200, **more):
        door = {"door": more.pop("door")} if "door" in more else {}
        return self.call("POST", COMMANDS, want, {"verb": verb, **more},
                         headers={**JSON, **signed(self.member)}, **door)


def enter(shop, member=None):
    """A visit through the door, and its bearer: (caller, member)."""
    call, member = Caller(shop), member or shop.member()
    shop.api("POST", f"/v1/door/{shop.door}/unlock", member.token())
    shop.hand("open")
    shop.door_until(physical="open")
    status, opened = shop.api("POST", "/v1/visits", member.token("till"))
    assert status == 200, opened
    shop.hand("close")
    shop.door_until(physical="closed")
    call.visit, call.bearer = opened["visit"], opened["bearer"]
    return call, member


def put(shop, call, key, gtin, quantity=1000):
    status, line = shop.api("PUT", f"/v1/visits/{call.visit}/lines/{key}",
                            {"gtin": gtin, "quantity": quantity}, call.bearer)
    assert status == 201, line
    return line


def ask(shop, call, method, path):
    status, answer = shop.api(method, path, bearer=call.bearer)
    assert status == 200, answer
    return answer


# --- now


def test_now(shop):
    owner = Owner(shop)
    before = owner.get(NOW)
    assert before["inside"] == [] and before["clock"] == {"trusted": True}, before
    assert before["office"] == {"road": "none", "since": None, "unsent": 0, "unsent_since": None}
    assert before["ledger"]["ok"] and before["ledger"]["entries"] > 0
    call, member = enter(shop)
    lines = [put(shop, call, f"k-{i}", gtin) for i, gtin in enumerate(shop.gtins()[:3])]
    ask(shop, call, "DELETE", f"/v1/visits/{call.visit}/lines/k-1")
    now = owner.get(NOW)
    assert [d["door"] for d in now["doors"]] == [shop.door] and now["doors"][0]["physical"] == "closed"
    (inside,) = now["inside"]
    assert inside["visit"] == call.visit and inside["customer"] == member.customer
    assert inside["lines"] == 2 and inside["role"] == "member" and inside["door"] == shop.door
    assert inside["total_minor"] == lines[0]["total_minor"] + lines[2]["total_minor"]
    assert now["ledger"]["entries"] > before["ledger"]["entries"]
    until(lambda: owner.get(NOW)["ledger"]["free_mb"] is not None, 5, "the disk was measured")
    ask(shop, call, "POST", f"/v1/visits/{call.visit}/close")
    assert owner.get(NOW)["inside"] == []
    assert Owner(shop, "staff").get(NOW)["alarms_open"] == now["alarms_open"]
    shop.quiet()


def test_a_full_house(shop):
    """More than one message holds, in the order in which they came."""
    owner, visits = Owner(shop), []
    for _ in range(20):
        call = Caller(shop)
        status, opened = shop.api("POST", "/v1/visits", shop.member().token("till"))
        assert status == 201, opened
        call.visit, call.bearer = opened["visit"], opened["bearer"]
        visits.append(call)
    assert [row["visit"] for row in owner.get(NOW)["inside"]] == [call.visit for call in visits]
    for call in visits:
        ask(shop, call, "POST", f"/v1/visits/{call.visit}/close")


# --- a word to a door


def leave(shop, member):
    """Their phone ends the visit."""
    call = Caller(shop)
    status, joined = shop.api("POST", "/v1/visits", member.token("till"))
    assert status == 200, joined
    call.visit, call.bearer = joined["visit"], joined["bearer"]
    ask(shop, call, "POST", f"/v1/visits/{call.visit}/close")


def commanded(shop, after, enough):
    """The words that are on record since then; they come there after the door has obeyed."""
    rows = [row["text"] for row in shop.log(after) if row["kind"] == "command"]
    return rows if len(rows) >= enough else None


def test_commands(shop):
    owner, staff = Owner(shop), Owner(shop, "staff")
    with shop.eye() as eye:
        for who in (owner, staff):
            done = who.say("unlock")
            assert done["mode"] == "accessed" and done["strike"] == "on" and eye.strike()
            assert who.say("lock")["mode"] == "locked" and not eye.strike()
            assert who.say("prop", seconds=60)["mode"] == "propped" and eye.strike()
            assert who.say("normal")["mode"] == "locked" and not eye.strike()
        before = shop.head()
        assert staff.say("lockdown", 403)["code"] == "forbidden"
        assert owner.get(NOW)["doors"][0]["mode"] == "locked"
        assert owner.say("lockdown")["mode"] == "lockdown"
        assert owner.say("lockdown")["mode"] == "lockdown"
        member = shop.member()
        assert shop.api("POST", f"/v1/door/{shop.door}/unlock", member.token())[1]["code"] == "locked_down"
        for verb, more in (("lock", {}), ("unlock", {}), ("prop", {"seconds": 5})):
            for who in (owner, staff):
                assert who.say(verb, 403, **more)["code"] == "locked_down", verb
        assert staff.say("normal", 403)["code"] == "forbidden"
        assert not eye.strike() and owner.get(NOW)["doors"][0]["mode"] == "lockdown"
        assert owner.say("normal")["mode"] == "locked"
        assert shop.api("POST", f"/v1/door/{shop.door}/unlock", member.token())[0] == 200
        owner.say("lock")
    leave(shop, member)  # who never went in
    rows = until(lambda: commanded(shop, before, 12), 5, "twelve words on record")
    by_owner, by_staff = (f"by {who}-{of.member.customer[:8]}"
                          for who, of in (("owner", owner), ("staff", staff)))
    assert rows[0] == f"{shop.door}: lockdown: refused, {by_staff}", rows
    assert rows[1] == f"{shop.door}: lockdown: done, {by_owner}", rows
    assert f"{shop.door}: prop for 5 s: refused, {by_staff}" in rows
    assert rows[-2] == f"{shop.door}: lock: done, {by_owner}", rows
    assert len(rows) == 12, rows


def test_a_propped_door_shuts_by_itself(shop):
    owner = Owner(shop)
    owner.say("prop", seconds=1)
    shop.door_until(5, mode="locked", strike="off")


def test_who_may_not_command(shop):
    owner, call = Owner(shop), Caller(shop)
    lock = {"verb": "lock"}
    call("POST", COMMANDS, 401, lock)
    call("POST", COMMANDS, 401, lock, headers={**JSON, **owner.cookie, "Sec-Fetch-Site": "same-origin"})
    call("POST", COMMANDS, 403, lock, headers={**JSON, **signed(shop.member())})
    call("POST", COMMANDS, 403, lock, headers={**JSON, **signed(shop.member("--role", "delivery"))})
    once = {**JSON, **signed(owner.member)}
    call("POST", COMMANDS, 200, lock, headers=once)
    assert call("POST", COMMANDS, 403, lock, headers=once)["code"] == "replayed"
    late = {**JSON, **signed(owner.member, iat=int(time.time()) - 600)}
    assert call("POST", COMMANDS, 403, lock, headers=late)["code"] == "expired"
    assert owner.say("lock", 404, door="back")["code"] == "not_found"
    owner.say("lock", 404, door="Front")
    kept = {**JSON, **signed(owner.member)}
    for body in ({}, {"verb": "open"}, {"verb": 1}, {"verb": "lock", "seconds": 5}, {"verb": "prop"},
                 {"verb": "prop", "seconds": 0}, {"verb": "prop", "seconds": 43201},
                 {"verb": "prop", "seconds": 1.5}, {"verb": "prop", "seconds": "5"},
                 {"verb": "lock", "door": "front"}, ["lock"]):
        call("POST", COMMANDS, 400, body, headers=kept)
    call("POST", COMMANDS, 400, lock, headers=kept, query="?seconds=5")
    call("POST", COMMANDS, 400, lock, headers={**JSON, "Authorization": "SK1 " + "A" * 200})
    call("POST", COMMANDS, 200, lock, headers=kept)  # nothing of that has spent it
    call("POST", COMMANDS, 415, b"{}", headers={**signed(owner.member), "Content-Type": "text/plain"})


# --- the timeline


def kinds(whole):
    return [step["kind"] for step in whole["steps"]]


def test_one_line_of_sight(shop):
    owner = Owner(shop)
    call, member = enter(shop)
    goods = shop.gtins()
    lines = [put(shop, call, f"k-{i}", goods[i], 2000) for i in range(3)]
    ask(shop, call, "DELETE", f"/v1/visits/{call.visit}/lines/k-2")
    until(lambda: shop.still_for() > 1.2, 5, "the door settled")
    shop.hand("rex")
    shop.hand("open")
    raised = shop.alarm_until(15, condition="held_open", cleared_at=None)
    shop.hand("close")
    until(lambda: shop.api("GET", NOW, headers=owner.cookie)[1]["inside"] == [], 5, "everybody out")
    shop.quiet()
    number = int(call.visit, 16)
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%S000Z")
    names = [f"{stamp}-entry-{number}-front.jpg", f"{stamp}-alarm-{raised['alarm']}-till.jpg"]
    with album(shop, names + [f"{stamp}-entry-{number + 1}-front.jpg"]):
        row = next(r for r in owner.get(TIMELINE)["rows"] if r.get("visit") == call.visit)
        whole = owner.get(ONE, visit=call.visit)
    assert row["customer"] == member.customer and row["role"] == "member" and row["lines"] == 2
    assert row["total_minor"] == lines[0]["total_minor"] + lines[1]["total_minor"]
    assert row["ended"] == "exit" and row["invoice"] is None
    assert sorted(row["pictures"]) == sorted(names)
    assert [a["alarm"] for a in row["alarms"]] == [raised["alarm"]], row
    assert row["alarms"][0]["condition"] == "held_open" and row["alarms"][0]["acknowledged_by"]
    for name in ("visit", "customer", "role", "opened_at", "closed_at", "ended", "lines", "total_minor"):
        assert whole[name] == row[name], name
    assert whole["payment"] == "unbilled" and not whole["truncated"]
    steps = kinds(whole)
    assert steps.index("admitted") < steps.index("line") < steps.index("line_voided") < steps.index("alarm") \
        < steps.index("closed"), steps
    assert steps.count("line") == 3 and steps.count("picture") == 2 and "joined" in steps
    assert [s["at"] for s in whole["steps"]] == sorted(s["at"] for s in whole["steps"])
    admitted = whole["steps"][steps.index("admitted")]
    assert (admitted["road"], admitted["credential"], admitted["place"]) == ("phone", "token", shop.door)
    events = [s["event"] for s in whole["steps"] if s["kind"] == "door"]
    assert events[:2] == ["unlocked", "opened"] and events[-1] in ("closed", "relocked"), events
    voided = whole["steps"][steps.index("line_voided")]
    assert voided["line"]["key"] == "k-2" and voided["line"]["voided"] is True
    assert {s["text"]["contact"] for s in whole["steps"] if s["kind"] == "told"} >= {"owner"}
    assert [s["alarm"]["state"] for s in whole["steps"] if s["kind"] == "alarm"][0] == "raised"


def test_alarms_of_nobody_and_pages(shop):
    owner = Owner(shop)
    shop.hand("force")
    forced = shop.alarm_until(5, condition="forced", cleared_at=None)
    shop.quiet()
    for _ in range(3):
        call = Caller(shop)
        status, opened = shop.api("POST", "/v1/visits", shop.member().token("till"))
        call.visit, call.bearer = opened["visit"], opened["bearer"]
        ask(shop, call, "POST", f"/v1/visits/{call.visit}/close")
    rows = owner.get(TIMELINE)["rows"]
    row = next(r for r in rows if r.get("alarm") == forced["alarm"])
    assert row["kind"] == "alarm" and row["door"] == row["place"] == shop.door and row["pictures"] == []
    assert {r["visit"] for r in rows[:3]} and rows[3]["kind"] == "alarm", rows[:4]
    times = [r.get("opened_at") or r["raised_at"] for r in rows]
    assert times == sorted(times, reverse=True)
    for most in (1, 2, 7):
        seen, cursor = [], ""
        while True:
            page = owner.get(TIMELINE, query=f"?max={most}{cursor}")
            assert len(page["rows"]) <= most
            seen += page["rows"]
            if page["next"] is None:
                break
            cursor = f"&before={page['next']}"
        assert seen == rows, most
    for query in ("before=", "before=1", "before=0000000000000001-", "max=0", "max=101", "after=1",
                  "before=ffffffffffffffff-0000000000000001", "max=1&max=1"):
        owner.get(TIMELINE, 400, query=f"?{query}")
    owner.get(ONE, 404, visit="0000000000000001")
    owner.get(ONE, 404, visit="12")


def test_looked_at_and_reported(shop):
    owner = Owner(shop)
    call, _ = enter(shop)
    put(shop, call, "k-1", shop.gtins()[0])
    assert shop.api("POST", f"/v1/visits/{call.visit}/lines/k-1/report",
                    {"reason": "broken", "why": "läcker"}, call.bearer)[0] == 201
    ask(shop, call, "POST", f"/v1/visits/{call.visit}/close")
    status, said = shop.api("POST", f"/v1/checks/{call.visit}", {"result": "passed", "why": "allt med"},
                            headers={**JSON, **signed(owner.member)})
    assert status in (201, 409), said
    if status == 409:
        shop.api("POST", f"/v1/checks/{call.visit}", {"result": "picked"},
                 headers={**JSON, **signed(owner.member)})
        assert shop.api("POST", f"/v1/checks/{call.visit}", {"result": "passed", "why": "allt med"},
                        headers={**JSON, **signed(owner.member)})[0] == 201
    assert shop.api("POST", f"/v1/visits/{call.visit}/lines/k-1/credit", {"reason": "broken", "key": "c-77"},
                    headers={**JSON, **signed(owner.member)})[0] == 201
    whole = owner.get(ONE, visit=call.visit)
    steps = {kind: [s for s in whole["steps"] if s["kind"] == kind] for kind in set(kinds(whole))}
    assert steps["reported"][0]["report"] == {"reason": "broken", "why": "läcker"}
    assert steps["reported"][0]["line"]["key"] == "k-1"
    assert [s["check"]["state"] for s in steps["check"]] == ["picked", "passed"], steps["check"]
    assert steps["check"][1]["check"]["why"] == "allt med" and steps["check"][1]["by"].startswith("owner-")
    assert steps["line_credited"][0]["by"].startswith("owner-") and whole["lines"] == 0
    assert whole["payment"] == "nothing" and whole["check"] == "passed"
    shop.quiet()


# --- sales


def rows_of(answer):
    return {row["key"]: row for row in answer["rows"] if row["lines"]}


def test_sales(start):
    with start() as shop:
        owner, goods = Owner(shop), shop.gtins()
        call, _ = enter(shop)
        lines = [put(shop, call, f"k-{i}", goods[i % 2], 1000 * (i + 1)) for i in range(5)]
        ask(shop, call, "DELETE", f"/v1/visits/{call.visit}/lines/k-4")
        total = sum(line["total_minor"] for line in lines[:4])
        sold = {by: owner.get(SALES, query=DAY + by) for by in ("hour", "weekday", "day", "article")}
        for by, answer in sold.items():
            assert (answer["lines"], answer["total_minor"]) == (4, total), (by, answer)
            assert sum(row["total_minor"] for row in answer["rows"]) == total
            assert answer["by"] == by and answer["from"] == answer["to"] == TODAY
        assert [row["key"] for row in sold["hour"]["rows"]] == [f"{h:02}" for h in range(24)]
        here = datetime.datetime.now().astimezone()
        assert list(rows_of(sold["weekday"])) == [here.strftime("%A").lower()]
        assert list(rows_of(sold["day"])) == [TODAY]
        best = sold["article"]["rows"]
        assert {row["key"] for row in best} == set(goods[:2]) and all(row["name"] for row in best)
        assert [r["total_minor"] for r in best] == sorted((r["total_minor"] for r in best), reverse=True)
        assert {r["key"]: r["quantity"] for r in best} == {goods[0]: 4000, goods[1]: 6000}
        month = here.date() - datetime.timedelta(30)
        days = owner.get(SALES, query=f"?from={month}&to={TODAY}&by=day")["rows"]
        assert len(days) == 31 and days[0]["key"] == str(month) and days[-1]["total_minor"] == total
        earlier = here.date() - datetime.timedelta(1)
        none = owner.get(SALES, query=f"?from={month}&to={earlier}&by=article")
        assert none["rows"] == [] and none["total_minor"] == 0
        far = here.date() - datetime.timedelta(399)
        assert len(owner.get(SALES, query=f"?from={far}&to={TODAY}&by=day")["rows"]) == 400
        far = here.date() - datetime.timedelta(400)
        for query in ("", f"?from={TODAY}&to={TODAY}", f"?from={far}&to={TODAY}&by=day", f"{DAY}month",
                      f"?from={TODAY}&to={earlier}&by=day", f"?from=x&to={TODAY}&by=day", f"{DAY}day&max=3",
                      f"?from=1969-12-31&to={TODAY}&by=day"):
            owner.get(SALES, 400, query=query)


def test_order(start):
    with start() as shop:
        owner = Owner(shop)
        full = {row["gtin"]: row for row in owner.get(ORDER)["order"]}
        assert all(row["on_hand"] == 0 and row["suggest"] == 2 * row["reorder_at"] for row in full.values())
        gtin = shop.gtins()[0]
        came = {"kind": "delivery", "gtin": gtin, "quantity": 100000, "unit_cost_minor": 100, "key": "d-1"}
        assert shop.api("POST", "/v1/stock/movements", came, headers={**JSON, **signed(owner.member)})[0] == 201
        assert gtin not in {row["gtin"] for row in owner.get(ORDER)["order"]}
        call, _ = enter(shop)
        put(shop, call, "k-1", gtin, 96000)
        row = owner.get(ORDER)["order"][0]  # the only one that sells is the most urgent
        assert row["gtin"] == gtin and row["on_hand"] == 4000 and row["sold_week"] == 24000, row
        assert row["days_left"] == 1 and row["suggest"] >= 44000
        assert owner.get(ORDER, query="?max=1")["more"] is (len(full) > 1)


def test_billed_and_paid(start):
    """Over the end of a month: the invoice, what was paid, and a credit note stand in the line."""
    with shop_of_another_day(start) as (shop, put_right):
        iat = int(time.time()) - BACK_S
        call, lines = buy(shop, iat)
        put_right()
        owner = Owner(shop)
        total = sum(line["total_minor"] for line in lines)
        assert owner.get(ONE, visit=call.visit)["payment"] == "unbilled"
        period = time.strftime("%Y-%m", time.localtime(iat))
        shop.shopctl("invoice", "close", period)
        (row,) = [r for r in owner.get(TIMELINE)["rows"] if r["kind"] == "visit"]
        whole = owner.get(ONE, visit=call.visit)
        assert row["invoice"] == whole["invoice"] and whole["invoice"].endswith("-000001")
        invoice = next(s for s in whole["steps"] if s["kind"] == "invoice")["invoice"]
        assert invoice["number"] == whole["invoice"] and invoice["state"] == whole["payment"] == "unpaid"
        assert {s["line"]["invoice"] for s in whole["steps"] if s["kind"] == "line"} == {whole["invoice"]}
        day = str(datetime.date.fromtimestamp(iat))
        query = f"?from={day}&to={day}&by=day"
        assert owner.get(SALES, query=query)["total_minor"] == total
        credit = {"reason": "goodwill", "why": "bad milk", "key": "c-9"}
        path = f"/v1/visits/{call.visit}/lines/line-0/credit"
        status, note = shop.api("POST", path, credit, headers={**JSON, **signed(owner.member)})
        assert status == 201 and note["credit_note"], note
        whole = owner.get(ONE, visit=call.visit)
        assert "credit_note" in kinds(whole) and whole["invoice"] != note["credit_note"]
        assert owner.get(SALES, query=query)["total_minor"] == total - lines[0]["total_minor"]
        left = invoice["payable_minor"] - shop.api(
            "GET", f"/v1/invoices/{note['credit_note']}", headers=owner.cookie)[1]["payable_minor"]
        ocr = shop.api("GET", f"/v1/invoices/{whole['invoice']}", headers=owner.cookie)[1]["ocr"]
        for part, state in ((100, "part_paid"), (left - 100, "paid")):
            shop.shopctl("payment", "import", bank_file(shop.state, TODAY, (ocr, f"{part / 100:.2f}", state)))
            assert owner.get(ONE, visit=call.visit)["payment"] == state
        whole = owner.get(ONE, visit=call.visit)
        assert whole["payment"] == "paid" and kinds(whole)[-1] == "payment", (whole["payment"], kinds(whole))


# --- settings and health


def test_settings(shop):
    settings = Owner(shop).get(SETTINGS)
    (door,) = settings["doors"]
    assert door["door"] == shop.door and door["held_open_ms"] > door["buzzer_ms"] > 0
    assert settings["shop"] == shop.name and settings["simulated"] is True and settings["today"] == TODAY
    assert {c["contact"] for c in settings["contacts"]} >= {"owner"} and settings["sms_roads"]
    assert settings["policy"]["set_by"] == "shop" and "alcohol" in settings["policy"]["barred"]
    assert len(settings["hours"]) == 7 and settings["retention"]["door_log_days"] > 0
    assert settings["versions"]["members"] > 0 and settings["office"]["url"] is None
    text = str(settings)
    assert shop.run["owner_phone"] not in text and "+46" not in text


def test_health(start):
    with start() as shop:
        owner = Owner(shop)
        until(lambda: owner.get(NOW)["ledger"]["free_mb"] is not None, 5, "the disk was measured")
        english = {"Accept-Language": "en"}

        def check(name, language=english):
            health = owner.get(HEALTH, headers=language)
            assert health["ok"] is all(c["ok"] for c in health["checks"])
            fine = [c["ok"] for c in health["checks"]]
            assert fine == sorted(fine), "what fails comes first"
            return next(c for c in health["checks"] if c["check"] == name)

        names = {c["check"] for c in owner.get(HEALTH)["checks"]}
        assert len(names) == 19
        until(lambda: check("contacts")["ok"], 10, "the contacts are known")
        assert "people are told" in check("contacts")["text"]
        assert check("backup")["ok"] is False and "backup" in check("backup")["fix"]
        assert check("office")["ok"] and check("ledger", {"Accept-Language": "sv"})["text"] == "Liggaren skrivs."
        for c in owner.get(HEALTH)["checks"]:
            assert c["ok"] or c["fix"], c
        owner.say("lockdown")
        assert check("doors")["ok"] is False and shop.door in check("doors")["text"]
        owner.say("normal")
        assert check("doors")["ok"]
        shop.hand("tamper")
        shop.alarm_until(5, condition="tamper")
        assert check("alarms") == {"check": "alarms", "ok": False, "text": "1 alarms wait for somebody.",
                                   "fix": "Look at them, and acknowledge."}
        shop.hand("untamper")
        os.kill(shop.pids()["courierd"], signal.SIGSTOP)
        still = shop.pids()["courierd"]
        os.kill(still, signal.SIGKILL)
        until(lambda: shop.pids().get("courierd") not in (None, still), 15, "courierd again")
        until(lambda: check("courier")["ok"], 10, "courierd is well again")
        shop.quiet()


def test_with_an_office(start):
    with start("--office", "beside") as shop:
        shop.enrol()
        owner = Owner(shop)
        shop.carried()
        office = until(lambda: (lambda now: now if now["road"] == "well" and now["since"] else None)(
            owner.get(NOW)["office"]), 10, "the road is well")
        assert office["unsent"] < 20
        url = owner.get(SETTINGS)["office"]["url"]
        assert url and url.startswith("http") and owner.get(SETTINGS)["office"]["feed"] > 0
        checks = {c["check"]: c for c in owner.get(HEALTH, headers={"Accept-Language": "en"})["checks"]}
        assert checks["office"]["ok"] and checks["feed"]["ok"] and checks["backup"]["ok"], checks
        owner.say("lockdown")
        owner.say("normal")
        shop.carried()  # the office takes a word that was said here


# --- what is refused on every path


def test_who_may_not_read(shop):
    owner, call, member = Owner(shop), Caller(shop), shop.member()
    call.visit, _ = enter(shop)[0].visit, None
    for path in READS:
        call("GET", path, 401, query=query_of(path))
        call("GET", path, 401, query=query_of(path), headers={"Cookie": "__Host-sk=" + "A" * 43})
        refused = call("GET", path, 403, query=query_of(path), headers=signed(member))
        assert refused["code"] in ("forbidden", "wrong_audience"), refused
        once = signed(owner.member)
        call("GET", path, 200, query=query_of(path), headers=once)
        assert call("GET", path, 403, query=query_of(path), headers=once)["code"] == "replayed"
        call("GET", path, 400, query="?surely=not", headers=owner.cookie)
    for path, method in [(path, "GET") for path in READS] + [(COMMANDS, "POST")]:
        call(method, path, 421, headers={"Host": "elsewhere.test"})
        call(method, path, 413, headers=JSON, body=b"x" * 20000)
    shop.quiet()


def test_shopd_is_away(shop):
    owner, call = Owner(shop), Caller(shop)
    call.visit = enter(shop)[0].visit
    asked = [("GET", path, None, signed(owner.member), query_of(path)) for path in READS]
    asked.append(("POST", COMMANDS, {"verb": "lock"}, {**JSON, **signed(owner.member)}, ""))
    still = shop.pids()["shopd"]
    os.kill(still, signal.SIGSTOP)
    try:
        with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
            for answer in [pool.submit(call, method, path, 503, body, query=query, headers=headers)
                           for method, path, body, headers, query in asked]:
                assert answer.result(20)["code"] == "unavailable"
        assert owner.get(TIMELINE)["rows"]  # what can be read is read
    finally:
        os.kill(still, signal.SIGCONT)
    until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")
    shop.quiet()


def test_what_takes_a_while_is_bounded(shop):
    """Many ask at once beside a large folder: some come again, nobody at the door waits."""
    owner, call = Owner(shop), Caller(shop)
    call.visit = enter(shop)[0].visit
    slow, took = [TIMELINE, ONE, SALES, ORDER], []
    with album(shop) as folder:
        for n in range(40000):
            os.close(os.open(folder / f"20261101T000000000Z-entry-{n + 1}-front.jpg",
                             os.O_CREAT | os.O_WRONLY, 0o640))

        def look(n):
            path = slow[n % len(slow)] if n % 3 == 0 else TIMELINE
            status, headers, body = shop.api("GET", path.format(visit=call.visit) + query_of(path),
                                             headers=owner.cookie, raw=True)
            API.answer(path, "GET", status, headers, body)
            return path, status

        wanted = {(path, 429) for path in slow}
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            def round_of():
                asked = [pool.submit(look, n) for n in range(48)]
                while not all(one.done() for one in asked):
                    began = time.monotonic()
                    assert shop.api("GET", f"/v1/products/{shop.gtins()[0]}")[0] == 200
                    took.append(time.monotonic() - began)
                for one in asked:
                    wanted.discard(one.result())
                return not wanted
            until(round_of, 60, "each was told to come again")
    assert sorted(took)[len(took) // 2] < 0.2, max(took)
    shop.quiet()


def test_every_example_is_one(shop):
    for path, method, operation in API.operations():
        if not OWNER.match(path):
            continue
        for part in [operation.get("requestBody", {}), *map(API.deref, operation["responses"].values())]:
            content = part.get("content", {}).get("application/json", {})
            if "example" in content:
                API.check(content["example"], content["schema"], f"{method} {path}")


def test_every_status_was_seen(shop):
    """Runs last, as in test_http.py; the first owner's are test_first.py's."""
    missing = {s for s in API.statuses() if OWNER.match(s[0]) and s[0] != "/v1/first-owner"}
    missing -= API.seen
    assert not missing, sorted(missing)


if __name__ == "__main__":
    main(globals())

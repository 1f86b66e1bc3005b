"""test_office_me.py: a member asks the office about herself, with the key of her phone: real HTTP, real
keys, a shop that sells. She sees herself and nobody else.

On SQLite here; test_office_me_postgres.py runs the same on a PostgreSQL of its own.
"""

import base64
import contextlib
import datetime
import re
import time

from shop import Member, main, until
import smtp
from headoffice import COFFEE, EGGS, SELLER, ZONE, Basket, agree, known, party, register, till
from people import admin, me, signed
from test_office_month import ANNA, FROM, month, night_falls

OPTIONS = ["--office", "enrol"]
EVERY = [("GET", "/v1/me/view"), ("GET", "/v1/me/invoices"), ("GET", "/v1/me/keys"),
         ("GET", "/v1/me/export"), ("POST", "/v1/me/invitation"), ("DELETE", "/v1/me"),
         ("GET", "/v1/me/invoices/viken/VIKEN-2026-000001"),
         ("DELETE", "/v1/me/keys/0011223344556677")]


def month_now():
    return datetime.datetime.now(ZONE).strftime("%Y-%m")


def with_code(shop, code, phone=None):
    """A phone registers with a code for a member who is known already: (status, JSON)."""
    member = Member(shop, phone)
    token = base64.urlsafe_b64encode(member.phone.token("office/register")).decode().rstrip("=")
    status, answer = shop.office.ask("POST", "/v1/register", {
        "code": code, "key": member.phone.cose_key_hex, "token": token}, authorization="")
    return status, answer, member


def test_who_she_is(shop):
    anna = known(shop, "Anna Själv", mail="anna.sjalv@exempel.example")
    mine = me(shop, anna)
    said = mine.must("GET", "/v1/me")
    assert said["name"] == "Anna Själv" and said["email"] == "anna.sjalv@exempel.example"
    assert said["customer"] == anna.customer and said["state"] == "live", said
    assert [s["shop"] for s in said["shops"]] == [shop.name] and said["currency"] == "SEK"
    assert said["owed_minor"] == 0 and said["unbilled_minor"] == 0 and said["as_of"]
    assert shop.office.must("GET", f"/v1/members/{anna.number}/looks")["looks"] is not None


def test_what_she_has_bought_and_not_paid(shop):
    anna, bo = known(shop, "Anna Köper"), known(shop, "Bo Köper")
    basket = Basket(shop, anna)
    basket.take(COFFEE, 2000)
    eggs = basket.take(EGGS)
    basket.close()
    other = Basket(shop, bo)
    other.take(COFFEE)
    other.close()
    shop.carried()
    seen = me(shop, anna).must("GET", "/v1/me/view")
    (visit,) = seen["visits"]
    assert seen["month"] == month_now() and visit["mine"] and len(visit["lines"]) == 2, seen
    assert visit["total_minor"] == basket.total == seen["bill"]["total_minor"], seen
    (of_shop,) = seen["bill"]["shops"]
    assert of_shop["lines"] == 2 and of_shop["total_minor"] == basket.total
    assert sum(v["total_minor"] for v in of_shop["vat"]) == basket.total
    assert eggs["name"] in [line["name"] for line in visit["lines"]]
    said = me(shop, anna).must("GET", "/v1/me")
    assert said["unbilled_minor"] == basket.total and said["owed_minor"] == 0
    assert me(shop, bo).must("GET", "/v1/me")["unbilled_minor"] == other.total
    assert me(shop, anna).must("GET", "/v1/me/view?month=2020-01")["visits"] == []
    assert me(shop, anna).refused("GET", "/v1/me/view?month=2020-13") == (400, "malformed")


def test_a_line_that_was_taken_back(shop):
    anna = known(shop, "Anna Ångrar")
    basket = Basket(shop, anna)
    kept, undone = basket.take(COFFEE), basket.take(EGGS)
    status, _ = shop.api("DELETE", f"{basket.path}/lines/{undone['key']}", bearer=basket.bearer)
    assert status == 200
    basket.close()
    shop.carried()
    seen = me(shop, anna).must("GET", "/v1/me/view")
    assert seen["bill"]["total_minor"] == kept["total_minor"], seen["bill"]
    assert sorted(line["taken_back"] for line in seen["visits"][0]["lines"]) == [False, True]


def test_two_phones_of_one_member_see_the_same(shop):
    anna = known(shop, "Anna Två")
    mine = me(shop, anna)
    code = mine.must("POST", "/v1/me/invitation")["code"]
    status, answer, second = with_code(shop, code)
    assert status == 201 and answer["member"] == anna.number, answer
    until(lambda: till(shop, second) == "joined", 5, "the till knows the second phone")
    basket = Basket(shop, second)
    basket.take(COFFEE)
    basket.close()
    shop.carried()
    bills = [me(shop, who).must("GET", "/v1/me/view")["bill"] for who in (anna, second)]
    assert bills[0]["total_minor"] == bills[1]["total_minor"] == basket.total
    keys = mine.must("GET", "/v1/me/keys")["keys"]
    assert len(keys) == 2 and [k["this"] for k in keys] == [True, False]
    assert with_code(shop, code)[0] == 403, "a code is good once"


def test_a_new_code_ends_the_one_before(shop):
    anna = known(shop, "Anna Koder")
    first = me(shop, anna).must("POST", "/v1/me/invitation")
    second = me(shop, anna).must("POST", "/v1/me/invitation")
    assert with_code(shop, first["code"])[0] == 403
    assert with_code(shop, second["code"])[0] == 201
    left = (datetime.datetime.fromisoformat(second["expires_at"]).timestamp() - time.time()) / 60
    assert 8 < left <= 10.1, left


def test_a_lost_phone_opens_nothing(shop):
    anna = known(shop, "Anna Tappar")
    mine = me(shop, anna)
    _, _, second = with_code(shop, mine.must("POST", "/v1/me/invitation")["code"])
    until(lambda: till(shop, second) == "joined", 5, "the till knows the second phone")
    (lost,) = [k["kid"] for k in me(shop, second).must("GET", "/v1/me/keys")["keys"]
               if not k["this"]]
    me(shop, second).must("DELETE", f"/v1/me/keys/{lost}")
    until(lambda: till(shop, anna) == "unknown_key", 5, "the till knows the lost one no more")
    assert mine.refused("GET", "/v1/me") == (401, "unauthorized")
    (last,) = [k["kid"] for k in me(shop, second).must("GET", "/v1/me/keys")["keys"]]
    assert me(shop, second).refused("DELETE", f"/v1/me/keys/{last}") == (409, "last_key")
    assert till(shop, second) == "joined"
    me(shop, second).must("DELETE", f"/v1/me/keys/{last}?last=1")
    assert me(shop, second).refused("GET", "/v1/me/keys") == (401, "unauthorized")


def test_what_she_changes_of_herself(shop):
    anna = known(shop, "Anna Ändrar", mail="gammal@exempel.example")
    mine = me(shop, anna)
    said = mine.must("PUT", "/v1/me", {"language": "en", "email": "ny@exempel.example"})
    assert said["language"] == "en" and said["email"] == "ny@exempel.example", said
    assert shop.office.must("GET", f"/v1/members/{anna.number}")["party"] == party(
        "Anna Ändrar", "ny@exempel.example")
    assert mine.refused("PUT", "/v1/me", {"email": None}) == (422, "bad_email")
    said = mine.must("PUT", "/v1/me", {"email": None, "mail_invoices": False})
    assert said["email"] is None and not said["mail_invoices"], said
    assert mine.refused("PUT", "/v1/me", {"email": "a b@x.example"}) == (422, "bad_email")
    assert mine.refused("PUT", "/v1/me", {"email": "a@x.example\r\nBcc: b@y.example"})[0] in (
        400, 422)
    for word in ("role", "credit_limit_minor", "party", "customer", "member"):
        assert mine.refused("PUT", "/v1/me", {word: "owner"})[0] in (400, 422)
    assert shop.office.must("GET", f"/v1/members/{anna.number}")["role"] == "member"


def test_who_waits_sees_that_she_does(shop):
    asks = register(shop, "Eva Väntar", approved=False)
    mine = me(shop, asks)
    assert mine.must("GET", "/v1/me")["state"] == "asks"
    for method, path in EVERY:
        assert mine.refused(method, path) == (403, "waits_for_approval"), path
    assert mine.refused("PUT", "/v1/me", {"language": "en"}) == (403, "waits_for_approval")
    shop.office.must("POST", f"/v1/members/{asks.number}/approve")
    assert mine.must("GET", "/v1/me")["state"] == "live"
    assert mine.must("GET", "/v1/me/keys")["keys"]


def test_a_member_of_no_key_is_nobody(shop):
    stranger = me(shop, Member(shop))
    for method, path in [("GET", "/v1/me"), *EVERY]:
        assert stranger.refused(method, path) == (401, "unauthorized"), path
    assert stranger.refused("PUT", "/v1/me", {"language": "en"}) == (401, "unauthorized")


def test_a_token_is_for_one_request_and_one_purpose(shop):
    anna = known(shop, "Anna Bevis")
    mine = me(shop, anna)
    for path in ("/v1/me", "/v1/me/keys"):
        once = signed(anna.phone, "office/me")
        assert mine.ask("GET", path, authorization=once)[0] == 200
        assert mine.refused("GET", path, authorization=once) == (401, "used")
    once = signed(anna.phone, "office/me")
    mine.must("PUT", "/v1/me", {"language": "sv"}, authorization=once)
    assert mine.refused("PUT", "/v1/me", {"language": "en"}, authorization=once) == (401, "used")
    for audience in ("office/admin", "office/register", f"{shop.name}/till", f"{shop.name}/owner",
                     "office/mee", "office/m"):
        assert mine.refused("GET", "/v1/me", authorization=signed(anna.phone, audience)) == (
            401, "unauthorized"), audience
    late = signed(anna.phone, "office/me", iat=int(time.time()) - 4000)
    status, said = mine.ask("GET", "/v1/me", authorization=late)
    assert status == 401 and said["code"] == "stale" and len(said["nonce"]) == 32, said
    again = signed(anna.phone, "office/me", iat=int(time.time()) - 4000,
                   nonce=bytes.fromhex(said["nonce"]))
    assert mine.ask("GET", "/v1/me", authorization=again)[0] == 200, "her phone's clock is wrong"
    # what a member signs about herself opens nothing of operators
    for path in ("/v1/members", f"/v1/members/{anna.number}", "/v1/shops", "/v1/whoami"):
        assert mine.refused("GET", path)[0] == 401, path


def test_nobody_sees_another(shop):
    anna, bo = known(shop, "Anna Ensam"), known(shop, "Bo Nyfiken")
    basket = Basket(shop, anna)
    basket.take(COFFEE)
    basket.close()
    shop.carried()
    his = me(shop, bo)
    (hers,) = [k["kid"] for k in me(shop, anna).must("GET", "/v1/me/keys")["keys"]]
    his.must("DELETE", f"/v1/me/keys/{hers}")  # none of his: nothing is taken away
    assert till(shop, anna) == "joined" and me(shop, anna).must("GET", "/v1/me/keys")["keys"]
    assert not any(visit["lines"] for visit in his.must("GET", "/v1/me/view")["visits"])
    export = his.must("GET", "/v1/me/export")
    assert "Anna Ensam" not in str(export) and anna.customer not in str(export)
    assert export["purchases"] == [] and export["member"]["party"]["name"] == "Bo Nyfiken"
    assert his.must("GET", f"/v1/me?member={anna.number}")["customer"] == bo.customer
    hers = me(shop, anna).must("GET", "/v1/me/export")
    assert len(hers["purchases"]) == 1 and "Bo Nyfiken" not in str(hers)
    looks = shop.office.must("GET", f"/v1/members/{anna.number}/looks")["looks"]
    assert not [row for row in looks if row["who"] == anna.number], "she is no stranger to herself"


def test_a_member_is_blocked(shop):
    anna = known(shop, "Anna Spärrad")
    shop.office.must("POST", f"/v1/members/{anna.number}/block")
    assert me(shop, anna).must("GET", "/v1/me")["state"] == "blocked"
    assert me(shop, anna).must("GET", "/v1/me/export")["member"]["state"] == "blocked"


def test_she_wants_to_be_forgotten(shop):
    anna = known(shop, "Anna Glöms")
    basket = Basket(shop, anna)
    basket.take(COFFEE)
    basket.close()
    shop.carried()
    mine = me(shop, anna)
    assert mine.refused("DELETE", "/v1/me") == (409, "purchases_unbilled")
    said = mine.must("DELETE", "/v1/me?force=1")
    assert [k["what"] for k in said["kept"]], said
    assert any("Bokföringslagen" in k["why"] for k in said["kept"]), said
    assert mine.refused("GET", "/v1/me") == (401, "unauthorized")
    until(lambda: till(shop, anna) == "unknown_key", 5, "the shop has forgotten her")


# --- a month that is closed, and mail, each with a shop of its own


def test_a_bill_becomes_an_invoice(start):
    with month(start) as (shop, post, clock):
        shop.office.must("PATCH", f"/v1/shops/{shop.name}", {"seller": SELLER})
        anna, bo = known(shop, "Anna Räkning", mail=ANNA), known(shop, "Bo Räkning")
        total = 0
        for who in (anna, bo):
            basket = Basket(shop, who)
            basket.take(COFFEE, 3000)
            basket.close()
            total = basket.total
        shop.carried()
        mine = me(shop, anna)
        assert mine.must("GET", "/v1/me")["unbilled_minor"] == total
        _, closed = night_falls(shop, clock)
        agree(shop, 20)
        said = mine.must("GET", "/v1/me")
        seen = mine.must("GET", f"/v1/me/view?month={closed}")
        (invoice,) = seen["invoices"]
        assert said["unbilled_minor"] == 0 and seen["bill"]["total_minor"] == 0, (said, seen)
        assert said["owed_minor"] == invoice["open_minor"] == invoice["payable_minor"] > 0
        assert abs(invoice["payable_minor"] - total) < 100 and invoice["period"] == closed
        assert len(seen["visits"]) == 1 and seen["visits"][0]["total_minor"] == total
        page = mine.must("GET", "/v1/me/invoices?limit=1")
        assert page["invoices"] == [invoice] and page["next"] is None
        document_is_hers(shop, anna, bo, invoice)
        bills_are_found(shop, anna, invoice)


def bills_are_found(shop, anna, invoice):
    """As people at head office look through them."""
    clerk = admin(shop, shop.office.key)
    first = clerk.must("GET", "/v1/bills?limit=1")
    second = clerk.must("GET", f"/v1/bills?limit=1&after={first['next']}")
    rows = first["bills"] + second["bills"]
    assert second["next"] is None and {r["name"] for r in rows} == {"Anna Räkning", "Bo Räkning"}
    for query in (f"number={invoice['number'].lower()}", f"member={anna.number}",
                  f"member={anna.number}&state=open&shop={shop.name}"):
        (row,) = clerk.must("GET", f"/v1/bills?{query}")["bills"]
        assert row["number"] == invoice["number"] and row["member"] == anna.number, row
        assert row["open_minor"] == invoice["open_minor"] and row["customer"] == anna.customer
    assert clerk.must("GET", "/v1/bills?state=paid")["bills"] == []
    assert len(clerk.must("GET", "/v1/bills?state=open")["bills"]) == 2
    (ocr,) = [i["ocr"] for i in shop.office.must("GET", "/v1/invoices")["invoices"]
              if i["number"] == invoice["number"]]
    (row,) = clerk.must("GET", f"/v1/bills?number={ocr}")["bills"]
    assert row["number"] == invoice["number"], "by the reference it is paid with"
    looks = shop.office.must("GET", f"/v1/members/{anna.number}/looks")["looks"]
    assert "bills" in {row["what"] for row in looks}, "a name that was shown was looked at"


def document_is_hers(shop, anna, bo, invoice):
    path = f"/v1/me/invoices/{shop.name}/{invoice['number']}"
    status, pdf = me(shop, anna).ask("GET", path)
    assert status == 200 and pdf.startswith(b"%PDF-")
    status, ubl = me(shop, anna).ask("GET", path + "?format=ubl")
    assert status == 200 and b"Anna R" in ubl and invoice["number"].encode() in ubl
    assert me(shop, bo).refused("GET", path) == (404, "unknown_invoice")
    (his,) = me(shop, bo).must("GET", "/v1/me/invoices")["invoices"]
    assert his["number"] != invoice["number"]
    assert me(shop, anna).refused("GET", f"/v1/me/invoices/{shop.name}/{his['number']}") == (
        404, "unknown_invoice")
    assert me(shop, anna).refused("GET", f"/v1/me/invoices/falun/{invoice['number']}") == (
        404, "unknown_invoice")


@contextlib.contextmanager
def with_mail(start):
    with smtp.Server() as post:
        with start("--office", "enrol", "--no-import", "--set",
                   f"officed:mail:server={post.url}", "--set",
                   f"officed:mail:from={FROM}") as shop:
            yield shop, post


def recover(shop, address, **more):
    return shop.office.ask("POST", "/v1/recover", {"email": address}, authorization="", **more)


CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def test_a_wiped_phone_is_back_in_a_minute(start):
    with with_mail(start) as (shop, post):
        anna = known(shop, "Anna Åter", mail="Anna.Ater@exempel.example")
        shop.office.must("PUT", f"/v1/members/{anna.number}", {"language": "en"})
        took = {}
        for address in ("anna.ater@EXEMPEL.example", "nobody@exempel.example"):
            began = time.monotonic()
            assert recover(shop, address) == (202, {"minutes": 10}), address
            took[address] = time.monotonic() - began
        assert max(took.values()) < 0.5, took
        mail = post.wait("Anna.Ater@exempel.example")
        text = smtp.text_of(mail)
        (code,) = CODE.findall(text)
        assert "ten minutes" in text and "Anna" not in mail["Subject"], text
        status, answer, back = with_code(shop, code)
        assert status == 201 and answer["member"] == anna.number, answer
        until(lambda: till(shop, back) == "joined", 5, "the till knows the new phone")
        assert till(shop, anna) == "joined", "nobody took the old one away"
        assert with_code(shop, code)[0] == 403, "a code is good once"
        assert len(post.mails()) == 1, "nobody was written to who is no member"
        logs = shop.console("officed")
        assert code not in logs and "xempel.example" not in logs


def test_a_mail_that_is_late_and_two_who_share_one(start):
    with with_mail(start) as (shop, post):
        anna = known(shop, "Anna Delar", mail="hem@exempel.example")
        bo = known(shop, "Bo Delar", mail="hem@exempel.example")
        gone = known(shop, "Eva Borta", mail="hem@exempel.example")
        owner = known(shop, "Ulla Äger", mail="hem@exempel.example")
        shop.office.must("PUT", f"/v1/members/{owner.number}", {"role": "owner"})
        shop.office.must("DELETE", f"/v1/members/{gone.number}")
        post.faults("451")
        assert recover(shop, "hem@exempel.example")[0] == 202
        text = smtp.text_of(post.wait("hem@exempel.example", seconds=40))
        assert "tio minuter" in text and "Eva" not in text, text
        found = dict(re.findall(r"([0-9A-Z-]{14})   \((.*)\)", text))
        assert sorted(found.values()) == ["Anna Delar", "Bo Delar"], text
        numbers = {"Anna Delar": anna.number, "Bo Delar": bo.number}
        for code, name in found.items():
            assert with_code(shop, code)[1]["member"] == numbers[name]


def test_an_address_is_told_that_it_is_hers_no_more(start):
    """Codes for new phones go to the new address: who has taken her phone does not change it unseen."""
    with with_mail(start) as (shop, post):
        anna = known(shop, "Anna Byter", mail="Gammal@exempel.example")
        me(shop, anna).must("PUT", "/v1/me", {"email": "ny@exempel.example"})
        text = smtp.text_of(post.wait("Gammal@exempel.example"))
        assert "en av dina telefoner" in text and "butiken" in text, text
        assert "ny@" not in text, "where it goes now is not told"
        shop.office.must("PUT", f"/v1/members/{anna.number}", {
            "party": party("Anna Byter", "tredje@exempel.example"), "language": "en"})
        text = smtp.text_of(post.wait("ny@exempel.example"))
        assert "whoever runs the shop" in text and "tredje@" not in text, text
        # the same in other letters is the same; and nothing is told where there was none
        me(shop, anna).must("PUT", "/v1/me", {"email": "Tredje@EXEMPEL.example"})
        bo = known(shop, "Bo Utan")
        me(shop, bo).must("PUT", "/v1/me", {"email": "bo@exempel.example"})
        # it takes nothing of the codes that may be asked for
        assert recover(shop, "tredje@exempel.example")[0] == 202
        assert CODE.search(smtp.text_of(post.wait("Tredje@EXEMPEL.example")))
        assert len(post.mails()) == 3, [m["To"] for m in post.mails()]
        assert "xempel.example" not in shop.console("officed")


def test_not_too_often(start):
    with with_mail(start) as (shop, post):
        known(shop, "Anna Ofta", mail="ofta@exempel.example")
        for n in range(5):
            assert recover(shop, "ofta@exempel.example", headers={
                "X-Forwarded-For": f"198.51.100.{n}"})[0] == 202
        until(lambda: len(post.mails()) == 3, 15, "three an hour")
        said = [recover(shop, f"{n}@exempel.example", headers={
            "X-Forwarded-For": "6.6.6.6, 203.0.113.7"})[0] for n in range(7)]
        assert said == [202] * 5 + [429] * 2, said
        said = [recover(shop, f"{n}@exempel.example", headers={
            "X-Forwarded-For": f"6.6.6.{n}, 203.0.113.7"})[0] for n in range(3)]
        assert said == [429] * 3, "what an asker says of himself does not count"
        for wrong in ("", "anna", "a@b@c.example", "x" * 400 + "@y.example"):
            assert recover(shop, wrong, headers={"X-Forwarded-For": wrong[:9] + "1"})[0] in (
                400, 422), wrong
        assert len(post.mails()) == 3


def test_an_office_without_mail_says_so(shop):
    status, said = recover(shop, "anna@exempel.example")
    assert status == 503 and said["code"] == "no_mail" and "invitation" in said["detail"], said


if __name__ == "__main__":
    main(globals(), OPTIONS)

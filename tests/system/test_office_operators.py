"""test_office_operators.py: who may work at an office: operators made there beside those of
officed.conf, and a member who owns a shop, who reaches that shop and nothing further.

On SQLite here; test_office_me_postgres.py runs the same on a PostgreSQL of its own.
"""

import base64
import datetime
import pathlib
import sqlite3
import subprocess
import tempfile
import time

from shop import main, until
from headoffice import BREAD, BUILD, COFFEE, Head, known, party, price_until, serves, till
from people import Self, admin, me, signed
from phone import Phone

OPTIONS = ["--office", "enrol"]
NO_RIGHT = (403, "forbidden")


def owner_of(shop, name, *shops):
    """A member with the role owner, who may enter these shops: what she signs for office/admin."""
    member = known(shop, name)
    for other in shops:
        shop.office.must("PUT", f"/v1/members/{member.number}/shops/{other}")
    shop.office.must("PUT", f"/v1/members/{member.number}", {"role": "owner"})
    return member, admin(shop, member.phone)


def another_shop(shop, name="falun"):
    shop.office.must("POST", "/v1/shops", {"shop": name}, also=(409,))
    return name


def member_of(shop, place, name):
    return shop.office.must("POST", "/v1/members", {"shop": place, "party": party(name)})["member"]


# --- operators


def enrol(shop, code, phone, want=201):
    token = base64.urlsafe_b64encode(phone.token("office/operator")).decode().rstrip("=")
    return Self(shop.run["office"], phone, "office/admin").must(
        "POST", "/v1/operators/enrol",
        {"code": code, "key": phone.cose_key_hex, "token": token}, authorization="", want=(want,))


def chief(shop):
    return admin(shop, shop.office.key)


def hire(shop, name, rights, shops):
    """An operator with a key of a browser."""
    made = chief(shop).must("POST", "/v1/operators",
                            {"name": name, "rights": rights, "shops": shops})
    phone = Phone()
    enrol(shop, made["code"], phone)
    return admin(shop, phone), made


def test_an_operator_is_made_and_goes(shop):
    bo, made = hire(shop, "bo", ["members", "goods"], [shop.name])
    left = datetime.datetime.fromisoformat(made["expires_at"]).timestamp() - time.time()
    assert 23 * 3600 < left <= 24 * 3600 + 5, left
    who = bo.must("GET", "/v1/whoami")
    assert (who["name"], who["kind"], who["rights"], who["shops"], who["global"]) == (
        "bo", "operator", ["members", "goods"], [shop.name], False), who
    assert bo.must("GET", "/v1/members")["members"] is not None
    assert bo.refused("GET", "/v1/shops") == NO_RIGHT
    assert bo.refused("GET", "/v1/operators") == NO_RIGHT
    rows = {row["name"]: row for row in chief(shop).must("GET", "/v1/operators")["operators"]}
    assert rows["bo"]["state"] == "live" and rows["bo"]["made_by"] == "owner", rows
    assert rows["owner"]["state"] == "in_file", rows
    assert chief(shop).refused("DELETE", "/v1/operators/owner") == (409, "in_file")
    assert chief(shop).refused("DELETE", "/v1/operators/nobody") == (404, "unknown_operator")
    once = signed(bo.phone, "office/admin")
    bo.must("POST", "/v1/invitations", {"shop": shop.name}, authorization=once)
    assert bo.refused("POST", "/v1/invitations", {"shop": shop.name}, authorization=once) == (
        401, "used")
    chief(shop).must("DELETE", "/v1/operators/bo")
    assert bo.refused("GET", "/v1/members") == (401, "unauthorized"), "from the next request on"
    assert "operator bo: POST /v1/invitations" in shop.console("officed")


def test_a_code_is_good_once_and_for_who_holds_the_key(shop):
    ask = {"name": "eva", "rights": ["pull"], "shops": ["*"]}
    code = chief(shop).must("POST", "/v1/operators", ask)["code"]
    assert chief(shop).refused("POST", "/v1/operators", ask) == (409, "name_taken")
    eva, thief = Phone(), Phone()
    other = base64.urlsafe_b64encode(thief.token("office/operator")).decode().rstrip("=")
    desk = Self(shop.run["office"], eva, "office/admin")
    body = {"code": code, "key": eva.cose_key_hex, "token": other}
    assert desk.refused("POST", "/v1/operators/enrol", body, authorization="") == (
        401, "unauthorized")
    wrong = base64.urlsafe_b64encode(eva.token("office/register")).decode().rstrip("=")
    assert desk.refused("POST", "/v1/operators/enrol", {**body, "token": wrong},
                        authorization="") == (401, "unauthorized")
    assert enrol(shop, code, eva)["name"] == "eva"
    assert enrol(shop, code, eva, want=200)["name"] == "eva", "a lost answer"
    token = base64.urlsafe_b64encode(thief.token("office/operator")).decode().rstrip("=")
    assert desk.refused("POST", "/v1/operators/enrol", {
        "code": code, "key": thief.cose_key_hex, "token": token}, authorization="") == (
            403, "code_unknown")
    assert desk.must("GET", "/v1/whoami")["global"] is True
    # whose key it is already: of officed.conf, of a member
    again = chief(shop).must("POST", "/v1/operators", {**ask, "name": "eva2"})["code"]
    for phone in (shop.office.key, known(shop, "Anna Nyckel").phone):
        token = base64.urlsafe_b64encode(phone.token("office/operator")).decode().rstrip("=")
        assert desk.refused("POST", "/v1/operators/enrol", {
            "code": again, "key": phone.cose_key_hex, "token": token}, authorization="") == (
                409, "key_taken")


def test_nobody_gives_what_he_has_not(shop):
    bo, _ = hire(shop, "fleet-bo", ["fleet", "members"], ["*"])
    make = ("POST", "/v1/operators")
    assert bo.refused(*make, {"name": "x1", "rights": ["money"], "shops": ["*"]}) == NO_RIGHT
    bo.must(*make, {"name": "x2", "rights": ["members"], "shops": [shop.name]})
    narrow, _ = hire(shop, "narrow-bo", ["fleet", "members"], [shop.name])
    assert narrow.refused(*make, {"name": "x3", "rights": ["members"],
                                  "shops": [shop.name]}) == NO_RIGHT
    assert narrow.refused("GET", "/v1/operators") == NO_RIGHT
    assert narrow.refused("DELETE", "/v1/operators/x2") == NO_RIGHT
    for wrong, code in (({"name": "owner-x"}, "bad_name"), ({"name": "a b"}, "bad_name"),
                        ({"rights": []}, "bad_rights"), ({"rights": ["all"]}, "bad_rights"),
                        ({"rights": "pull"}, "bad_rights"), ({"shops": []}, "bad_shops"),
                        ({"shops": ["*", "viken"]}, "bad_shops"), ({"shops": ["Å"]}, "bad_shops"),
                        ({"shops": [f"s{n:015}" for n in range(40)]}, "bad_shops")):
        body = {"name": "x4", "rights": ["pull"], "shops": ["*"], **wrong}
        assert chief(shop).refused(*make, body) == (422, code), body
    assert chief(shop).refused(*make, {"name": "x5", "rights": ["pull"], "shops": ["nowhere"]}) == (
        404, "unknown_shop")
    assert chief(shop).refused(*make, {"name": "owner", "rights": ["pull"], "shops": ["*"]}) == (
        409, "name_taken")


# --- an owner


def test_an_owner_reaches_her_shop(shop):
    anna, hers = owner_of(shop, "Anna Äger")
    who = hers.must("GET", "/v1/whoami")
    assert who["kind"] == "owner" and who["name"] == "Anna Äger" and who["shops"] == [shop.name]
    assert who["member"] == anna.number and not who["global"]
    assert who["rights"] == ["members", "goods", "remote", "pull"], who
    assert sorted(who["reads"]) == ["fleet", "money"], who
    # people
    code = hers.must("POST", "/v1/invitations", {"shop": shop.name, "approved": True})["code"]
    assert len(code) == 14
    number = hers.must("POST", "/v1/members", {"shop": shop.name, "party": party("Bo Ny")})["member"]
    assert hers.must("PUT", f"/v1/members/{number}", {"credit_limit_minor": 5000})
    assert number in [m["member"] for m in hers.must("GET", "/v1/members?q=bo ny".replace(
        " ", "%20"))["members"]]
    looks = shop.office.must("GET", f"/v1/members/{number}/looks")["looks"]
    assert f"owner-{anna.number}" in {row["who"] for row in looks}, looks
    # goods, doors
    hers.must("PUT", f"/v1/products/{BREAD}/prices",
              {"scope": f"shop:{shop.name}", "price_minor": 4321})
    price_until(shop, BREAD, 4321)
    number = hers.must("POST", f"/v1/shops/{shop.name}/commands",
                       {"verb": "prop", "door": shop.door, "hold_minutes": 1})["command"]
    until(lambda: hers.must("GET", f"/v1/shops/{shop.name}/commands/{number}")["answered"], 5,
          "an answer of the shop")
    hers.must("POST", f"/v1/shops/{shop.name}/commands", {"verb": "lock", "door": shop.door})
    # to read
    assert [s["shop"] for s in hers.must("GET", "/v1/shops")["shops"]] == [shop.name]
    for path in (f"/v1/shops/{shop.name}", f"/v1/shops/{shop.name}/alarms", "/v1/notices",
                 f"/v1/shops/{shop.name}/notices", "/v1/bundles", f"/v1/payments?shop={shop.name}",
                 "/v1/reminders", f"/v1/invoices?shop={shop.name}", f"/v1/stock?shop={shop.name}",
                 f"/v1/sales?shop={shop.name}", "/v1/products", f"/v1/shops/{shop.name}/policy"):
        assert hers.ask("GET", path)[0] == 200, path
    assert "Anna" not in shop.console("officed"), "a name is in no log"


def elsewhere(shop, other, member):
    """What lies past an owner's shop: of another one, and of all."""
    gtin, price = f"/v1/products/{COFFEE}", {"price_minor": 1}
    return [
        ("GET", f"/v1/shops/{other}", None), ("GET", f"/v1/shops/{other}/alarms", None),
        ("GET", f"/v1/shops/{other}/notices", None), ("GET", f"/v1/shops/{other}/contacts", None),
        ("GET", f"/v1/shops/{other}/policy", None), ("GET", f"/v1/shops/{other}/commands", None),
        ("GET", f"/v1/shops/{other}/invoices/{other.upper()}-2026-000001", None),
        ("POST", f"/v1/shops/{other}/commands", {"verb": "unlock", "door": "front"}),
        ("PATCH", f"/v1/shops/{other}", {"title": "mine"}),
        ("POST", f"/v1/shops/{other}/claims", {}),
        ("POST", f"/v1/shops/{other}/revoke", {"reason": "x"}),
        ("GET", f"/v1/members/{member}", None), ("GET", f"/v1/members/{member}/view", None),
        ("GET", f"/v1/members/{member}/export", None), ("GET", f"/v1/members/{member}/looks", None),
        ("GET", f"/v1/members/{member}/keys", None),
        ("PUT", f"/v1/members/{member}", {"role": "owner"}),
        ("DELETE", f"/v1/members/{member}?force=1", None),
        ("POST", f"/v1/members/{member}/block", None),
        ("POST", f"/v1/members/{member}/keys", {"key": Phone().cose_key_hex}),
        ("PUT", f"/v1/members/{member}/shops/{shop.name}", None),
        ("POST", "/v1/invitations", {"shop": other}), ("POST", "/v1/invitations", {"shop": "*"}),
        ("POST", "/v1/invitations", {"shop": shop.name, "member": member}),
        ("POST", "/v1/members", {"shop": other}), ("POST", "/v1/members", {"shop": "*"}),
        ("POST", "/v1/passes", {"shop": other, "member": member,
                                "expires_at": "2027-01-01T00:00:00Z"}),
        ("GET", f"/v1/products?shop={other}", None),
        ("PUT", gtin, {"name": "x"}), ("DELETE", gtin, None),
        ("PUT", f"{gtin}/prices", {"scope": "", **price}),
        ("PUT", f"{gtin}/prices", {"scope": f"shop:{other}", **price}),
        ("PUT", f"/v1/policy/shop_{other}/occupancy_max", {"value": "1"}),
        ("PUT", "/v1/policy/all/occupancy_max", {"value": "1"}),
        ("PUT", "/v1/groups/skane", None), ("PUT", f"/v1/shops/{shop.name}/group", {"group": ""}),
        ("GET", f"/v1/payments?shop={other}", None), ("GET", "/v1/payments?unclaimed=1", None),
        ("GET", f"/v1/invoices?shop={other}", None), ("GET", f"/v1/sales?shop={other}&by=day", None),
        ("GET", "/v1/webhooks", None), ("POST", "/v1/webhooks", {"url": "https://x.example/"}),
        ("GET", "/v1/operators", None), ("DELETE", "/v1/operators/owner", None),
        ("POST", "/v1/operators", {"name": "x", "rights": ["pull"], "shops": [shop.name]}),
    ]


def her_own_but_not_hers(shop):
    """What is of her shop, and is the office's to do."""
    return [
        ("POST", "/v1/shops", {"shop": "min-egen"}),
        ("PATCH", f"/v1/shops/{shop.name}", {"title": "mine"}),
        ("POST", f"/v1/shops/{shop.name}/claims", {}),
        ("POST", f"/v1/shops/{shop.name}/revoke", {"reason": "x"}),
        ("POST", f"/v1/shops/{shop.name}/allow-epoch", None),
        ("PUT", f"/v1/shops/{shop.name}/contacts/anna", {"phone": "+46700000000"}),
        ("DELETE", f"/v1/shops/{shop.name}/contacts/owner", None),
        ("POST", "/v1/payments/abc/assign", {"shop": shop.name, "number": "VIKEN-2026-000001"}),
        ("POST", "/v1/bundles/1/mail", None), ("POST", "/v1/unbilled/retry", None),
    ]


def test_an_owner_reaches_nothing_further(shop):
    _, hers = owner_of(shop, "Anna Gräns")
    other = another_shop(shop)
    member = member_of(shop, other, "Eva Annanstans")
    for method, path, body in elsewhere(shop, other, member):
        status, code = hers.refused(method, path, body)
        assert status in (403, 404), (method, path, status, code)
    for method, path, body in her_own_but_not_hers(shop):
        assert hers.refused(method, path, body) == NO_RIGHT, (method, path)
    status, said = hers.ask("POST", "/v1/payments/import?shop=" + shop.name, b"x",
                            headers={"Content-Type": "application/octet-stream"})
    assert (status, said["code"]) == NO_RIGHT
    assert member not in str(hers.must("GET", "/v1/members")), "of another shop"
    assert other not in str(hers.must("GET", "/v1/shops")) + str(hers.must("GET", "/v1/notices"))
    status, said = hers.ask("POST", "/v1/products/import", "gtin,name,price,vat\n"
                            f"{COFFEE},Kaffe,1.00,food\n".encode(),
                            headers={"Content-Type": "text/csv"})
    assert status in (200, 403) and (status == 403 or said["taken"] == 0), said
    assert shop.office.must("GET", f"/v1/shops/{other}")["title"] != "mine"


def test_an_owner_of_all_shops_is_no_chief(shop):
    _, hers = owner_of(shop, "Anna Alla", "all")
    other = another_shop(shop)
    assert hers.must("GET", "/v1/whoami")["shops"] == ["*"]
    assert other in [s["shop"] for s in hers.must("GET", "/v1/shops")["shops"]]
    for method, path, body in (("PUT", f"/v1/products/{COFFEE}", {"name": "x"}),
                               ("PUT", "/v1/policy/all/occupancy_max", {"value": "1"}),
                               ("POST", "/v1/invitations", {"shop": "*"}),
                               ("GET", "/v1/operators", None), ("GET", "/v1/webhooks", None)):
        assert hers.refused(method, path, body) == NO_RIGHT, path


def test_a_role_is_looked_at_each_time(shop):
    anna, hers = owner_of(shop, "Anna Roll")
    assert hers.must("GET", "/v1/whoami")["kind"] == "owner"
    shop.office.must("POST", f"/v1/members/{anna.number}/block")
    assert hers.refused("GET", "/v1/whoami") == (401, "unauthorized")
    shop.office.must("POST", f"/v1/members/{anna.number}/unblock")
    hers.must("GET", "/v1/whoami")
    for role in ("member", "staff", "delivery"):
        shop.office.must("PUT", f"/v1/members/{anna.number}", {"role": role})
        assert hers.refused("GET", "/v1/members") == (401, "unauthorized"), role
    shop.office.must("PUT", f"/v1/members/{anna.number}", {"role": "owner"})
    (kid,) = [k["kid"] for k in me(shop, anna).must("GET", "/v1/me/keys")["keys"]]
    shop.office.must("DELETE", f"/v1/members/{anna.number}/keys/{kid}")
    assert hers.refused("GET", "/v1/members") == (401, "unauthorized")


def test_what_is_signed_for_one_is_not_for_the_other(shop):
    anna, hers = owner_of(shop, "Anna Syfte")
    about = signed(anna.phone, "office/me")
    assert hers.refused("GET", "/v1/members", authorization=about) == (401, "unauthorized")
    work = signed(anna.phone, "office/admin")
    assert me(shop, anna).refused("GET", "/v1/me", authorization=work) == (401, "unauthorized")
    assert till(shop, anna) == "joined"


# --- what people look through


def pages(desk, path, name, limit):
    """All of a list, page by page."""
    rows, after = [], ""
    while after is not None:
        page = desk.must("GET", f"{path}{'&' if '?' in path else '?'}limit={limit}"
                         + (f"&after={after}" if after else ""))
        assert len(page[name]) <= limit
        rows += page[name]
        after = page["next"]
    return rows


def test_a_member_is_found_in_five_hundred(shop):
    desk = chief(shop)
    made = [desk.must("POST", "/v1/members", {"shop": shop.name, "party": party(
        f"Åsa Nummer {n:03}", f"asa{n:03}@exempel.example")}) for n in range(501)]
    rows = pages(desk, "/v1/members?q=nummer", "members", 200)
    assert len(rows) == 501 and len({row["member"] for row in rows}) == 501
    wanted = made[250]
    for query in (wanted["customer"], wanted["customer"][:8], wanted["customer"][:9].upper(),
                  wanted["member"], wanted["member"][:10], "ASA250@", "%C3%A5sa%20nummer%20250"):
        found = desk.must("GET", f"/v1/members?q={query}")["members"]
        assert wanted["member"] in [row["member"] for row in found] and len(found) < 4, query
    assert desk.must("GET", "/v1/members?q=0123456789abcdef0123456789abcdef")["members"] == []
    hidden = admin(shop, hire(shop, "falun-bo", ["members"], [another_shop(shop)])[0].phone)
    assert hidden.must("GET", f"/v1/members?q={wanted['customer']}")["members"] == []


def test_an_article_is_found_by_its_number(shop):
    desk = chief(shop)
    for query in (COFFEE, f"0{COFFEE}", COFFEE[5:12]):
        found = [row["gtin"] for row in desk.must("GET", f"/v1/products?q={query}")["products"]]
        assert [gtin.lstrip("0") for gtin in found] == [COFFEE], (query, found)
    assert desk.must("GET", "/v1/products?q=0000")["products"] == []
    every = pages(desk, "/v1/products", "products", 7)
    assert len(every) == len({row["gtin"] for row in every}) > 20


def test_alarms_of_all_shops(shop):
    desk, before = chief(shop), len(chief(shop).must("GET", "/v1/alarms")["alarms"])
    shop.hand("force")
    until(lambda: len(desk.must("GET", "/v1/alarms?open=1")["alarms"]) > 0, 10, "an alarm here")
    shop.hand("close")
    rows = pages(desk, "/v1/alarms", "alarms", 1)
    assert len(rows) > before and rows[0]["shop"] == shop.name and rows[0]["heard_at"], rows
    assert "forced" in {row["condition"] for row in rows}
    of_shop = desk.must("GET", f"/v1/shops/{shop.name}/alarms")["alarms"]
    assert {row["alarm"] for row in of_shop} == {row["alarm"] for row in rows}
    _, hers = owner_of(shop, "Anna Larm")
    assert len(hers.must("GET", "/v1/alarms")["alarms"]) == len(rows)
    other, _ = hire(shop, "alarm-bo", ["fleet"], [another_shop(shop)])
    assert other.must("GET", "/v1/alarms")["alarms"] == []


def test_an_older_database_is_taken_on(start):
    with tempfile.TemporaryDirectory() as folder:
        head = Head(folder)
        with head:
            head.operator.must("POST", "/v1/shops", {"shop": "viken"})
        file = pathlib.Path(folder, "office.db")
        with sqlite3.connect(file) as db:  # as the officed of before left it
            db.executescript("DROP TABLE coworker; DROP TABLE recovery; DROP TABLE list_import;"
                             "DELETE FROM counter WHERE name = 'import';"
                             "DROP INDEX invoice_issued; DROP INDEX alarm_raised;"
                             "UPDATE meta SET value = 1 WHERE name = 'form'")
        with head:
            assert [s["shop"] for s in head.operator.must("GET", "/v1/shops")["shops"]] == ["viken"]
            assert len(head.operator.must("GET", "/v1/operators")["operators"]) == 1
        with sqlite3.connect(file) as db:  # as one to come would
            db.execute("UPDATE meta SET value = 99 WHERE name = 'form'")
        with open(head.folder / "log", "ab") as log:
            head.process = subprocess.Popen([BUILD / "officed", "--config", head.conf], stderr=log)
        until(lambda: "of form 99" in head.log(), 10, "its word on tables that it does not know")
        assert not serves(head.operator)
        head.kill()


if __name__ == "__main__":
    main(globals(), OPTIONS)

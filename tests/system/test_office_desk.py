"""test_office_desk.py: what is looked up at an office's desk: what happened in a shop, by its owner far
from it; a shop among many by a piece of its name; and who read in which list."""

from shop import main, until
from headoffice import COFFEE, EGGS, Basket, admitted, invite, known, register
from people import admin

OPTIONS = ["--office", "enrol"]
BANK = "tests/data/bank/bgmax.txt"


def owner_of(shop, name="Ulla Äger"):
    ulla = register(shop, name, code=invite(shop, role="owner", approved=True))
    return admin(shop, ulla.phone)


def test_a_visit_from_its_door_to_its_bill(shop):
    ulla = owner_of(shop)
    anna = register(shop, "Anna Köper")
    admitted(shop, anna)
    shop.hand("open")
    shop.door_until(physical="open")
    shop.hand("close")
    shop.door_until(physical="closed")
    basket = Basket(shop, anna)
    kept, undone = basket.take(COFFEE, 2000), basket.take(EGGS)
    assert shop.api("DELETE", f"{basket.path}/lines/{undone['key']}", bearer=basket.bearer)[0] == 200
    basket.close()
    shop.carried()
    path = f"/v1/shops/{shop.name}/timeline"
    page = ulla.must("GET", path)
    (row,) = [r for r in page["rows"] if r["kind"] == "visit"]
    assert row["customer"] == anna.customer and row["door"] == "front", row
    assert (row["lines"], row["total_minor"], row["invoice"]) == (1, kept["total_minor"], None), row
    visit = ulla.must("GET", f"{path}/{row['visit']}")
    assert visit["payment"] == "unbilled" and visit["ended"] == "closed" and not visit["truncated"]
    kinds = [s["kind"] for s in visit["steps"]]
    print("        ", " ".join(f"{s['kind']}:{s['event']}" if "event" in s else s["kind"]
                               for s in visit["steps"]))
    for first, then in (("admitted", "opened"), ("opened", "line"), ("line", "line_voided"),
                        ("line_voided", "closed")):
        assert kinds.index(first) < kinds.index(then), kinds
    assert "opened" in [s.get("event") for s in visit["steps"] if s["kind"] == "door"], visit
    (line,) = [s["line"] for s in visit["steps"] if s["kind"] == "line" and not s["line"]["voided"]]
    assert line["name"] == kept["name"] and line["total_minor"] == kept["total_minor"]
    assert ulla.refused("GET", path + "/0000000000000001") == (404, "unknown_visit")
    assert ulla.refused("GET", path + "/nothing") == (404, "unknown_visit")


def test_alarms_stand_between_and_pages_go_on(shop):
    ulla = owner_of(shop, "Ulla Bläddrar")
    bo = known(shop, "Bo Köper")
    for _ in range(2):
        basket = Basket(shop, bo)
        basket.take(COFFEE)
        basket.close()
    shop.hand("tamper")
    shop.alarm_until(10, condition="tamper")
    shop.carried()
    path = f"/v1/shops/{shop.name}/timeline"
    whole = ulla.must("GET", path)["rows"]
    at = [r.get("opened_at") or r["raised_at"] for r in whole]
    assert at == sorted(at, reverse=True) and whole[0]["kind"] == "alarm", whole
    rows, page = [], {"next": ""}
    while page["next"] is not None:
        page = ulla.must("GET", path + "?limit=1" + (page["next"] and f"&before={page['next']}"))
        assert len(page["rows"]) == 1, page
        rows += page["rows"]
    assert rows == whole
    assert ulla.refused("GET", path + "?before=yesterday") == (400, "malformed")
    shop.hand("untamper")


def test_it_is_the_owners(shop):
    """Who works at the office has a look at one member, which is written down; not at all of them."""
    path = f"/v1/shops/{shop.name}/timeline"
    for where in (path, path + "/0000000000000001"):
        status, answer = shop.office.ask("GET", where)
        assert (status, answer["code"]) == (403, "forbidden"), answer
    shop.office.must("POST", "/v1/shops", {"shop": "sagby", "title": "Sagby handel"})
    ulla = owner_of(shop, "Ulla Annan")
    assert ulla.refused("GET", "/v1/shops/sagby/timeline") == (403, "forbidden")
    anna = known(shop, "Anna Nyfiken")
    assert admin(shop, anna.phone).refused("GET", path) == (401, "unauthorized")


def test_a_shop_by_a_piece_of_its_name(shop):
    shop.office.must("POST", "/v1/shops", {"shop": "osby", "title": "Osby Lanthandel", "group": "norr"})
    shop.office.must("POST", "/v1/shops", {"shop": "ahus", "title": "Åhus 50% av_allt"})

    def found(q):
        return [s["shop"] for s in shop.office.must("GET", "/v1/shops?q=" + q)["shops"]]

    assert found("lanthandel") == found("OSBY") == found("norr") == ["osby"]
    assert found("%C3%85hus") == found("50%25") == found("v_a") == ["ahus"]
    assert found("") and found("kamel") == []
    assert shop.office.ask("GET", "/v1/shops?q=" + "x" * 500)[0] == 400


def test_since_when_a_price_holds(shop):
    """What a shelf label is printed anew for: also of a price that holds already."""
    def held():
        (one,) = shop.office.must("GET", f"/v1/products?shop={shop.name}&q={EGGS}")["products"]
        return one["prices"]

    for scope, price in (("", 3300), (f"shop:{shop.name}", 3400), ("", 3500)):
        shop.office.must("PUT", f"/v1/products/{EGGS}/prices", {"scope": scope, "price_minor": price})
    rows = shop.office.must("GET", f"/v1/products/{EGGS}")["prices"]
    (mine,) = [r for r in rows if r["scope"] == f"shop:{shop.name}"]
    assert held()[0]["price_minor"] == 3400 and held()[0]["valid_from"] == mine["valid_from"], held()


def test_who_read_in_which_list(shop):
    shop.office.must("POST", "/v1/products/import?dry_run=1&file=torr.csv", b"gtin,price\n" +
                     EGGS.encode() + b",31\n", headers={"Content-Type": "text/csv"})
    told = shop.office.must("POST", "/v1/products/import?file=H%C3%B6st%202026.csv",
                            f"gtin,price\n{EGGS},31.50\n{COFFEE},1O\n".encode(),
                            headers={"Content-Type": "text/csv"})
    one = shop.office.must("GET", "/v1/products/imports")["imports"][0]
    assert (one["file"], one["rows"], one["changed"], one["bad"]) == ("Höst 2026.csv", 2, 1, 1), one
    assert one["who"] and told["bad"] == 1
    bank = open(BANK, "rb").read()
    for _ in range(2):
        shop.office.must("POST", f"/v1/payments/import?shop={shop.name}&file=bgmax.txt", bank,
                         headers={"Content-Type": "application/octet-stream"})
    again, first = shop.office.must("GET", "/v1/payments/imports")["imports"]
    assert first["rows"] == first["changed"] > 0 and again["changed"] == 0, (first, again)
    assert first["shop"] == shop.name and first["file"] == "bgmax.txt"
    page = shop.office.must("GET", "/v1/payments/imports?limit=1")
    assert page["imports"] == [again]
    rest = shop.office.must("GET", f"/v1/payments/imports?limit=1&after={page['next']}")
    assert rest["imports"] == [first] and rest["next"] is None
    ulla = owner_of(shop, "Ulla Listar")
    assert ulla.must("GET", "/v1/products/imports")["imports"] == []  # hers are none


if __name__ == "__main__":
    main(globals(), OPTIONS)

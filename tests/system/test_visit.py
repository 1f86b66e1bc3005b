"""A visit by phone over the real programs: every line is there once, whatever is sent twice."""

import concurrent.futures
import subprocess

from shop import main


def goods(shop, count=3):
    """Articles of the catalogue that may be sold to anyone: [{gtin, name, price…}]."""
    found = []
    for gtin in shop.gtins():
        status, article = shop.api("GET", f"/v1/products/{gtin}")
        if status == 200 and article.get("class", "grocery") == "grocery":
            found.append(article)
        if len(found) == count:
            return found
    raise AssertionError("the catalogue has too few articles")


def visit_of(shop, member):
    status, visit = shop.api("POST", "/v1/visits", member.token("till"))
    assert status == 201, (status, visit)
    return visit["visit"], visit["bearer"]


def line(shop, visit, bearer, key, gtin, **more):
    return shop.api("PUT", f"/v1/visits/{visit}/lines/{key}", {"gtin": gtin, **more}, bearer)


def sql(shop, query):
    """Reads the ledger behind everyone's back, as an accountant would."""
    done = subprocess.run(["/usr/bin/python3", "-c",
                           "import sqlite3,sys,json;"
                           "db=sqlite3.connect('file:'+sys.argv[1]+'?mode=ro',uri=True);"
                           "print(json.dumps(db.execute(sys.argv[2]).fetchall()))",
                           shop.run["ledger"], query],
                          capture_output=True, text=True, timeout=20, check=True)
    import json
    return json.loads(done.stdout)


def test_a_whole_visit(shop):
    member, before = shop.member(), shop.head()
    status, unlock = shop.api("POST", "/v1/door/front/unlock", member.token("front"))
    assert status == 200 and unlock["decision"] == "admitted", (status, unlock)
    assert unlock["unlock_ms"] == 5000, unlock
    status, joined = shop.api("POST", "/v1/visits", member.token("till"))
    assert status == 200 and joined["visit"] == unlock["visit"], (status, joined)
    visit, bearer = joined["visit"], joined["bearer"]

    total = 0
    for i, article in enumerate(goods(shop)):
        status, got = line(shop, visit, bearer, f"line-{i}", article["gtin"])
        assert status == 201, (status, got)
        total += got["total_minor"]
        assert got["visit_total_minor"] == total and got["voided"] is False, got
        assert got["unit_price_minor"] + got["deposit_minor"] == got["total_minor"], got
        assert got["list_price_minor"] == got["unit_price_minor"] and got["quantity"] == 1000, got
        assert (got["vat_bp"], got["deposit_minor"]) == (article["vat_bp"], article["deposit_minor"])
        assert got["currency"] == "SEK" and got["name"], got
    status, voided = shop.api("DELETE", f"/v1/visits/{visit}/lines/line-0", bearer=bearer)
    assert status == 200 and voided["voided"] is True, (status, voided)
    total -= voided["total_minor"]
    assert shop.api("DELETE", f"/v1/visits/{visit}/lines/line-0", bearer=bearer)[1] == voided

    status, shown = shop.api("GET", f"/v1/visits/{visit}", bearer=bearer)
    assert status == 200 and shown["state"] == "open" and shown["total_minor"] == total, shown
    status, receipt = shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)
    assert status == 200 and receipt["total_minor"] == total, (status, receipt)
    assert shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer) == (200, receipt)
    assert shop.api("GET", f"/v1/visits/{visit}/receipt", bearer=bearer) == (200, receipt)
    assert shop.api("GET", f"/v1/visits/{visit}", bearer=bearer)[1]["state"] == "closed"

    kinds = [r["kind"] for r in shop.log(before)]
    assert kinds.count("line") == 3 and kinds.count("line_voided") == 1, kinds
    assert shop.shopctl("ledger", "verify")["ok"] is True
    shop.quiet()


def test_one_line_however_often_it_is_sent(shop):
    member, before = shop.member(), shop.head()
    visit, bearer = visit_of(shop, member)
    article = goods(shop, 1)[0]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: line(shop, visit, bearer, "again", article["gtin"]),
                                range(64)))
    assert sorted(s for s, _ in answers) == [200] * 63 + [201], [s for s, _ in answers]
    assert len({str(sorted(body.items())) for _, body in answers}) == 1, "the answers differ"
    assert [r["kind"] for r in shop.log(before)].count("line") == 1
    status, problem = line(shop, visit, bearer, "again", article["gtin"], quantity=2000)
    assert status == 422 and problem["code"] == "key_reused", (status, problem)
    status, shown = shop.api("GET", f"/v1/visits/{visit}", bearer=bearer)
    assert len(shown["lines"]) == 1 and shown["total_minor"] == answers[0][1]["total_minor"]
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_a_voided_key_stays_voided(shop):
    member = shop.member()
    visit, bearer = visit_of(shop, member)
    article = goods(shop, 1)[0]
    line(shop, visit, bearer, "gone", article["gtin"])
    shop.api("DELETE", f"/v1/visits/{visit}/lines/gone", bearer=bearer)
    status, problem = line(shop, visit, bearer, "gone", article["gtin"])
    assert status == 409 and problem["code"] == "voided", (status, problem)
    status, _ = shop.api("DELETE", f"/v1/visits/{visit}/lines/never", bearer=bearer)
    assert status == 404
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_what_is_refused_is_not_recorded(shop):
    member, other = shop.member(), shop.member()
    visit, bearer = visit_of(shop, member)
    _, others_bearer = visit_of(shop, other)
    article, before = goods(shop, 1)[0], shop.head()
    for args, wanted in [
            ((visit, others_bearer, "x", article["gtin"]), (401, "unauthorized")),
            ((visit, "0" * 43, "x", article["gtin"]), (401, "unauthorized")),
            ((visit, bearer, "x", "7310865004704"), (404, "unknown_article")),
            ((visit, bearer, "x", "not a gtin"), (404, "unknown_article")),
            ((visit, bearer, "x" * 65, article["gtin"]), (400, "malformed"))]:
        status, problem = line(shop, *args)
        assert (status, problem["code"]) == wanted, (args, status, problem)
    for quantity in (0, -1000, 10**9, 2**62):
        status, problem = line(shop, visit, bearer, "x", article["gtin"], quantity=quantity)
        assert (status, problem["code"]) == (400, "malformed"), (quantity, status, problem)
    assert not [r for r in shop.log(before) if r["kind"] == "line"]
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_goods_at_the_tills_scanner_join_the_phones_visit(shop):
    member, before = shop.member(), shop.head()
    visit, bearer = visit_of(shop, member)
    article = goods(shop, 1)[0]
    shop.scan(member.qr("till"), till=True)
    shop.row_until(before, kind="admitted", customer=member.customer, door="till1")
    shop.scan(article["gtin"], till=True)
    shop.row_until(before, kind="line", customer=member.customer)
    status, shown = shop.api("GET", f"/v1/visits/{visit}", bearer=bearer)
    assert [row["gtin"] for row in shown["lines"]] == [article["gtin"]], shown
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_the_accountant_sees_what_the_phone_was_told(shop):
    member = shop.member()
    visit, bearer = visit_of(shop, member)
    told = {}
    for i, article in enumerate(goods(shop, 20)):
        status, got = line(shop, visit, bearer, f"sum-{i}", article["gtin"], quantity=1000 + i * 250)
        assert status == 201, (status, got)
        told[got["key"]] = got["total_minor"]
    status, receipt = shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)
    assert receipt["total_minor"] == sum(told.values())
    assert {row["key"]: row["total_minor"] for row in receipt["lines"]} == told


if __name__ == "__main__":
    main(globals())

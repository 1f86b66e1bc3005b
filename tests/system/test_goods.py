"""What a scanner reads, over the real programs: labels, deposits, dates, VAT classes, trust."""

import csv
import datetime
import pathlib
import tempfile

from shop import main, until

HAM, CHEESE, COLA, SOAP, PAPER, CASED = ("2301234500006", "2001234500005", "73101079", "73101086",
                                         "96385074", "7310861000013")
ROWS = [  # gtin, name, price, vat, vat_bp, deposit, reorder
    (HAM, "Rökt skinka i lösvikt", "129.00", "food", "", "", ""),
    (CHEESE, "Ost i bit", "1.00", "food", "", "", ""),
    (COLA, "Läsk på burk", "15.00", "food", "", "1.00", "24"),
    (SOAP, "Diskmedel", "29.90", "standard", "", "", ""),
    (PAPER, "Dagstidning", "35.00", "culture", "", "", ""),
    (CASED, "Gammal sats", "10.00", "", "1200", "", ""),
]


def list_file(rows, header=("gtin", "name", "price", "vat", "vat_bp", "deposit", "reorder")):
    """A CSV of these rows; the caller deletes its folder by leaving it to the test's end."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="goods-"), "list.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def visit_of(shop, member):
    status, visit = shop.api("POST", "/v1/visits", member.token("till"))
    assert status in (200, 201), (status, visit)
    return visit


def enter(shop, *options):
    """A new member's visit, at the prices of the list above: (visit, bearer)."""
    if shop.api("GET", f"/v1/products/{HAM}")[0] == 404:
        shop.shopctl("product", "import", list_file(ROWS))
    visit = visit_of(shop, shop.member(*options))
    return visit["visit"], visit["bearer"]


def put(shop, visit, bearer, key, gtin, **more):
    return shop.api("PUT", f"/v1/visits/{visit}/lines/{key}", {"gtin": gtin, **more}, bearer)


def answered(answer):
    """The answer, unless it says to come again."""
    return None if answer[0] == 503 else answer


def day(days):
    """Today and so many days, as GS1 writes it and as a person does. Around midnight the shop may
    have another today: never ask for less than two days either way."""
    at = datetime.date.today() + datetime.timedelta(days)
    return at.strftime("%y%m%d"), at.isoformat()


def food_rate():
    return 600 if datetime.date(2026, 4, 1) <= datetime.date.today() < datetime.date(2028, 1, 1) else 1200


def test_products_tell_class_rate_and_deposit(shop):
    enter(shop)
    for gtin, wanted in {COLA: ("food", food_rate(), 100), SOAP: ("standard", 2500, 0),
                         PAPER: ("culture", 600, 0), CASED: ("fixed", 1200, 0)}.items():
        status, article = shop.api("GET", f"/v1/products/{gtin}")
        assert status == 200, (gtin, status, article)
        got = (article["vat_class"], article["vat_bp"], article["deposit_minor"])
        assert got == wanted, (gtin, got)
        shown = shop.shopctl("product", "show", gtin)
        assert (shown["vat"], shown["vat_bp"], shown["deposit_minor"]) == wanted, shown
    assert shop.shopctl("product", "show", COLA)["reorder"] == 24


def test_a_weight_label_is_one_thing(shop):
    visit, bearer = enter(shop)
    status, got = put(shop, visit, bearer, "w1", "2301234508545")  # 0.854 kg at 129.00
    assert status == 201, (status, got)
    assert (got["gtin"], got["quantity"], got["unit_price_minor"], got["total_minor"]) == \
        (HAM, 854, 12900, 11017), got
    assert put(shop, visit, bearer, "w1", "2301234508545") == (200, got)
    status, again = put(shop, visit, bearer, "w2", "2301234508545")
    assert status == 201 and again["visit_total_minor"] == 2 * 11017, again
    status, problem = put(shop, visit, bearer, "w1", "2301234503335")
    assert (status, problem["code"]) == (422, "key_reused"), problem
    for quantity in (2000, 854, 999):
        status, problem = put(shop, visit, bearer, "w3", "2301234508545", quantity=quantity)
        assert (status, problem["code"]) == (400, "malformed"), (quantity, problem)
    status, problem = put(shop, visit, bearer, "w3", HAM)  # weighs nothing
    assert (status, problem["code"]) == (404, "unknown_article"), problem
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_a_price_label_says_it_all(shop):
    visit, bearer = enter(shop)
    status, got = put(shop, visit, bearer, "p1", "2001234549905")  # 49.90
    assert status == 201 and got["gtin"] == CHEESE, (status, got)
    assert (got["quantity"], got["unit_price_minor"], got["total_minor"]) == (1000, 4990, 4990)
    status, problem = put(shop, visit, bearer, "p2", "2001234549905", quantity=2000)
    assert (status, problem["code"]) == (400, "malformed"), problem
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_the_tills_scanner_reads_labels_too(shop):
    visit, bearer = enter(shop)
    member = shop.member()
    before = shop.head()
    shop.scan(member.qr("till"), till=True)
    shop.row_until(before, kind="admitted", customer=member.customer)
    shop.scan("2301234503335", till=True)
    row = shop.row_until(before, kind="line", customer=member.customer)
    assert "0.333 at 129.00 = 42.96" in row["text"], row
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


def test_deposits_come_on_top(shop):
    visit, bearer = enter(shop, "--limit", "50")
    status, got = put(shop, visit, bearer, "d1", COLA, quantity=2000)
    assert status == 201, (status, got)
    assert (got["unit_price_minor"], got["deposit_minor"], got["total_minor"]) == (1500, 200, 3200)
    status, problem = put(shop, visit, bearer, "d2", COLA, quantity=2000)
    assert (status, problem["code"]) == (403, "credit_exhausted"), problem
    status, receipt = shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)
    assert receipt["lines"][0]["deposit_minor"] == 200, receipt
    assert receipt["vat"] == [{"vat_bp": food_rate(), "total_minor": 3200, "currency": "SEK"}]


def test_dates_on_the_package(shop):
    visit, bearer = enter(shop)
    gs1 = "01" + COLA.rjust(14, "0")
    status, problem = put(shop, visit, bearer, "u1", f"{gs1}17{day(-2)[0]}")
    assert (status, problem["code"]) == (403, "expired"), problem
    status, got = put(shop, visit, bearer, "u2", f"{gs1}17{day(2)[0]}10LOT7\x1d15{day(2)[0]}")
    assert status == 201 and "warning" not in got and "best_before" not in got, got
    status, got = put(shop, visit, bearer, "b1",
                      f"https://id.gs1.org/01/{COLA.rjust(14, '0')}/10/A1?15={day(-2)[0]}")
    assert status == 201, (status, got)
    assert (got["warning"], got["best_before"]) == ("past_best_before", day(-2)[1]), got
    assert got["unit_price_minor"] <= got["list_price_minor"] == 1500, got
    again = put(shop, visit, bearer, "b1", f"{gs1}15{day(-2)[0]}10A1")
    assert again == (200, {**got, "visit_total_minor": again[1]["visit_total_minor"]}), again
    status, receipt = shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)
    shown = {line["key"]: line for line in receipt["lines"]}
    assert (shown["b1"]["warning"], shown["b1"]["best_before"]) == ("past_best_before", day(-2)[1])
    assert "warning" not in shown["u2"], shown


def test_levels_of_trust(shop):
    member = shop.member("--limit", "500")
    shown = [m for m in shop.shopctl("member", "list") if m["customer"] == member.customer][0]
    assert (shown["trust"], shown["unpaid_minor"], shown["oldest_due"]) == ("new", 0, None), shown
    for level in ("restricted", "trusted", "trusted", "new"):
        shop.shopctl_raw("member", "trust", member.customer, level)
        shown = [m for m in shop.shopctl("member", "list") if m["customer"] == member.customer][0]
        assert shown["trust"] == level, shown
    assert shop.shopctl_raw("member", "trust", member.customer, "beloved").returncode == 2
    assert shop.shopctl_raw("member", "trust", "0" * 32, "trusted").returncode == 1


def test_what_no_account_is_for_is_not_imported(shop):
    enter(shop)
    version = shop.shopctl("product", "show", HAM)["price_version"]
    bad = [*ROWS, ("7310865004703", "Främmande sats", "10.00", "", "700", "", "")]
    done = shop.shopctl("product", "import", list_file(bad))
    assert (done["rows"], done["bad"]) == (len(ROWS), 1), done
    assert "no account" in done["problems"][0]["reason"], done
    done = shop.shopctl("product", "import", list_file(bad), "--strict", exits=1)
    assert shop.shopctl("product", "show", HAM)["price_version"] == version + 1
    for wrong in [("x", "A", "1", "mat", "", "", ""), ("x", "A", "1", "food", "600", "", ""),
                  ("x", "A", "1", "", "", "-1", ""), ("x", "A", "1", "", "", "", "1.5")]:
        rows = [(COLA, *wrong[1:])]
        shop.shopctl("product", "import", list_file(rows), exits=1)
    assert shop.shopctl("product", "show", COLA)["deposit_minor"] == 100


def test_a_repeat_outlives_the_program(shop):
    visit, bearer = enter(shop)
    gs1 = f"01{COLA.rjust(14, '0')}15{day(-2)[0]}10A1"
    first = [put(shop, visit, bearer, key, text)[1]
             for key, text in (("a", "2301234508545"), ("b", gs1), ("c", "2001234549905"))]
    shop.kill("shopd")
    for key, text, wanted in (("a", "2301234508545", first[0]), ("b", gs1, first[1]),
                              ("c", "2001234549905", first[2])):
        status, got = until(lambda: answered(put(shop, visit, bearer, key, text)), 20, "an answer")
        assert status == 200, (status, got)
        assert {**got, "visit_total_minor": 0} == {**wanted, "visit_total_minor": 0}, got
    shop.api("POST", f"/v1/visits/{visit}/close", bearer=bearer)


if __name__ == "__main__":
    main(globals())

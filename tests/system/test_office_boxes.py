"""test_office_boxes.py: boxes that are stolen, broken, or run from an older copy of their card, against
a head office, with the real programs. After each the office has every entry once
(tests/office/checker.py).
"""

import tempfile

from shop import main, proof, until
from headoffice import (BREAD, COFFEE, EGGS, Basket, Postgres, agree, buy, card_copied,
                        card_put_back, check_of, entries_of, held, known, ledger_of, lines_of, till)


def epoch_until(shop, epoch, seconds=30):
    def there():
        office = shop.shopctl("status")["office"]
        return office and office["epoch"] >= epoch and office["not_yet_up"] == 0
    until(there, seconds, f"epoch {epoch}, all carried")


def stolen(start, *options):
    with start("--office", "enrol", *options) as old, tempfile.TemporaryDirectory() as folder:
        anna = known(old, "Anna Exempla")
        buy(old, anna, COFFEE, EGGS)
        old.shopctl("backup", folder, "--etc", old.state / "etc")
        first = buy(old, anna, BREAD)
        agree(old)
        office, url, texts = old.office, old.run["office"], len(old.texts())
        office.must("POST", f"/v1/shops/{old.name}/revoke", {"reason": "stolen"})
        beat = Basket(old, anna).take(EGGS)
        old.alarm_until(10, condition="office_refused")
        old.text_until("kontoret nekar", texts, 10)
        code = office.must("POST", f"/v1/shops/{old.name}/claims", {"restore": True})["code"]
        with start("--no-import") as new:
            new.shopctl("restore", url, code, "--backup", folder, "--etc", old.state / "etc",
                        timeout=60)
            new.run["office"], new.run["operator_key"] = url, old.run["operator_key"]
            epoch_until(new, 2)
            before, now = entries_of(ledger_of(old)), entries_of(ledger_of(new))
            there = int(office.must("GET", f"/v1/shops/{old.name}")["head"]["seq"])
            same = [seq for seq in before if now.get(seq) == before[seq]]
            assert max(map(int, same)) >= there - 10 and len(now) == there, (len(same), there)
            assert first[0] in lines_of(ledger_of(new)), "what came after the backup is there"
            until(lambda: till(new, anna) == "joined", 10, "the new box knows its members")
            buy(new, anna, COFFEE)
            new.carried()
            assert not check_of(old, new), check_of(old, new)
            assert beat["key"] not in lines_of(ledger_of(new)), "it was stolen by then"


def test_a_stolen_box_and_the_one_in_its_place(start):
    stolen(start)


def card(start, *options):
    with start("--office", "enrol", *options) as shop, tempfile.TemporaryDirectory() as folder:
        anna = known(shop, "Anna Exempla")
        keys = buy(shop, anna, COFFEE)
        shop.carried()
        card_copied(shop, folder + "/card")
        keys += buy(shop, anna, EGGS, BREAD)
        agree(shop)
        with held(shop, "officed"):
            card_put_back(shop, folder + "/card")
            keys += buy(shop, anna, EGGS)  # while nobody knows of it yet
            assert len(lines_of(ledger_of(shop))) == 2
        epoch_until(shop, 2)
        agree(shop)
        assert lines_of(ledger_of(shop)) == sorted(keys), (lines_of(ledger_of(shop)), keys)
        assert shop.shopctl("ledger", "verify")["ok"]
        kinds = [n["kind"] for n in shop.office.must("GET", "/v1/notices")["notices"]]
        print("        notices: " + " ".join(kinds))
        assert "epoch" in " ".join(kinds), kinds


def test_a_card_from_an_older_copy(start):
    card(start)


@proof
def test_both_on_postgres(start):
    with Postgres() as server:
        stolen(start, "--office-database", server.url)
    with Postgres() as server:
        card(start, "--office-database", server.url)


if __name__ == "__main__":
    main(globals())

"""test_office_epochs.py: an office that comes back from a backup older than its shop's epoch. The shop asks
for one that is newer than both, by itself, also where nothing is sold meanwhile.
"""

import pathlib
import shutil
import tempfile

from shop import main, until
from headoffice import (BREAD, COFFEE, EGGS, Rows, agree, buy, card_copied, card_put_back, database_of, dead,
                        held, known, ledger_of, lines_of, price_until, serves, till)


def epoch_until(shop, epoch):
    def there():
        office = shop.shopctl("status")["office"]
        return office["epoch"] == epoch and office["not_yet_up"] == 0
    until(there, 30, f"epoch {epoch}, all carried")


def test_an_office_that_has_forgotten_an_epoch(start):
    with start("--office", "enrol") as shop, tempfile.TemporaryDirectory() as folder:
        anna = known(shop, "Anna Exempla")
        keys = buy(shop, anna, COFFEE)
        agree(shop)
        place, file = pathlib.Path(folder), pathlib.Path(database_of(shop))
        with dead(shop, "officed"):
            for path in file.parent.glob(file.name + "*"):
                shutil.copy2(path, place)
        until(lambda: serves(shop.office), 20, "officed is back")
        card_copied(shop, place / "card")
        keys += buy(shop, anna, EGGS)
        agree(shop)
        with held(shop, "officed"):
            card_put_back(shop, place / "card")
        until(lambda: till(shop, anna) == "joined", 20, "the till lets in")
        keys += buy(shop, anna, BREAD)
        epoch_until(shop, 2)
        agree(shop)
        with dead(shop, "officed"):
            for path in file.parent.glob(file.name + "*"):
                path.unlink()
            for path in place.glob(file.name + "*"):
                shutil.copy2(path, file.parent)
        until(lambda: serves(shop.office), 20, "officed is back")
        shop.office.must("PUT", f"/v1/products/{COFFEE}/prices", {"price_minor": 3456})
        epoch_until(shop, 3)  # nothing was sold
        price_until(shop, COFFEE, 3456, 20)
        agree(shop)
        sold = sorted(key for key, in Rows(file).ask("SELECT key FROM line"))
        assert sold == sorted(keys) == sorted(lines_of(ledger_of(shop))), (sold, keys)
        row = shop.office.must("GET", f"/v1/shops/{shop.name}")
        assert row["state"] == "live", row


if __name__ == "__main__":
    main(globals())

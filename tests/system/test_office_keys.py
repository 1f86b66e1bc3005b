"""test_office_keys.py: an office that signs with another key, with the real programs: its shops learn
of it from the feed, or, where they were away meanwhile, from the word of its root alone.
"""

import subprocess

from shop import main, until
from headoffice import COFFEE, Basket, agree, dead, held, known, price_until, serves, till
import office
from phone import Key


class Keys:
    """The files of the office beside a shop. Signing keys by their place in `keys`."""

    def __init__(self, shop):
        self.folder, self.shop = shop.state / "office", shop
        self.keys = [office.read_key(self.folder / "office.key")]

    def make(self):
        self.keys.append(Key())

    def sign(self, version, *which):
        """Its root says that these are its keys, as the office's owner does it."""
        (self.folder / "office.keys").unlink()
        subprocess.run([self.shop.run["shopctl"][0], "root", "sign", "--root",
                        self.folder / "root.key", "--version", str(version), "--out",
                        self.folder / "office.keys",
                        *[(self.keys[i].x + self.keys[i].y).hex() for i in which]],
                       check=True, capture_output=True)

    def use(self, which):
        """officed signs with this one from its next start on."""
        office.write_secret(self.folder / "office.key", self.keys[which].secret.hex())

    def start(self):
        """officed again, with what is in its files now."""
        with dead(self.shop, "officed"):
            pass
        until(lambda: serves(self.shop.office), 20, "officed is back")


def told(shop):
    """Versions of the office's keys that stand in the shop's log."""
    return [row["text"] for row in shop.log() if "signs with the keys of set" in row["text"]]


def goes_on(shop, price):
    """Feeds and answers are believed."""
    shop.office.must("PUT", f"/v1/products/{COFFEE}/prices",
                     {"scope": f"shop:{shop.name}", "price_minor": price})
    price_until(shop, COFFEE, price, 20)
    shop.carried(20)


def something_said(shop):
    """The office has something to say."""
    shop.office.must("PUT", f"/v1/products/{COFFEE}/prices",
                     {"scope": f"shop:{shop.name}", "price_minor": 9999})


def test_a_key_is_changed_in_two_steps(start):
    with start("--office", "enrol") as shop:
        keys = Keys(shop)
        goes_on(shop, 5555)
        keys.make()
        keys.sign(2, 0, 1)
        keys.start()
        until(lambda: len(told(shop)) == 1, 20, "the new set in the shop's log")
        keys.use(1)
        keys.start()
        goes_on(shop, 6666)
        keys.sign(3, 1)  # the old one's time is over
        keys.start()
        until(lambda: len(told(shop)) == 2, 20, "the set without the old one")
        goes_on(shop, 7777)
        assert "is asked for" not in shop.console("shopd"), "the feed had said it"
        agree(shop)


def test_a_shop_that_was_away_learns_the_new_key(start):
    with start("--office", "enrol") as shop:
        keys, anna = Keys(shop), known(shop, "Anna Exempla")
        goes_on(shop, 5555)
        with held(shop, "courierd"):
            keys.make()
            keys.sign(2, 1)
            keys.use(1)
            keys.start()
            Basket(shop, anna).take(COFFEE)
        until(lambda: len(told(shop)) == 1, 30, "the new set in the shop's log")
        goes_on(shop, 6666)
        assert "is asked for" in shop.console("shopd")
        assert till(shop, anna) == "joined"
        agree(shop)
        road = shop.shopctl("status")["office"]
        assert road["road"] == "well", road


def test_a_set_that_is_none_changes_nothing(start):
    with start("--office", "enrol") as shop:
        keys = Keys(shop)
        goes_on(shop, 5555)
        keys.make()
        keys.make()
        keys.sign(2, 1)
        keys.use(1)
        keys.start()
        until(lambda: len(told(shop)) == 1, 30, "version 2 in the shop's log")
        for version, why in ((1, "version 1"), (2, "version 2")):
            keys.sign(version, 2)
            keys.use(2)
            keys.start()
            something_said(shop)
            until(lambda: f"not taken: {why} of them, and 2 is pinned" in shop.console("shopd"), 30,
                  "the shop's refusal")
            until(lambda: f"has {why} of the office's keys" in shop.console("officed"), 60,
                  "officed's own word on it")
        assert len(told(shop)) == 1, told(shop)
        keys.sign(3, 1, 2)
        keys.start()
        until(lambda: len(told(shop)) == 2, 60, "version 3")
        goes_on(shop, 6666)
        agree(shop)


if __name__ == "__main__":
    main(globals())

"""test_office_later.py: prices that the office has told of beforehand begin by the shop's own clock, while
nothing is carried between them.
"""

import contextlib
import datetime
import pathlib
import tempfile

from shop import main, until
from headoffice import BREAD, BUILD, COFFEE, Basket, agree, healthy, held, known, price_until, set_clock

HOUR = 3600


def price_from(shop, gtin, price, ahead_s):
    """A price that is to begin so many seconds from now; returns when the shop has heard of it."""
    before = shop.shopctl("status")["office"]["feed"]
    begins = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=ahead_s)
    shop.office.must("PUT", f"/v1/products/{gtin}/prices",
                     {"scope": f"shop:{shop.name}", "price_minor": price,
                      "valid_from": begins.strftime("%Y-%m-%dT%H:%M:%SZ")})
    until(lambda: shop.shopctl("status")["office"]["feed"] > before, 10, "the shop has heard of it")


@contextlib.contextmanager
def shop_of_other_days(start):
    """(shop, the file that sets shopd's clock)."""
    with tempfile.TemporaryDirectory() as folder:
        clock = pathlib.Path(folder, "clock")
        set_clock(clock, 0)
        with start("--office", "enrol", "--preload", f"shopd:{BUILD / 'otherday.so'}",
                   "--env", f"shopd:OTHERDAY={clock}") as shop:
            yield shop, clock


def costs(shop, gtin):
    return shop.api("GET", f"/v1/products/{gtin}")[1]["unit_price_minor"]


def test_prices_begin_without_the_office(start):
    with shop_of_other_days(start) as (shop, clock):
        anna = known(shop, "Anna Exempla")
        price_from(shop, BREAD, 5151, 5)
        price_from(shop, COFFEE, 7171, HOUR)
        bread, coffee = costs(shop, BREAD), costs(shop, COFFEE)
        assert bread != 5151 and coffee != 7171
        with held(shop, "courierd"):
            price_until(shop, BREAD, 5151, 10)  # by itself, in the running shop
            assert costs(shop, COFFEE) == coffee
            set_clock(clock, 1000 * (HOUR + 60))
            shop.kill("shopd", 15)  # and where its time came while the shop was off
            until(lambda: healthy(shop), 20, "shopd is back, and counterd has found it")
            price_until(shop, COFFEE, 7171, 20)
            line = Basket(shop, anna, ahead_s=HOUR + 60).take(COFFEE)
            assert line["unit_price_minor"] == 7171, line
        until(lambda: shop.shopctl("status")["office"]["not_yet_up"] == 0, 30, "all is carried")
        agree(shop)


if __name__ == "__main__":
    main(globals())

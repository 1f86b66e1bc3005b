"""test_office_weather.py: a shop and its office in network namespaces of their own, over a road that
loses 30 % of all packets both ways, doubles 5 %, and takes 3 s. Needs root, ip and TUN: without them it
fails and says so.
"""

import contextlib
import tempfile
import time

from shop import main, until
import netns
from headoffice import (BREAD, COFFEE, EGGS, GOODS, Head, Rows, buy, check, ledger_of, price_until,
                        register, till)

WAITS = True
BAD = {"loss": 30, "delay_ms": 3000, "twice": 5}
BAD_S = 90  # for what takes a tenth of a second on a good day


def acked(shop):
    return (shop.shopctl("status")["office"] or {}).get("acked_seq", 0)


@contextlib.contextmanager
def far_office(road):
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        head = Head(folder, host=netns.FAR)
        with road.far():
            head.start()
        try:
            yield head
        finally:
            head.kill()


def belongs(shop, road, head):
    """Enrols while the sun shines; a member whom the shop knows."""
    shop.run["office"], shop.run["operator_key"] = head.url, str(head.files.operator_file)
    with road.far():
        shop.office.must("POST", "/v1/products/import?rule=1", GOODS.read_bytes(), timeout=60,
                         headers={"Content-Type": "text/csv"})
        code = shop.office.claim(shop.name)
    shop.shopctl("enrol", head.url, code, timeout=60)
    with road.far():
        anna = register(shop, "Anna Exempla")
    until(lambda: till(shop, anna) == "joined", 10, "the till knows her")
    shop.carried()
    return anna


def test_loss_delay_and_duplicates(start):
    netns.enter()
    with netns.Road() as road, far_office(road) as head, start("--no-import") as shop:
        anna = belongs(shop, road, head)
        print("        weather by " + road.weather(**BAD))
        keys, began = [], time.monotonic()
        for n in range(3):
            keys += buy(shop, anna, COFFEE, EGGS, BREAD)
            last = shop.head()
            until(lambda: acked(shop) >= last, BAD_S, f"entry {last} acknowledged in bad weather")
            print(f"        batch {n + 1} acknowledged after {time.monotonic() - began:.1f} s")
            if n == 0:
                shop.kill("courierd")  # the next one needs a new connection
        with road.far():
            shop.office.must("PUT", f"/v1/products/{EGGS}/prices", {"price_minor": 4321})
        print(f"        a price after {price_until(shop, EGGS, 4321, BAD_S):.1f} s")
        took, lost = time.monotonic() - began, road.packets_lost()
        print(f"        {lost} packets lost")
        assert lost, "no packet was lost: that was no bad weather"
        keys += buy(shop, anna, EGGS)
        road.weather()
        last = shop.head()
        until(lambda: acked(shop) >= last, 60, "the rest, once the sun shines again")
        print(f"        and the rest {time.monotonic() - began - took:.1f} s later in good weather")
        wrong = check(head.database, {shop.name: str(ledger_of(shop))})
        assert not wrong, wrong
        sold = sorted(key for key, in Rows(head.database).ask("SELECT key FROM line"))
        assert sold == sorted(keys), (sold, keys)


if __name__ == "__main__":
    main(globals())

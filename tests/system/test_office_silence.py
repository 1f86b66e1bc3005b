"""test_office_silence.py: a shop that falls silent, as its head office tells it: the owner has the text
within 60 s of the last heartbeat, hears when it is back, and what is shown meanwhile carries its age.

Nearly all of it is waiting: run_system.py runs such files beside the others (WAITS).
"""

import datetime
import time
import zoneinfo

from shop import main, until
from headoffice import held

WAITS = True
TEXT_S = 60  # design 5
OPTIONS = ["--office", "enrol", "--no-import"]


def of_office(shop):
    """Texts of the office about hearing the shop; one that a box was enrolled may come at any time."""
    return [t for t in shop.texts() if t["from"] == "Office" and "hör" in t["text"]]


def row_of(shop):
    return shop.office.must("GET", f"/v1/shops/{shop.name}")["seen"]


def test_a_silent_shop_is_told_within_a_minute(shop):
    until(lambda: row_of(shop)["said"], 20, "a heartbeat that says something")
    said = row_of(shop)["said"]
    assert said["doors"][0]["door"] == shop.door and said["clock_trusted"], said
    until(lambda: row_of(shop)["age_ms"] < 1000, 20, "a heartbeat just now")
    texts = len(of_office(shop))
    last = time.monotonic()
    with held(shop, "courierd"):
        until(lambda: len(of_office(shop)) > texts, TEXT_S + 10, "a text that the shop is silent")
        took = time.monotonic() - last
        text = of_office(shop)[texts]["text"]
        print(f"        last heartbeat -> text: {took:.1f} s: {text}")
        since = datetime.datetime.fromisoformat(row_of(shop)["silent_since"])
        here = since.astimezone(zoneinfo.ZoneInfo("Europe/Stockholm"))
        assert f"{here:%H:%M}" in text, ("the owner's own hour", here, text)
        assert 45 <= took + 1 and took <= TEXT_S, took
        row = row_of(shop)
        assert row["stale"] and row["silent_since"] and row["age_ms"] > 44000, row
        (notice,) = [n for n in shop.office.must("GET", "/v1/notices")["notices"]
                     if n["kind"] == "silent"]
        assert notice["over_at"] is None, notice
    until(lambda: len(of_office(shop)) > texts + 1, 20, "a text that it is back")
    print("        " + of_office(shop)[texts + 1]["text"])
    assert row_of(shop)["silent_since"] is None
    assert len(of_office(shop)) == texts + 2


if __name__ == "__main__":
    main(globals(), OPTIONS)

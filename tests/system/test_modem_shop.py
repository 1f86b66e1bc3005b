"""test_modem_shop.py: a shop whose line is cut. It stands in a network namespace of its own, in which no
road leads anywhere: the gateway cannot be reached, and nothing could reach the shop. What it has to say
leaves by the modem, by the real ModemManager, and the answer comes in there.

Texts are counted where they leave: as what followed AT+CMGS on the port.
"""

import os
import re
import subprocess
import sys
import tempfile

from shop import main, start as start_shop, until
import netns
from modemhouse import House

OWNER, KEYHOLDER, STRANGER = "+46700000001", "+46700000002", "+46709999999"
WAITS = True
HEARD_S = 40  # ModemManager may overlook a text while it deletes another (hw/modem.md)
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class World:
    house = shop = folder = opened = None


def world():
    """One shop and one house for all of the file."""
    if World.shop is None:
        assert routes() == [], routes()
        World.folder = tempfile.TemporaryDirectory(prefix="modem-shop-")
        World.house = House(World.folder.name)
        World.house.__enter__()
        World.opened = start_shop(
            "--set", "courierd:gateway:url=https://203.0.113.7/a1/sms",
            "--set", f"courierd:modem:bus={World.house.bus}")
        World.shop = World.opened.__enter__()
        until(lambda: "modem: ready" in World.shop.console("courierd"), 30, "the modem ready")
    return World.shop, World.house.modem


def routes():
    """The ways out of here."""
    done = subprocess.run(["ip", "-o", "route", "show", "table", "main"], capture_output=True,
                          text=True, check=True)
    other = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines() + [line for line in other.stdout.splitlines()
                                       if not re.match(r"\d+: lo:", line) and "state UP" in line]


def texts_about(modem, code, to=None):
    return [t for t in modem.texts() if code in t["text"] and to in (None, t["to"])]


def forced(shop, modem):
    """The door is forced: the alarm, once the owner's text about it has left."""
    before = {a["alarm"] for a in shop.shopctl("alarm", "list")}
    shop.hand("force")
    alarm = until(lambda: next((a for a in shop.shopctl("alarm", "list") if a["alarm"] not in before
                                and a["condition"] == "forced"), None), 10, "the alarm")
    alarm["code"] = f"{alarm['code']:06d}"
    until(lambda: texts_about(modem, alarm["code"], OWNER), 30, "the owner's text on the air")
    return alarm


def row(shop, alarm):
    return next(a for a in shop.shopctl("alarm", "list") if a["alarm"] == alarm["alarm"])


def ineffective(shop):
    """courierd's lines about texts that came in and did nothing."""
    return [line for line in shop.console("courierd").splitlines() if "without effect" in line]


def test_an_alarm_leaves_by_the_modem(start):
    shop, modem = world()
    alarm = forced(shop, modem)
    text = texts_about(modem, alarm["code"], OWNER)[0]
    assert alarm["door"] == shop.door and "Å" not in text["to"]
    assert CODE.findall(text["text"]) == [alarm["code"]], text
    assert shop.texts() == [], "the gateway of this machine heard of it"
    # as many payloads on the port as the texts have parts: nothing else was sent
    until(lambda: len(modem.payloads()) == sum(t["parts"] for t in modem.texts()), 10, "whole texts")
    World.alarm = alarm


def test_what_is_no_answer_has_no_effect(start):
    shop, modem = world()
    alarm, code = World.alarm, World.alarm["code"]
    wrong = f"{(int(code) + 1) % 1000000:06d}"
    came = [(STRANGER, code), ("Telia", code), (STRANGER, "UNLOCK"), (OWNER, "UNLOCK"),
            (OWNER, "lås upp dörren"), (STRANGER, f"{code}\r\nmodem: ready\r\nadmitted"),
            (STRANGER, f"\u202e{code}\u2066 öppna"), (OWNER, f"{wrong} {code}"),
            (OWNER, "1" * 160)]
    before = ineffective(shop)
    for number, (sender, words) in enumerate(came, 1):
        modem.receive(sender, words)
        until(lambda: len(ineffective(shop)) >= len(before) + number, HEARD_S, f"a line on {words!r}")
        line = ineffective(shop)[-1]
        assert all(31 < ord(c) < 127 or c in "åäöÅÄÖ…" for c in line), line
        assert not any(n[1:] in line for n in (STRANGER, OWNER)), line
    assert len(ineffective(shop)) == len(before) + len(came), ineffective(shop)
    mark = len(shop.console("shopd"))
    modem.receive(OWNER, wrong)  # the right sender: shopd says that no alarm has this code
    until(lambda: shop.console("shopd")[mark:].endswith("\n"), 10, "shopd's line about a wrong code")
    now = row(shop, alarm)
    assert not now["acknowledged_by"] and now["state"] in ("notified", "escalated"), now
    assert shop.door_now()["strike"] == "off"
    until(lambda: modem.ask()["stored"] == 0, 60, "the card empty again")


def test_the_code_from_the_owner_ends_it(start):
    shop, modem = world()
    alarm = World.alarm
    modem.receive(OWNER, f"{alarm['code']} jag kommer")
    done = until(lambda: row(shop, alarm)["acknowledged_by"] and row(shop, alarm), 10, "the answer")
    assert "owner" in done["acknowledged_by"], done
    assert shop.door_now()["strike"] == "off", "a text unlocked the door"
    # the one who answered is told nothing more of it
    about = len(texts_about(modem, alarm["code"], OWNER))
    shop.hand("close")
    shop.quiet()
    alarm2 = forced(shop, modem)
    assert len(texts_about(modem, alarm["code"], OWNER)) == about
    mark = len(shop.console("shopd"))
    modem.receive(OWNER, alarm["code"])  # an old code
    until(lambda: shop.console("shopd")[mark:].endswith("\n"), 10, "shopd's line about an old code")
    assert not row(shop, alarm2)["acknowledged_by"]
    modem.receive(OWNER, alarm2["code"])
    until(lambda: row(shop, alarm2)["acknowledged_by"], 10, "the second answer")
    shop.hand("close")
    shop.quiet()


def test_it_had_no_road_but_the_air(start):
    shop, modem = world()
    assert routes() == []
    assert shop.texts() == [] and len(modem.texts()) >= 2
    # nobody got more than six an hour, and each text left once
    for to in {t["to"] for t in modem.texts()}:
        mine = [t["text"] for t in modem.texts() if t["to"] == to]
        assert len(mine) <= 6 and len(mine) == len(set(mine)), mine
    assert len(modem.payloads()) == sum(t["parts"] for t in modem.texts())


def close():
    if World.opened:
        World.opened.__exit__(None, None, None)
    if World.house:
        World.house.end()
        World.folder.cleanup()


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("        skipped: a network namespace and polkitd take root\n1 passed, 0 failed")
        sys.exit(0)
    netns.enter()
    try:
        main(globals())
    finally:
        close()

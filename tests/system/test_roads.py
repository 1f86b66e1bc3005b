"""test_roads.py: two roads out of the shop. What the gateway does wrong, each to a contact of its own
and all at once; then what the modem does wrong. The modem is ModemManager's, for real, with an AT port
of ours; texts are counted where they leave: in HTTP bodies and in AT bytes.
"""

import contextlib
import datetime
import pathlib
import sys
import tempfile
import time
import urllib.parse

from courierhouse import (BY_GATEWAY, BY_MODEM, DELIVERED, FORCED, LEFT, ROAD_FAILING, STUCK,
                          courier)
from shop import ROOT, main, until

sys.path.insert(0, str(ROOT / "tests/standin"))
from modemhouse import House  # noqa: E402

WAITS = True

OTHER_ROAD_S = 30  # from the alarm to the other road
FAULTS = {"anna": "", "bo": "lost", "carin": "429:60", "dan": "500", "eva": "mute", "frida": "hang",
          "gun": "failed", "hans": "lie"}
PHONES = {name: f"+4670000000{n}" for n, name in enumerate(FAULTS)}
TWICE = {"bo", "eva", "frida", "hans"}  # the gateway has it, or may have: the other is a second text


@contextlib.contextmanager
def both_roads(**options):
    with tempfile.TemporaryDirectory(prefix="roads-") as folder:
        pathlib.Path(folder).chmod(0o755)  # polkitd is another user
        with House(pathlib.Path(folder) / "modem") as house:
            with courier(contacts=PHONES, more=f"[modem]\nbus = {house.bus}\n", **options) as c:
                yield c, house.modem


def fault_of(c, place, failing, seconds):
    return c.shopd.hear("fault", seconds, place=place, failing=failing, condition=ROAD_FAILING)


def left_by_gateway(c, phone):
    return [body for body in (urllib.parse.parse_qs(asked["body"]) for asked in c.requests())
            if body.get("to") == [phone]]


def left_by_modem(modem, phone):
    return [text for text in modem.texts() if text["to"] == phone]


def test_each_fault_of_the_gateway(start):
    plan = ",".join(f"{PHONES[name]}={fault}" for name, fault in FAULTS.items() if fault)
    with both_roads(faults=plan) as (c, modem):
        until(lambda: modem.ask()["connected"], 30, "ModemManager at the port")
        until(lambda: "modem" in c.log() and "ready" in c.log(), 40, "the modem's road")
        began = {}
        for n, name in enumerate(FAULTS, 1):
            began[name] = time.time()
            c.shopd.notify(n, FORCED, contact=name, severity=3, code=100000 + n)
        assert c.shopd.notified(10, contact="anna", outcome=LEFT)
        assert c.shopd.hear("notified", 15, contact="anna", outcome=DELIVERED)["texts"] == 1
        # a false report is no answer: after 25 s the core asks for the other road
        c.shopd.hear("notified", 15, contact="hans", outcome=DELIVERED)
        until(lambda: time.time() - began["hans"] > 5, 10, "the core's patience, shortened")
        c.shopd.notify(8, FORCED, contact="hans", severity=3, code=100008, again=1)
        for n, name in enumerate(FAULTS, 1):
            if name == "anna":
                continue
            text = until(lambda name=name: left_by_modem(modem, PHONES[name]), OTHER_ROAD_S,
                         f"{name}'s text by the modem ({FAULTS[name]})")[0]
            took = datetime.datetime.fromisoformat(text["at"]).timestamp() - began[name]
            print(f"        {FAULTS[name]}: by the modem after {took:.1f} s")
            assert took <= OTHER_ROAD_S, (name, took)
            said = c.shopd.hear("notified", 15, contact=name, road=BY_MODEM,
                                texts=2 if name in TWICE else 1)
            assert said["outcome"] in (LEFT, DELIVERED), said
        assert fault_of(c, "gateway", 1, 5)
        for name, phone in PHONES.items():
            by_modem, by_gateway = left_by_modem(modem, phone), left_by_gateway(c, phone)
            assert len(by_modem) == (name != "anna"), (name, by_modem)
            assert str(100001 + list(PHONES).index(name)) in by_gateway[0]["message"][0]
            in_phone = [t for t in c.texts() if t["to"] == phone]
            assert len(in_phone) == (name in ("anna", "eva")), (name, c.texts())
        assert not left_by_modem(modem, PHONES["anna"])
        # all is well again: the fault ends with a text that the gateway takes
        c.faults("")
        c.shopd.notify(20, FORCED, contact="anna", severity=3, code=100020)
        assert c.shopd.notified(15, alarm=20, outcome=LEFT)
        assert fault_of(c, "gateway", 0, 30)


def test_each_fault_of_the_modem(start):
    with both_roads() as (c, modem):
        assert fault_of(c, "modem", 0, 40)
        # its answers come in, too
        modem.receive(PHONES["bo"], "Tack 123456")
        said = c.shopd.hear("reply", 20)
        assert said == {"code": 123456, "road": BY_MODEM, "contact": "bo"}, said
        # jammed (what else a modem may do: test_modem.py)
        modem.set(network="none")
        assert fault_of(c, "modem", 1, 90)
        c.shopd.notify(30, FORCED, contact="anna", severity=3)
        assert c.shopd.hear("notified", 10, alarm=30)["road"] == BY_GATEWAY
        modem.set(network="home")
        assert fault_of(c, "modem", 0, 90)
        # neither takes it: shopd hears so, and it leaves as soon as one is back
        modem.set(cmgs="error")
        c.faults("500*")
        c.shopd.notify(40, FORCED, contact="carin", severity=3)
        assert c.shopd.notified(60, alarm=40, outcome=STUCK)
        modem.set(cmgs="ok")
        c.faults("")
        c.shopd.notify(40, FORCED, contact="carin", severity=3)  # asked for again: now, not later
        assert c.shopd.notified(30, alarm=40, outcome=LEFT)
        assert len([t for t in c.texts() if t["to"] == PHONES["carin"]]) \
            + len(left_by_modem(modem, PHONES["carin"])) == 1


if __name__ == "__main__":
    main(globals())
